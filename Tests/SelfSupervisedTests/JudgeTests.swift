import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Judges are not impressed by nonsense") struct JudgeTests {
  private let nothing = Tensor.full([4, 2], .nan)

  @Test("retrieval of NaN is NaN, of equal rows chance") func retrieval() {
    #expect(retrievalAccuracy(queries: nothing, candidates: nothing).isNaN)
    #expect(retrievalAccuracy(queries: .ones([4, 2]), candidates: nothing).isNaN)
    var random = RandomSource(seed: 1)
    let row = Tensor.normal([1, 19], using: &random)
    for (count, top) in [(4, 1), (100, 1), (100, 7), (5, 9)] {
      let rows = row.broadcast(to: [count, 19])
      expectClose(
        Float(retrievalAccuracy(queries: rows, candidates: rows, top: top)),
        min(1, Double(top) / Double(count)), within: 1e-6)
    }
  }

  @Test("ties share the places that are left") func ties() {
    // The partner and one other are equally near; a third is nearer to query 2 alone.
    let rows = Tensor([[1, 0], [1, 0], [0, 1]])
    expectClose(
      Float(retrievalAccuracy(queries: rows, candidates: rows)), (0.5 + 0.5 + 1) / 3, within: 1e-6)
    #expect(retrievalAccuracy(queries: rows, candidates: rows, top: 2) == 1)
  }

  @Test("a probe that knows nothing is right by chance, one of NaN not at all") func probe() {
    let features = Tensor([[1, 0], [0, 1], [1, 1], [2, 1]])
    let probe = LinearProbe(features: features, labels: [0, 1, 2, 3], classes: 4, steps: 0)
    #expect(probe.accuracy(features, labels: [0, 0, 0, 0]) == 0.25)
    #expect(probe.accuracy(features, labels: [9, 9, 9, 9]) == 0)
    let broken = LinearProbe(features: nothing, labels: [0, 1, 2, 3], classes: 4)
    #expect(broken.accuracy(features, labels: [0, 0, 0, 0]).isNaN)
  }

  @Test("measures of NaN are NaN") func measures() {
    #expect(effectiveRank(of: nothing).isNaN)
    #expect(effectiveRank(of: .full([2, 2], .infinity)).isNaN)
    #expect(alignment(nothing, nothing).isNaN)
    #expect(uniformity(nothing).isNaN)
    #expect(PrincipalComponents(of: nothing, count: 1).variances[0].isNaN)
    #expect(PrincipalComponents(of: nothing, count: 1).totalVariance.isNaN)
    #expect(entropy([.nan, 1]).isNaN)
    #expect(crossEntropy([.nan, 1], [0.5, 0.5]).isNaN)
    #expect(crossEntropy([0.5, 0.5], [.nan, 1]).isNaN)
    #expect(klDivergence([.nan, 1], [0.5, 0.5]).isNaN)
    #expect(jensenShannon([.nan, 1], [0.5, 0.5]).isNaN)
    #expect(logSumExp([.nan]).isNaN && logSumExp([.nan, .infinity]).isNaN)
    #expect(infoNCELoss(scores: Matrix([[.nan, 0], [0, 0]])).isNaN)
    #expect(nwjBound(scores: Matrix([[0, .nan], [0, 0]])).isNaN)
    #expect(donskerVaradhanBound(scores: Matrix([[0, .nan], [0, 0]])).isNaN)
  }

  @Test("a sampler leaves out what scores −∞, at any temperature")
  func sampler() {
    for temperature in [0, 1e-300, 1, .infinity] as [Double] {
      let law = TokenSampler(temperature: temperature).probabilities([-.infinity, 3, -.infinity])
      #expect(law == [0, 1, 0])
    }
  }
}
