/// The lengths of a tensor's axes, outermost first: `[32, 128]` is 32 rows of 128 numbers.
///
/// A shape is a small value without storage of its own: at most seven axes, each shorter than
/// 2³¹. `[]` is the shape of a single number. An axis may have length 0; the tensor is then empty.
public struct Shape: Sendable, Hashable {
  /// The largest number of axes.
  public static let maximumRank = 7

  // Two axes to a word: comparing, copying and passing a shape touches a few words and no heap.
  private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

  /// The number of axes.
  public private(set) var rank = 0

  /// The number of elements: the product of all axes, 1 for `[]`.
  public private(set) var elementCount = 1

  /// A shape from axis lengths.
  ///
  /// - Precondition: at most seven axes, none negative, and a product that fits in memory's
  ///   address range; stops with the axes otherwise.
  public init(_ axes: some Sequence<Int>) {
    for length in axes { append(length) }
  }

  /// The shape of a single number.
  public init() {}

  /// Adds an innermost axis.
  package mutating func append(_ length: Int) {
    if length < 0 { fail("shape: axis length \(length) is negative") }
    if Int64(length) > Int64(Int32.max) { fail("shape: axis length \(length) is not below 2³¹") }
    if rank == Shape.maximumRank {
      fail("shape: more than \(Shape.maximumRank) axes after \(self)")
    }
    let (product, overflow) = elementCount.multipliedReportingOverflow(by: length)
    if overflow || product > Int.max / 8 {
      fail("shape: \(self) × \(length) elements are more than memory can hold")
    }
    set(rank, length)
    rank += 1
    elementCount = product
  }

  /// Writes an axis that is still 0.
  private mutating func set(_ axis: Int, _ length: Int) {
    let half = UInt64(UInt32(truncatingIfNeeded: length)) &<< UInt64(axis & 1 &* 32)
    switch axis &>> 1 {
    case 0: words.0 |= half
    case 1: words.1 |= half
    case 2: words.2 |= half
    default: words.3 |= half
    }
  }

  /// Whether rank and all lengths are equal.
  public static func == (a: Shape, b: Shape) -> Bool {
    a.words.0 == b.words.0 && a.words.1 == b.words.1 && a.words.2 == b.words.2
      && a.words.3 == b.words.3 && a.rank == b.rank
  }

  /// Mixes rank and lengths into a hash.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

extension Shape: RandomAccessCollection {
  /// 0: the outermost axis.
  public var startIndex: Int { 0 }

  /// The number of axes.
  public var endIndex: Int { rank }

  /// The length of one axis, counted from the outermost; a negative number counts from the
  /// innermost, so `shape[-1]` is the length of a row.
  ///
  /// - Precondition: the axis is in `-rank..<rank`; stops with the shape otherwise.
  public subscript(axis: Int) -> Int {
    get {
      let position = axis < 0 ? axis &+ rank : axis
      if position < 0 || position >= rank { fail("shape: no axis \(axis) in \(self)") }
      let word =
        switch position &>> 1 {
        case 0: words.0
        case 1: words.1
        case 2: words.2
        default: words.3
        }
      return Int(UInt32(truncatingIfNeeded: word &>> UInt64(position & 1 &* 32)))
    }
    set {
      var axes = Shape()
      let position = axis < 0 ? axis + rank : axis
      if position < 0 || position >= rank { fail("shape: no axis \(axis) in \(self)") }
      for i in 0..<rank { axes.append(i == position ? newValue : self[i]) }
      self = axes
    }
  }
}

extension Shape: ExpressibleByArrayLiteral {
  /// `[32, 128]`: a shape as a literal.
  public init(arrayLiteral axes: Int...) { self.init(axes) }
}

extension Shape: CustomStringConvertible {
  /// `[32, 128]`, as a literal would be written.
  public var description: String {
    var text = "["
    for axis in 0..<rank { text += (axis > 0 ? ", " : "") + String(self[axis]) }
    return text + "]"
  }
}

extension Shape {
  /// The axes from `start` up to, not including, `end`, as a shape of their own.
  package func axes(_ start: Int, _ end: Int) -> Shape {
    var result = Shape()
    for axis in start..<Swift.max(start, end) { result.append(self[axis]) }
    return result
  }

  /// Rows by columns: the product of all axes but the last, and the last (1 for `[]`).
  package var rowsAndColumns: (rows: Int, columns: Int) {
    if rank == 0 { return (1, 1) }
    let columns = self[rank &- 1]
    if columns > 0 { return (elementCount / columns, columns) }
    return (axes(0, rank - 1).elementCount, 0)
  }

  /// The shape with one axis replaced.
  package func replacing(_ axis: Int, with length: Int) -> Shape {
    var result = self
    result[axis] = length
    return result
  }

  /// The shape without one axis.
  package func removing(_ axis: Int) -> Shape {
    var result = Shape()
    for i in 0..<rank where i != axis { result.append(self[i]) }
    return result
  }

  /// The shape with an axis put in at a position.
  package func inserting(_ length: Int, at axis: Int) -> Shape {
    var result = Shape()
    for i in 0..<axis { result.append(self[i]) }
    result.append(length)
    for i in axis..<Swift.max(axis, rank) { result.append(self[i]) }
    return result
  }

  /// An axis as given by a caller, −1 for the last, as a position from the left.
  package func position(of axis: Int, _ operation: StaticString) -> Int {
    let position = axis < 0 ? axis + rank : axis
    if position < 0 || position >= rank { fail("\(operation): no axis \(axis) in \(self)") }
    return position
  }

  /// The shape two operands broadcast to: axes are aligned at the right, and an axis of length 1
  /// repeats along the other's.
  package func broadcast(with other: Shape, _ operation: StaticString) -> Shape {
    if self == other { return self }
    var result = Shape()
    let rank = Swift.max(self.rank, other.rank)
    for axis in 0..<rank {
      let a = axis - (rank - self.rank)
      let b = axis - (rank - other.rank)
      let m = a < 0 ? 1 : self[a]
      let n = b < 0 ? 1 : other[b]
      if m != n && m != 1 && n != 1 {
        fail("\(operation): \(self) and \(other): lengths \(m) and \(n) do not broadcast")
      }
      result.append(m == 1 ? n : m)
    }
    return result
  }
}

/// Stops the program with a sentence that names the operation and the shapes.
///
/// The one way in which a mistake in the program ends it. A `precondition` would lose its text in
/// an optimised build; Embedded Swift keeps no texts, so that a browser file stays small.
package func fail(_ sentence: @autoclosure () -> String) -> Never {
  #if hasFeature(Embedded)
    fatalError()
  #else
    fatalError(sentence())
  #endif
}
