import Kernels
import Testing

@Suite("Attention")
struct AttentionTests {
  struct Case: Sendable {
    var queries: Int, keys: Int, size: Int
    var isCausal = false
    var isMasked = false
  }

  static let cases = [
    Case(queries: 1, keys: 1, size: 1), Case(queries: 3, keys: 7, size: 5, isMasked: true),
    Case(queries: 17, keys: 17, size: 8, isCausal: true),
    Case(queries: 33, keys: 33, size: 16, isCausal: true, isMasked: true),
    Case(queries: 65, keys: 65, size: 24), Case(queries: 7, keys: 33, size: 33, isCausal: true),
    Case(queries: 129, keys: 129, size: 4, isCausal: true),
    Case(queries: 40, keys: 20, size: 24, isCausal: true, isMasked: true),
    Case(queries: 70, keys: 12, size: 48, isMasked: true),
    Case(queries: 49, keys: 64, size: 32, isMasked: true),
    Case(queries: 32, keys: 40, size: 16, isCausal: true),
  ]

  @Test("agrees with plain loops and finite differences", arguments: cases)
  func agrees(_ c: Case) {
    let (batch, heads) = (2, 2)
    let width = heads * c.size
    let q = Numbers.some(batch * c.queries * width, seed: 1, scale: 2)
    let k = Numbers.some(batch * c.keys * width, seed: 2, scale: 2)
    let v = Numbers.some(batch * c.keys * width, seed: 3)
    let g = Numbers.some(batch * c.queries * width, seed: 4)
    let mask = (0..<batch * c.keys).map { $0 % 5 == 3 ? Float(0) : 1 }
    let scale = 0.37
    func head(_ x: [Double], _ count: Int, _ b: Int, _ h: Int) -> [[Double]] {
      (0..<count).map { t in
        Array(x[(b * count + t) * width + h * c.size..<(b * count + t) * width + (h + 1) * c.size])
      }
    }
    func forward(_ q: [Double], _ k: [Double], _ v: [Double], _ b: Int, _ h: Int) -> [[Double]] {
      Reference.attention(
        head(q, c.queries, b, h), head(k, c.keys, b, h), head(v, c.keys, b, h), scale: scale
      ) { i, j in
        (!c.isCausal || j <= i + c.keys - c.queries)
          && (!c.isMasked || mask[b * c.keys + j] != 0)
      }
    }

    var copies = (q, k, v, g)
    var out = [Float](repeating: 7, count: q.count)
    var kept: [Float] = []
    var (dq, dk, dv) = (
      [Float](repeating: 7, count: q.count), [Float](repeating: 7, count: k.count),
      [Float](repeating: 7, count: v.count)
    )
    mask.withUnsafeBufferPointer { mask in
      let shape = AttentionShape(
        batch: batch, heads: heads, headSize: c.size, queries: c.queries, keys: c.keys,
        isCausal: c.isCausal, keyMask: c.isMasked ? mask.baseAddress : nil, scale: Float(scale))
      kept = [Float](repeating: 7, count: shape.keptCount)
      Attention.forward(
        shape, q: HeadRows(&copies.0, stride: width), k: HeadRows(&copies.1, stride: width),
        v: HeadRows(&copies.2, stride: width), out: HeadRows(&out, stride: width),
        kept: &kept)
      Attention.backward(
        shape, q: HeadRows(&copies.0, stride: width), k: HeadRows(&copies.1, stride: width),
        v: HeadRows(&copies.2, stride: width), out: HeadRows(&out, stride: width),
        g: HeadRows(&copies.3, stride: width), kept: kept,
        dq: HeadRows(&dq, stride: width), dk: HeadRows(&dk, stride: width),
        dv: HeadRows(&dv, stride: width))
    }
    var expected = [Double](repeating: 0, count: q.count)
    for b in 0..<batch {
      for h in 0..<heads {
        for (t, row) in forward(doubles(q), doubles(k), doubles(v), b, h).enumerated() {
          for (i, x) in row.enumerated() {
            expected[(b * c.queries + t) * width + h * c.size + i] = x
          }
        }
      }
    }
    expectClose(out, expected, tolerance: 2e-6)

    // Finite differences for the second sequence's second head, some places of each operand.
    func loss(_ q: [Double], _ k: [Double], _ v: [Double]) -> Double {
      let y = forward(q, k, v, 1, 1)
      return zip(y.flatMap { $0 }, head(doubles(g), c.queries, 1, 1).flatMap { $0 }).map(*)
        .reduce(0, +)
    }
    func check(_ actual: [Float], _ x: [Float], _ count: Int, _ f: ([Double]) -> Double) {
      let size = doubles(actual).map(\.magnitude).max() ?? 0
      for place in stride(from: 0, to: count * c.size, by: max(1, count * c.size / 9)) {
        let i = (count + place / c.size) * width + c.size + place % c.size
        var (up, down) = (doubles(x), doubles(x))
        up[i] += 1e-5
        down[i] -= 1e-5
        let slope = (f(up) - f(down)) / 2e-5
        #expect((Double(actual[i]) - slope).magnitude <= 1e-4 * max(size, 0.1), "\(i)")
      }
    }
    let (wideQ, wideK, wideV) = (doubles(q), doubles(k), doubles(v))
    check(dq, q, c.queries) { loss($0, wideK, wideV) }
    check(dk, k, c.keys) { loss(wideQ, $0, wideV) }
    check(dv, v, c.keys) { loss(wideQ, wideK, $0) }
  }

  @Test("gives 0 to a query that sees no key, forward and backward")
  func blind() {
    var (q, k, v): ([Float], [Float], [Float]) = ([1, 2], [3, 4], [5, 6])
    var (out, g): ([Float], [Float]) = ([7, 7], [1, 1])
    var (dq, dk, dv): ([Float], [Float], [Float]) = ([7, 7], [7, 7], [7, 7])
    let mask: [Float] = [0, 0]
    mask.withUnsafeBufferPointer { mask in
      let shape = AttentionShape(
        batch: 1, heads: 1, headSize: 1, queries: 2, keys: 2, keyMask: mask.baseAddress, scale: 1)
      var kept = [Float](repeating: 7, count: shape.keptCount)
      Attention.forward(
        shape, q: HeadRows(&q, stride: 1), k: HeadRows(&k, stride: 1), v: HeadRows(&v, stride: 1),
        out: HeadRows(&out, stride: 1), kept: &kept)
      Attention.backward(
        shape, q: HeadRows(&q, stride: 1), k: HeadRows(&k, stride: 1), v: HeadRows(&v, stride: 1),
        out: HeadRows(&out, stride: 1), g: HeadRows(&g, stride: 1), kept: kept,
        dq: HeadRows(&dq, stride: 1), dk: HeadRows(&dk, stride: 1), dv: HeadRows(&dv, stride: 1))
    }
    #expect(out == [0, 0])
    #expect(dq + dk + dv == [0, 0, 0, 0, 0, 0])
  }
}
