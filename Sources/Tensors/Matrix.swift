/// A matrix of `Double`, row after row: for closed forms and checks, where the `Float` tensors
/// would be too coarse.
public struct Matrix: Sendable, Equatable {
  /// How many rows there are.
  public let rows: Int
  /// How many numbers a row has.
  public let columns: Int
  /// The numbers, row after row.
  public var values: [Double]

  /// From numbers row after row; stops unless there are rows × columns of them.
  public init(rows: Int, columns: Int, values: [Double]) {
    guard rows >= 0, columns >= 0, values.count == Matrix.area(rows, columns) else {
      fail("Matrix: \(rows) × \(columns) does not hold \(values.count) values")
    }
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// From a function of row and column.
  public init(rows: Int, columns: Int, value: (Int, Int) -> Double) {
    self.init(zeros: rows, columns)
    for i in 0..<rows { for j in 0..<columns { self[i, j] = value(i, j) } }
  }

  /// All zeros.
  public init(zeros rows: Int, _ columns: Int) {
    self.init(
      rows: rows, columns: columns,
      values: Array(repeating: 0, count: Matrix.area(rows, columns)))
  }

  /// rows · columns.
  private static func area(_ rows: Int, _ columns: Int) -> Int {
    let (area, isTooLarge) = rows.multipliedReportingOverflow(by: columns)
    if rows < 0 || columns < 0 || isTooLarge || area > Int.max / 16 {
      fail("Matrix: \(rows) × \(columns) is not the size of a matrix")
    }
    return area
  }

  /// Ones on the diagonal.
  public static func identity(_ n: Int) -> Matrix {
    Matrix(rows: n, columns: n) { $0 == $1 ? 1 : 0 }
  }

  /// From rows of equal length.
  public init(_ rows: [[Double]]) {
    let columns = rows.first?.count ?? 0
    for row in rows where row.count != columns {
      fail("Matrix: rows of \(columns) and \(row.count) values")
    }
    self.init(rows: rows.count, columns: columns, values: rows.flatMap { $0 })
  }

  /// The number in row i and column j; stops with both unless they are in the matrix.
  @inlinable public subscript(i: Int, j: Int) -> Double {
    get { values[place(i, j)] }
    set { values[place(i, j)] = newValue }
  }

  @inlinable func place(_ i: Int, _ j: Int) -> Int {
    if i < 0 || i >= rows || j < 0 || j >= columns { stopOutside(i, j) }
    return i * columns + j
  }

  @usableFromInline func stopOutside(_ i: Int, _ j: Int) -> Never {
    fail("Matrix: no element [\(i), \(j)] in [\(rows), \(columns)]")
  }

  /// Row i; stops with it unless it is in the matrix.
  public func row(_ i: Int) -> [Double] {
    if i < 0 || i >= rows { fail("Matrix: no row \(i) in [\(rows), \(columns)]") }
    return Array(values[i * columns..<(i + 1) * columns])
  }

  /// The matrix with rows and columns exchanged.
  public var transposed: Matrix { Matrix(rows: columns, columns: rows) { self[$1, $0] } }

  /// The sum of the diagonal.
  public var trace: Double {
    var sum = 0.0
    for i in 0..<min(rows, columns) { sum += self[i, i] }
    return sum
  }

  /// The rows and columns with these numbers, in this order.
  public func block(rows chosenRows: [Int], columns chosenColumns: [Int]) -> Matrix {
    Matrix(rows: chosenRows.count, columns: chosenColumns.count) {
      self[chosenRows[$0], chosenColumns[$1]]
    }
  }

  /// The matrix product; stops with both shapes unless the inner sizes agree.
  public func times(_ other: Matrix) -> Matrix {
    guard columns == other.rows else {
      fail(
        "Matrix.times: [\(rows), \(columns)] × [\(other.rows), \(other.columns)]: "
          + "inner sizes \(columns) and \(other.rows) differ")
    }
    var product = Matrix(zeros: rows, other.columns)
    let width = other.columns
    for i in 0..<rows {
      for k in 0..<columns {
        let factor = values[i * columns + k]
        for j in 0..<width { product.values[i * width + j] += factor * other.values[k * width + j] }
      }
    }
    return product
  }

  /// The product with a column.
  public func times(_ vector: [Double]) -> [Double] {
    times(Matrix(rows: vector.count, columns: 1, values: vector)).values
  }
}
