import Kernels
import Tensors
import TestSupport
import Testing

@Suite("Random numbers") struct RandomSourceTests {
  @Test("a seed gives the same numbers for ever")
  func knownAnswers() {
    // Philox 4×32-10 with counter 0 and key 0, from the generator's published test vectors:
    // 6627e8d5 e169c58d bc57ac4c 9b00dbd8
    var random = RandomSource(seed: 0)
    #expect(
      (0..<4).map { _ in random.nextBits() } == [
        0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8,
      ])
  }

  @Test("normal numbers are quantiles of the normal distribution")
  func normal() {
    var random = RandomSource(seed: 5)
    let x = Tensor.normal([200_000], using: &random)
    expectClose(x.mean().scalar, 0, within: 0.01)
    expectClose(x.variance().scalar, 1, within: 0.015)
    expectClose((x.power(3)).mean().scalar, 0, within: 0.03)
    expectClose(x.power(4).mean().scalar, 3, within: 0.03)
    expectClose((x .< 1.959_964).mean().scalar, 0.975, within: 0.002)
    expectClose((x .< -2.326_348).mean().scalar, 0.01, within: 0.001)
  }

  @Test(
    "a tensor takes the numbers that single draws would, and leaves the stream where they would",
    arguments: [0, 1, 3, 4, 5, 17, 33, 4095, 4096, 4099, 131_077])
  func inBulk(count: Int) {
    for drawn in 0...4 {
      var (random, single) = (RandomSource(seed: 11), RandomSource(seed: 11))
      for _ in 0..<drawn { #expect(random.nextBits() == single.nextBits()) }
      let x = Tensor.uniform([count], in: -1..<3, using: &random)
      #expect(x.elements == (0..<count).map { _ in single.uniform(in: -1..<3) })
      let z = Tensor.normal([count], mean: 1, standardDeviation: 2, using: &random)
      #expect(z.elements == (0..<count).map { _ in 1 + 2 * single.normal() })
      let b = Tensor.bernoulli([count], probability: 0.3, using: &random)
      #expect(b.elements == (0..<count).map { _ in single.uniform() < 0.3 ? 1 : 0 })
      #expect(random.next() == single.next())
    }
  }

  @Test("any number of threads draws the same numbers", arguments: [1, 2, 3])
  func threads(threads: Int) {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = threads
    var (random, single) = (RandomSource(seed: 3), RandomSource(seed: 3))
    let x = Tensor.normal([100_003], using: &random)
    #expect(x.elements == (0..<100_003).map { _ in single.normal() })
  }

  @Test("uniform numbers fill their range and never reach its end")
  func uniform() {
    var random = RandomSource(seed: 5)
    let x = Tensor.uniform([100_000], in: -1..<3, using: &random)
    #expect(x.min().scalar >= -1 && x.min().scalar < -0.999)
    #expect(x.max().scalar < 3 && x.max().scalar > 2.999)
    expectClose(x.mean().scalar, 1, within: 0.02)
  }

  @Test("whole numbers fill their range, wherever it lies")
  func integers() {
    var random = RandomSource(seed: 5)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<7000 { counts[random.integer(in: -3..<4) + 3] += 1 }
    #expect(counts.allSatisfy { (900...1100).contains($0) }, "\(counts)")
    // Wider than 32 bits.
    let wide = (0..<400).map { _ in random.integer(in: -(1 << 40)..<(1 << 40)) }
    #expect(wide.allSatisfy { (-(1 << 40)..<(1 << 40)).contains($0) })
    #expect((150...250).contains(wide.count { $0 < 0 }))
    #expect(Set(wide.map { $0 & 0xFFFF }).count > 350)
    #expect(wide.contains { $0 > 1 << 39 } && wide.contains { $0 < -(1 << 39) })
  }

  @Test("a permutation has everything once, each order about as often")
  func permutation() {
    var random = RandomSource(seed: 5)
    #expect(random.permutation(100).sorted() == Array(0..<100))
    #expect(random.permutation(0) == [])
    var counts = [Int](repeating: 0, count: 6)
    for _ in 0..<6000 {
      let p = random.permutation(3)
      counts[p[0] * 2 + (p[1] > p[2] ? 1 : 0)] += 1
    }
    for count in counts { #expect(count > 850 && count < 1150) }
  }

  @Test("categories come in proportion to their weights")
  func categorical() {
    var random = RandomSource(seed: 5)
    var counts = [0, 0, 0]
    for _ in 0..<10_000 { counts[random.categorical([1, 0, 3])] += 1 }
    #expect(counts[1] == 0)
    expectClose(Float(counts[2]) / 10_000, 0.75, within: 0.02)
    let rows = Tensor([[0, -.infinity], [-.infinity, 0]]).sampledRows(using: &random)
    #expect(rows == [0, 1])
  }

  @Test("a split shares nothing with its source, with another split, or with a seed's stream")
  func split() {
    var random = RandomSource(seed: 5)
    var copy = random
    var child = random.split()
    var sibling = random.split()
    // The key of the split is drawn from its source; its counters are apart from every seed's.
    var seeded = RandomSource(seed: copy.next())
    let streams = [
      (0..<100).map { _ in random.nextBits() }, (0..<100).map { _ in child.nextBits() },
      (0..<100).map { _ in sibling.nextBits() }, (0..<100).map { _ in seeded.nextBits() },
    ]
    #expect(Set(streams.joined()).count == 400)
  }
}

@Suite("Linear algebra and formulas") struct LinearAlgebraTests {
  @Test("factorisations give the matrix back", arguments: [1, 2, 5, 12])
  func factorisations(n: Int) {
    var random = RandomSource(seed: UInt64(n))
    let m = Tensor.normal([n, n], using: &random)
    let s = m.matmul(m, transposeOther: true) + Tensor.identity(n)
    let l = s.cholesky()
    expectClose(l.matmul(l, transposeOther: true).elements, [Double](s), within: 1e-5)
    let (values, vectors) = s.symmetricEigen()
    expectClose(
      (vectors * values).matmul(vectors, transposeOther: true).elements, [Double](s),
      within: 1e-5)
    #expect(values.elements == values.elements.sorted())
    let wide = Tensor.normal([n, n + 2], using: &random)
    let (u, sigma, v) = wide.singularValueDecomposition()
    expectClose(
      (u * sigma).matmul(v, transposeOther: true).elements, [Double](wide), within: 1e-5)
    expectClose(s.matmul(s.solve(m)).elements, [Double](m), within: 1e-4)
    expectClose(
      s.logDeterminant().scalar, Double((2 * l.diagonal().log().sum()).scalar), within: 1e-5)
  }

  @Test("a formula is the loop it stands for")
  func einsum() {
    var random = RandomSource(seed: 1)
    let a = Tensor.normal([2, 3, 4], using: &random)
    let b = Tensor.normal([4, 2, 5], using: &random)
    let result = Tensor.einsum("bij,jbk->kbi", a, b)
    #expect(result.shape == [5, 2, 3])
    var expected: [Double] = []
    for k in 0..<5 {
      for n in 0..<2 {
        for i in 0..<3 {
          expected.append(
            (0..<4).reduce(0) {
              $0 + Double(a[element: n, i, $1]) * Double(b[element: $1, n, k])
            })
        }
      }
    }
    expectClose(result.elements, expected, within: 1e-6)
    expectClose(
      Tensor.einsum("nd,nd->n", a[0], a[1]).elements,
      [Double]((a[0] * a[1]).sum(axes: 1)), within: 1e-6)
    #expect(Tensor.einsum("ijk->ki", a).shape == [4, 2])
  }

  @Test("the cheaper product comes first, and repeated letters take the diagonal")
  func einsumOrder() {
    var random = RandomSource(seed: 1)
    let (a, b, c) = (
      Tensor.normal([2, 3], using: &random), Tensor.normal([3, 50], using: &random),
      Tensor.normal([50, 4], using: &random)
    )
    expectClose(
      Tensor.einsum("ij,jk,kl->il", a, b, c).elements, [Double](a.matmul(b).matmul(c)),
      within: 1e-5)
    let m = Tensor([[1, 2], [3, 4]])
    #expect(Tensor.einsum("ii->", m).scalar == 5)
    #expect(Tensor.einsum("ii->i", m) == Tensor([1, 4]))
    #expect(Tensor.einsum("ij,->ji", m, Tensor(2)) == Tensor([[2, 6], [4, 8]]))
    #expect(Tensor.einsum("iii->i", Tensor.range(0..<8).reshaped([2, 2, 2])) == Tensor([0, 7]))
  }

  @Test(
    "the largest of a row are the first of the sorted row",
    arguments: [0, 1, 2, 7, 40, 100])
  func largest(count: Int) {
    var random = RandomSource(seed: 1)
    // Few different values, so that many are equal, and some NaN.
    var x = Tensor.uniform([5, 100], in: -9..<9, using: &random).floor()
    x.update { $0[103] = .nan }
    for rows in [x, x.sorted().values, x.sorted(descending: true).values] {
      let (values, order) = rows.sorted(descending: true)
      let top = rows.topK(count)
      #expect(top.indices == order.map { Array($0.prefix(count)) })
      let expected = values.slice(0..<count, axis: 1).elements
      #expect(top.values.elements.map { $0.bitPattern } == expected.map { $0.bitPattern })
    }
  }

  @Test("sorting keeps equals in order and puts NaN last")
  func sorting() {
    let x = Tensor([2, .nan, 1, 2, -1])
    let (values, order) = x.sorted()
    #expect(values.elements.prefix(4) == [-1, 1, 2, 2])
    #expect(order == [[4, 2, 0, 3, 1]])
    #expect(x.topK(2).indices == [[0, 3]])
    #expect(Tensor([[1, 5], [7, 2]]).argmax() == [1, 0])
    #expect(Tensor([[1, 5], [7, 2]]).argmax(axis: 0) == [1, 0])
  }
}
