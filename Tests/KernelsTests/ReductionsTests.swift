import Kernels
import Testing

@Suite("Reductions")
struct ReductionsTests {
  @Test("agree with plain loops on every odd size", arguments: oddSizes + [255, 1025, 40_001])
  func whole(count: Int) {
    let x = Numbers.some(count, seed: 1)
    let exact = doubles(x)
    expectClose([Reduce.sum(x, count: count)], [exact.reduce(0, +)], tolerance: 1e-4)
    expectClose(
      [Reduce.sumOfSquares(x, count: count)], [exact.map { $0 * $0 }.reduce(0, +)],
      tolerance: 1e-6)
    var most: [Float] = [7]
    Reduce.rowMax(x, rows: 1, columns: count, &most)
    #expect(most[0] == x.max() ?? -.infinity)
    Reduce.rowMin(x, rows: 1, columns: count, &most)
    #expect(most[0] == x.min() ?? .infinity)
  }

  @Test("keep the sum of a hundred million numbers accurate")
  func manyNumbers() {
    let count = 100_000_000
    let x = UnsafeMutablePointer<Float>.allocate(capacity: count)
    defer { x.deallocate() }
    x.initialize(repeating: 0.5, count: count)
    #expect(Reduce.sum(x, count: count) == 50_000_000)
    for i in stride(from: 0, to: count, by: 2) { x[i] = 0.1 }
    let exact = 50_000_000 * (0.5 + Double(Float(0.1)))
    #expect((Double(Reduce.sum(x, count: count)) / exact - 1).magnitude < 1e-6)
  }

  @Test("let a NaN win over every number", arguments: [1, 5, 16, 40])
  func nan(count: Int) {
    for place in [0, count / 2, count - 1] {
      var x = Numbers.some(count, seed: 3)
      x[place] = .nan
      var most: [Float] = [7]
      Reduce.rowMax(x, rows: 1, columns: count, &most)
      #expect(most[0].isNaN)
      Reduce.rowMin(x, rows: 1, columns: count, &most)
      #expect(most[0].isNaN)
      #expect(Reduce.sum(x, count: count).isNaN)
      var first = [7]
      Reduce.rowArgmax(x, rows: 1, columns: count, &first)
      #expect(first == [place])
    }
  }

  @Test("along rows and columns agree with plain loops")
  func axes() {
    for (r, c) in [(1, 1), (3, 7), (17, 33), (65, 16), (129, 5), (700, 129), (5000, 3)] {
      let x = Numbers.some(r * c, seed: 4)
      let exact = doubles(x)
      let perRow = rows(exact, c)
      let perColumn = (0..<c).map { column in perRow.map { $0[column] } }
      var row = [Float](repeating: 7, count: r)
      Reduce.rowSums(x, rows: r, columns: c, &row)
      expectClose(row, perRow.map { $0.reduce(0, +) }, tolerance: 1e-5)
      Reduce.rowMax(x, rows: r, columns: c, &row)
      expectClose(row, perRow.map { $0.max() ?? 0 }, tolerance: 0)
      Reduce.rowMin(x, rows: r, columns: c, &row)
      expectClose(row, perRow.map { $0.min() ?? 0 }, tolerance: 0)
      var places = [Int](repeating: 0, count: r)
      Reduce.rowArgmax(x, rows: r, columns: c, &places)
      #expect(places == perRow.map { row in row.firstIndex(of: row.max() ?? 0) ?? 0 })
      var column = [Float](repeating: 7, count: c)
      Reduce.columnSums(x, rows: r, columns: c, &column)
      expectClose(column, perColumn.map { $0.reduce(0, +) }, tolerance: 1e-5)
      Reduce.columnMax(x, rows: r, columns: c, &column)
      expectClose(column, perColumn.map { $0.max() ?? 0 }, tolerance: 0)
      Reduce.columnMin(x, rows: r, columns: c, &column)
      expectClose(column, perColumn.map { $0.min() ?? 0 }, tolerance: 0)
    }
  }

  @Test("the sums of a product's columns are those of the product, which may lie in an operand")
  func productAndColumnSums() {
    for (r, c) in [
      (0, 3), (1, 1), (3, 7), (17, 33), (129, 5), (700, 129), (512, 64), (5000, 3), (40_000, 0),
    ] {
      let (a, b) = (Numbers.some(r * c, seed: 6), Numbers.some(r * c, seed: 7))
      let product = zip(a, b).map { $0 * $1 }
      var (y, sums) = (a, [Float](repeating: 7, count: c))
      y.withUnsafeMutableBufferPointer { y in
        guard let start = y.baseAddress else { return }
        Reduce.productAndColumnSums(start, b, start, rows: r, columns: c, sums: &sums)
      }
      #expect(y == product)
      var expected = [Float](repeating: 7, count: c)
      Reduce.columnSums(product, rows: r, columns: c, &expected)
      #expect(sums == expected)
    }
  }

  @Test("give the same bits for any number of threads")
  func threads() {
    let x = Numbers.some(300_000, seed: 5)
    let results = [1, 3].map { threads in
      withThreads(threads) { () -> [Float] in
        var columns = [Float](repeating: 0, count: 30)
        Reduce.columnSums(x, rows: 10_000, columns: 30, &columns)
        return columns + [Reduce.sum(x, count: x.count), Reduce.sumOfSquares(x, count: x.count)]
      }
    }
    #expect(results[0] == results[1])
  }
}
