// Functions of two buffers, either of which may be stretched over a rows x columns result.

/// How an operand covers a rows x columns result.
public enum Stretch: Sendable {
  /// It has all rows x columns numbers.
  case none
  /// It is one row of `columns` numbers, the same for every row.
  case overRows
  /// It is one column of `rows` numbers, the same for every column.
  case overColumns
  /// It is one number.
  case overAll
}

/// Element-by-element functions of two operands.
///
/// The result has `rows` x `columns` numbers and may be an operand that is not stretched.
public enum Binary {
  /// From two operands, each with its stretch, into a result of so many rows and columns.
  public typealias Kernel =
    @Sendable (
      _ a: Floats, Stretch, _ b: Floats, Stretch, _ y: MutableFloats, _ rows: Int, _ columns: Int
    ) -> Void

  /// y = a + b.
  public static var add: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map { $0 + $1 } } }
  }

  /// y = a + b, of `count` numbers each.
  @inline(never)
  public static func add(_ a: Floats, _ b: Floats, _ y: MutableFloats, count: Int) {
    inChunks(count) { i, n in mapLightly(n, a + i, b + i, y + i) { $0 + $1 } }
  }

  /// y = a - b.
  public static var subtract: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map { $0 - $1 } } }
  }

  /// y = a b.
  public static var multiply: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map { $0 * $1 } } }
  }

  /// y = a b, of `count` numbers each.
  @inline(never)
  public static func multiply(_ a: Floats, _ b: Floats, _ y: MutableFloats, count: Int) {
    inChunks(count) { i, n in mapLightly(n, a + i, b + i, y + i) { $0 * $1 } }
  }

  /// y = a / b.
  public static var divide: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map { $0 / $1 } } }
  }

  /// y = the larger of a and b; a NaN wins.
  public static var maximum: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map(largerOrNaN) } }
  }

  /// y = the smaller of a and b; a NaN wins.
  public static var minimum: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map(smallerOrNaN) } }
  }

  /// y = a^b.
  public static var power: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map(pow) } }
  }

  /// y = 1 where a = b, else 0.
  public static var equal: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map { truth($0 .== $1) } } }
  }

  /// y = 1 where a and b differ, else 0.
  public static var notEqual: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map { truth($0 .!= $1) } } }
  }

  /// y = 1 where a < b, else 0.
  public static var less: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map { truth($0 .< $1) } } }
  }

  /// y = 1 where a <= b, else 0.
  public static var lessOrEqual: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map { truth($0 .<= $1) } } }
  }

  /// y = 1 where a > b, else 0.
  public static var greater: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map { truth($0 .> $1) } } }
  }

  /// y = 1 where a >= b, else 0.
  public static var greaterOrEqual: Kernel {
    { overRuns($0, $1, $2, $3, $4, $5, $6) { $0.map { truth($0 .>= $1) } } }
  }
}

@inline(always)
private func truth(_ mask: Mask) -> V { V(repeating: 0).replacing(with: 1, where: mask) }

/// A run of elements of a result: each operand goes along or is one number.
private struct Run {
  var count: Int
  var a: Floats
  var b: Floats
  var isOne: (a: Bool, b: Bool)
  var y: MutableFloats

  /// y = f(a, b)
  @inline(always)
  func map(_ f: (V, V) -> V) {
    switch isOne {
    case (false, false):
      mapLightly(count, a, b, y, f)
    case (false, true):
      let b = V(repeating: b[0])
      mapRange(count, a, y) { f($0, b) }
    case (true, false):
      let a = V(repeating: a[0])
      mapRange(count, b, y) { f(a, $0) }
    case (true, true):
      y.update(repeating: f(V(repeating: a[0]), V(repeating: b[0]))[0], count: count)
    }
  }
}

/// Calls `body` for runs that together are the result.
@inline(always)
private func overRuns(
  _ a: Floats, _ aStretch: Stretch, _ b: Floats, _ bStretch: Stretch, _ y: MutableFloats,
  _ rows: Int, _ columns: Int, _ body: (Run) -> Void
) {
  let isOne = (a: aStretch.isOneNumberPerRow, b: bStretch.isOneNumberPerRow)
  // Without rows of their own the operands make one long row.
  let isLong = aStretch.isUniform && bStretch.isUniform
  let (rows, columns) = isLong ? (1, rows &* columns) : (rows, columns)
  if rows == 1 {
    inChunks(columns) { i, n in
      body(Run(count: n, a: isOne.a ? a : a + i, b: isOne.b ? b : b + i, isOne: isOne, y: y + i))
    }
    return
  }
  let grain = max(1, 16_384 / max(1, columns))
  Parallel.ranges(rows, grain: grain, isLong: rows &* columns > 1 << 20) { from, to in
    for row in from..<to {
      body(
        Run(
          count: columns, a: a + aStretch.offset(row, columns),
          b: b + bStretch.offset(row, columns), isOne: isOne, y: y + row &* columns))
    }
  }
}

extension Stretch {
  @inline(always)
  fileprivate func offset(_ row: Int, _ columns: Int) -> Int {
    switch self {
    case .none: row &* columns
    case .overColumns: row
    case .overRows, .overAll: 0
    }
  }

  /// The same in every row and column, or different in each.
  @inline(always)
  fileprivate var isUniform: Bool {
    switch self {
    case .none, .overAll: true
    case .overRows, .overColumns: false
    }
  }

  @inline(always)
  fileprivate var isOneNumberPerRow: Bool {
    switch self {
    case .none, .overRows: false
    case .overColumns, .overAll: true
    }
  }
}
