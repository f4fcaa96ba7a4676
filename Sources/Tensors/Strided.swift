/// How the elements of a rectangular arrangement lie in memory: lengths, and the step of each axis.
///
/// Only movement uses it: every tensor is contiguous, and a permuted, sliced or broadcast one is
/// copied once, in runs as long as the arrangement allows.
struct Strided {
  private var lengths: [Int] = []
  private var steps: [Int] = []
  private let isEmpty: Bool

  /// - Parameter steps: the distance in floats between neighbours on each axis; 0 repeats.
  init(_ shape: Shape, steps givenSteps: [Int]) {
    isEmpty = shape.elementCount == 0
    for axis in 0..<shape.rank where shape[axis] != 1 {
      // An axis that continues its outer neighbour's steps is one axis with it.
      if let last = lengths.indices.last, steps[last] == givenSteps[axis] * shape[axis] {
        lengths[last] *= shape[axis]
        steps[last] = givenSteps[axis]
      } else {
        lengths.append(shape[axis])
        steps.append(givenSteps[axis])
      }
    }
    if lengths.isEmpty {
      lengths = [1]
      steps = [1]
    }
  }

  /// Calls `body` for every run along the innermost axis with the run's place in row order and in
  /// the arrangement.
  private func forEachRun(
    _ body: (_ position: Int, _ offset: Int, _ count: Int, _ step: Int) -> Void
  ) {
    if isEmpty { return }
    let inner = lengths.count - 1
    var index = [Int](repeating: 0, count: inner)
    var position = 0
    var offset = 0
    while true {
      body(position, offset, lengths[inner], steps[inner])
      position += lengths[inner]
      var axis = inner - 1
      while axis >= 0 {
        index[axis] += 1
        offset += steps[axis]
        if index[axis] < lengths[axis] { break }
        offset -= steps[axis] * lengths[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }

  /// Reads the arrangement into consecutive memory.
  func gather(
    from source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>
  ) {
    forEachRun { position, offset, count, step in
      let from = source + offset
      let to = destination + position
      switch step {
      case 1: to.update(from: from, count: count)
      case 0: to.update(repeating: from[0], count: count)
      default: for i in 0..<count { to[i] = from[i &* step] }
      }
    }
  }

  /// Writes consecutive memory to the places of the arrangement.
  func scatter(
    from source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>
  ) {
    forEachRun { position, offset, count, step in
      let from = source + position
      let to = destination + offset
      if step == 1 {
        to.update(from: from, count: count)
      } else {
        for i in 0..<count { to[i &* step] = from[i] }
      }
    }
  }

  /// Adds consecutive memory to the places of the arrangement; repeated places receive the sum.
  func scatterAdd(
    from source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>
  ) {
    forEachRun { position, offset, count, step in
      let from = source + position
      let to = destination + offset
      if step == 0 {
        var sum: Float = 0
        for i in 0..<count { sum += from[i] }
        to[0] += sum
      } else {
        for i in 0..<count { to[i &* step] += from[i] }
      }
    }
  }
}

extension Shape {
  /// The distance between neighbours on each axis when elements lie row by row.
  var steps: [Int] {
    var result = [Int](repeating: 1, count: rank)
    var step = 1
    for axis in (0..<rank).reversed() {
      result[axis] = step
      step *= self[axis]
    }
    return result
  }

  /// The steps with which a tensor of this shape repeats to fill `target`.
  func steps(broadcastTo target: Shape) -> [Int] {
    let own = steps
    var result = [Int](repeating: 0, count: target.rank)
    for axis in 0..<rank where self[axis] != 1 { result[target.rank - rank + axis] = own[axis] }
    return result
  }
}
