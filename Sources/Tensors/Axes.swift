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

/// A tensor seen as outer × reduced × inner, for an operation along the middle.
///
/// When the chosen axes do not lie together, they are moved to the inside first.
struct Reduction {
  let outer: Int
  let length: Int
  let inner: Int
  /// The elements in an order in which the view above holds.
  let source: Tensor
  /// The result's shape, and the same with chosen axes as 1.
  let shape: Shape
  let keptShape: Shape
  /// Whether axes were moved.
  let isMoved: Bool

  init(_ tensor: Tensor, _ axes: Axes, keepDims: Bool, _ operation: StaticString) {
    let own = tensor.shape
    let chosen = axes.chosen(in: own, operation)
    var (keptShape, dropped) = (Shape(), Shape())
    var (kept, moved): ([Int], [Int]) = ([], [])
    for axis in 0..<own.rank {
      keptShape.append(chosen[axis] ? 1 : own[axis])
      if chosen[axis] {
        moved.append(axis)
      } else {
        dropped.append(own[axis])
        kept.append(axis)
      }
    }
    self.keptShape = keptShape
    shape = keepDims ? keptShape : dropped
    let first = moved.first ?? own.rank
    let last = moved.last ?? own.rank - 1
    if last - first + 1 == moved.count {
      outer = own.axes(0, first).elementCount
      length = own.axes(first, last + 1).elementCount
      inner = own.axes(last + 1, own.rank).elementCount
      source = tensor.stopGradient()
      isMoved = false
    } else {
      outer = dropped.elementCount
      length = Shape(moved.map { own[$0] }).elementCount
      inner = 1
      isMoved = true
      source = tensor.stopGradient().permuted(kept + moved)
    }
  }
}
