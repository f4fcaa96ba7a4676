import SelfSupervised
import Testing

@Suite("Entropy and divergence") struct EntropyTests {
  let p = [0.5, 0.25, 0.125, 0.125]
  let q = [0.1, 0.2, 0.3, 0.4]

  @Test("powers of one half have a round entropy in bits")
  func bits() { #expect(isClose(entropy(p) / log(2), 1.75)) }

  @Test("the uniform law has log V", arguments: [1, 2, 7, 100])
  func uniform(count: Int) {
    let law = Array(repeating: 1 / Double(count), count: count)
    #expect(isClose(entropy(law), log(Double(count))))
  }

  @Test("an impossible outcome costs nothing")
  func zeros() {
    #expect(entropy([1, 0]) == 0)
    #expect(klDivergence([1, 0], [0.5, 0.5]) == log(2))
  }

  // import numpy as np
  // p = np.array([.5, .25, .125, .125]); q = np.array([.1, .2, .3, .4])
  // -(p * np.log(q)).sum(), (p * np.log(p / q)).sum()
  @Test("agrees with NumPy")
  func numpy() {
    #expect(isClose(crossEntropy(p, q), 1.8186849666305591))
    #expect(isClose(klDivergence(p, q), 0.605677400650655))
  }

  @Test("cross-entropy is entropy plus divergence")
  func sum() { #expect(isClose(crossEntropy(p, q), entropy(p) + klDivergence(p, q))) }

  @Test("a model that rules out what happens costs infinitely much")
  func infinite() {
    #expect(crossEntropy([0.5, 0.5], [1, 0]) == .infinity)
    #expect(klDivergence([0.5, 0.5], [1, 0]) == .infinity)
  }

  @Test("Jensen–Shannon is symmetric, finite and at most log 2")
  func jensen() {
    #expect(isClose(jensenShannon(p, q), jensenShannon(q, p)))
    #expect(isClose(jensenShannon([1, 0], [0, 1]), log(2)))
    #expect(jensenShannon(p, p) == 0)
  }

  @Test("laws on different sets stop the program with both sizes")
  func mismatch() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = klDivergence([1], [0.5, 0.5])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("klDivergence: 1 and 2 outcomes"))
  }
}

@Suite("Elementary functions") struct RealFunctionsTests {
  @Test("log-sum-exp survives numbers that overflow")
  func logSumExpOverflow() {
    #expect(isClose(logSumExp([1000, 1000]), 1000 + log(2)))
    #expect(isClose(logSumExp([-1000, -1001]), -1000 + log(1 + exp(-1))))
    #expect(logSumExp([]) == -.infinity)
    #expect(logSumExp([-.infinity, -.infinity]) == -.infinity)
  }

  @Test("binomial coefficients add up as in Pascal's triangle")
  func pascal() {
    #expect(binomial(16, 4) == 1820)
    for n in 1...30 {
      for k in 0...n { #expect(binomial(n, k) == binomial(n - 1, k) + binomial(n - 1, k - 1)) }
    }
    #expect(binomial(5, 6) == 0)
  }

  @Test("their logarithms agree, and go on where integers end", arguments: [1, 5, 17, 30, 60])
  func logarithms(n: Int) {
    for k in 0...n {
      #expect(isClose(logBinomial(n, k), log(Double(binomial(n, k))), within: 1e-11))
    }
    #expect(logBinomial(4, 5) == -.infinity)
    // from math import comb, log; log(comb(512, 77))
    #expect(isClose(logBinomial(512, 77), 213.7632046, within: 1e-6))
  }
}
