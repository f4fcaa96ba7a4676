/// The axes an operation works over: one (`-1` is the last), several, or all.
///
///     x.sum()               // every element
///     x.sum(axes: -1)       // along each row
///     x.sum(axes: [0, 2])
///
/// An operation stops with the axis and the shape if the tensor lacks the axis, or if it is named
/// twice.
public struct Axes: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, Sendable {
  /// Nil for all.
  private let positions: [Int]?

  /// Every axis, whatever their number.
  public static let all = Axes(nil)

  private init(_ positions: [Int]?) { self.positions = positions }

  /// One axis.
  public init(_ axis: Int) { positions = [axis] }

  /// Several axes.
  public init(_ axes: [Int]) { positions = axes }

  /// One axis: `x.sum(axes: -1)`.
  public init(integerLiteral axis: Int) { positions = [axis] }

  /// Several axes: `x.sum(axes: [0, 2])`; none for `[]`.
  public init(arrayLiteral axes: Int...) { positions = axes }

  /// Which axes of `shape` are meant.
  func chosen(in shape: Shape, _ operation: StaticString) -> [Bool] {
    guard let positions else { return [Bool](repeating: true, count: shape.rank) }
    var result = [Bool](repeating: false, count: shape.rank)
    for axis in positions {
      let position = shape.position(of: axis, operation)
      if result[position] { fail("\(operation): axis \(axis) of \(shape) is named twice") }
      result[position] = true
    }
    return result
  }
}

/// What an operation over chosen axes needs to know of a tensor.
struct Reduction {
  /// Runs of chosen axes that are neighbours, from the outermost; one empty run if none is chosen.
  let runs: [Range<Int>]
  /// How many elements become one.
  let length: Int
  /// The result's shape, and the same with chosen axes as 1.
  let shape: Shape
  let keptShape: Shape
  /// The elements that become one lie side by side: they are rows in memory.
  let isAlongRows: Bool
  /// The tensor, without its tape.
  let source: Tensor

  init(_ tensor: Tensor, _ axes: Axes, keepDims: Bool, _ operation: StaticString) {
    let own = tensor.shape
    let chosen = axes.chosen(in: own, operation)
    var (keptShape, dropped) = (Shape(), Shape())
    var (runs, length): ([Range<Int>], Int) = ([], 1)
    for axis in 0..<own.rank {
      keptShape.append(chosen[axis] ? 1 : own[axis])
      guard chosen[axis] else {
        dropped.append(own[axis])
        continue
      }
      length *= own[axis]
      if let last = runs.last, last.upperBound == axis {
        runs[runs.count - 1] = last.lowerBound..<axis + 1
      } else {
        runs.append(axis..<axis + 1)
      }
    }
    if runs.isEmpty { runs = [own.rank..<own.rank] }
    isAlongRows =
      runs.count == 1 && own.axes(runs[0].upperBound, own.rank).elementCount == 1
    (self.runs, self.length, self.keptShape) = (runs, length, keptShape)
    shape = keepDims ? keptShape : dropped
    source = tensor.stopGradient()
  }
}
