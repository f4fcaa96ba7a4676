import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Exact numbers") struct ExactTests {
  @Test("binomials up to n = 66") func binomials() {
    #expect(binomial(62, 31) == 465_428_353_255_261_088)
    #expect(binomial(66, 33) == 7_219_428_434_016_265_740)
    // Pascal's rule, row by row.
    var row = [1]
    for n in 1...66 {
      row = (0...n).map { k in (k > 0 ? row[k - 1] : 0) &+ (k < n ? row[k] : 0) }
      for k in 0...n { #expect(binomial(n, k) == row[k], "\(n) \(k)") }
    }
    #expect(binomial(-1, 0) == 0 && binomial(3, 4) == 0 && binomial(3, -1) == 0)
    #expect(binomial(Int.max, 1) == Int.max)
  }

  @Test("losses keep their digits beside large scores") func offsets() {
    for offset in [0, 100, 1e5, 1e7] as [Float] {
      let scores = Tensor([[offset + 1, offset], [offset, offset + 2]])
      let exact = (log(1 + exp(-1.0)) + log(1 + exp(-2.0))) / 2
      expectClose(scores.crossEntropy(targets: [0, 1]).scalar, exact, within: 1e-7)
      let bound = infoNCEBound(scores: scores).scalar
      expectClose(bound, log(2.0) - exact, within: 1e-7)
      let each = autoregressiveLosses(logits: scores.expanded(axis: 0), targets: [[0, 1]])
      expectClose(each.mean().scalar, exact, within: 1e-7)
    }
  }

  @Test("a patch of one colour is 0 once normalized, however bright") func flatPatches() {
    for value in [0.1, 1000.7, -12345.678] as [Float] {
      let patches = normalizedPatches(.full([1, 2, 49], value))
      #expect(patches.elements.allSatisfy { $0.magnitude < 1e-6 }, "\(patches.elements[0])")
    }
  }

  @Test("a law of the tiniest concentration is one outcome") func dirichlet() {
    var random = RandomSource(seed: 1)
    let law = random.dirichlet(concentration: 1e-300, count: 3)
    #expect(law.sorted() == [0, 0, 1])
  }
}
