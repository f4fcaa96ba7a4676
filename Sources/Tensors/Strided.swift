import Kernels

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

  /// Reads the arrangement into consecutive memory.
  func gather(
    from source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>
  ) {
    let inner = lengths.count - 1
    let (count, step) = (lengths[inner], steps[inner])
    // Planes of two axes at a time: rows copied, or, where another axis holds the source's
    // neighbours, transposed.
    if step == 1, inner > 0 {
      let (rowStep, row, rows) = (steps[inner - 1], places[inner - 1], lengths[inner - 1])
      forEachPosition(beside: inner - 1) { place, offset in
        Copy.rows(
          source + offset, stride: rowStep, destination + place, stride: row, rows: rows,
          columns: count)
      }
      return
    }
    if step > 1, let other = steps.firstIndex(of: 1) {
      let (row, columns) = (places[other], lengths[other])
      forEachPosition(beside: other) { place, offset in
        Copy.transpose(
          source + offset, stride: step, destination + place, stride: row, rows: count,
          columns: columns)
      }
      return
    }
    forEachPosition { place, offset in
      let from = source + offset
      let to = destination + place
      switch step {
      case 1: to.update(from: from, count: count)
      case 0: to.update(repeating: from[0], count: count)
      default: for i in 0..<count { to[i] = from[i &* step] }
      }
    }
  }

  /// Writes consecutive memory to the places of the arrangement, none of which is repeated.
  func scatter(
    from source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>
  ) {
    let (count, step) = (lengths[lengths.count - 1], steps[lengths.count - 1])
    forEachPosition { place, offset in
      let from = source + place
      let to = destination + offset
      if step == 1 {
        to.update(from: from, count: count)
      } else {
        for i in 0..<count { to[i &* step] = from[i] }
      }
    }
  }

  /// The distance in row order between neighbours on each axis.
  private var places: [Int] { Shape(lengths).steps }

  /// Calls `body` for every position on all axes but the innermost (and one more) with its place in
  /// row order and in the arrangement; on all cores if there are many elements.
  private func forEachPosition(
    beside other: Int? = nil, _ body: (_ place: Int, _ offset: Int) -> Void
  ) {
    if isEmpty { return }
    let axes = lengths.indices.dropLast().filter { $0 != other }
    let places = self.places
    let positions = axes.reduce(1) { $0 * lengths[$1] }
    let elements = lengths[0] * places[0]
    let size = (1 << 16) / (elements / positions)
    Parallel.blocks(positions, of: size, isLong: elements > 1 << 20) { block in
      var index = [Int](repeating: 0, count: axes.count)
      var (place, offset, rest) = (0, 0, block.lowerBound)
      for i in axes.indices.reversed() {
        let axis = axes[i]
        index[i] = rest % lengths[axis]
        rest /= lengths[axis]
        place += index[i] * places[axis]
        offset += index[i] * steps[axis]
      }
      for _ in block {
        body(place, offset)
        var i = axes.count - 1
        while i >= 0 {
          let axis = axes[i]
          index[i] += 1
          place += places[axis]
          offset += steps[axis]
          if index[i] < lengths[axis] { break }
          place -= places[axis] * lengths[axis]
          offset -= steps[axis] * lengths[axis]
          index[i] = 0
          i -= 1
        }
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
