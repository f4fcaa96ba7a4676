import Tensors

/// The entropy H(p) = −Σ pᵢ log pᵢ of a distribution on a finite set, in nats.
///
/// Terms with pᵢ = 0 count as 0, the limit of −t log t. A NaN makes the result NaN.
///
/// - Precondition: no probability is negative, here and in what follows; stops with it otherwise.
/// - Source: Shannon 1948, section 6.
public func entropy(_ p: [Double]) -> Double {
  checkNoneNegative("entropy", p)
  var sum = 0.0
  for value in p where value != 0 { sum -= value * log(value) }
  return sum
}

/// The cross-entropy H(p, q) = −Σ pᵢ log qᵢ, in nats: the mean surprise of one who believes q
/// while p holds.
///
/// - Returns: +∞ when q gives no weight to something that p can produce.
public func crossEntropy(_ p: [Double], _ q: [Double]) -> Double {
  checkSameCount("crossEntropy", p, q)
  var sum = 0.0
  for (a, b) in zip(p, q) where a != 0 { sum -= a * log(b) }
  return sum
}

/// The divergence KL(p ‖ q) = Σ pᵢ log(pᵢ/qᵢ), in nats; 0 only for q = p, and +∞ when q gives
/// no weight to something that p can produce.
///
/// - Source: Kullback and Leibler 1951.
public func klDivergence(_ p: [Double], _ q: [Double]) -> Double {
  checkSameCount("klDivergence", p, q)
  var sum = 0.0
  for (a, b) in zip(p, q) where a != 0 { sum += a * log(a / b) }
  return sum
}

/// The Jensen–Shannon divergence: the mean divergence of p and q from their midpoint, in nats;
/// symmetric and at most log 2.
///
/// - Source: Lin 1991.
public func jensenShannon(_ p: [Double], _ q: [Double]) -> Double {
  checkSameCount("jensenShannon", p, q)
  let middle = zip(p, q).map { ($0 + $1) / 2 }
  return (klDivergence(p, middle) + klDivergence(q, middle)) / 2
}

private func checkSameCount(_ operation: StaticString, _ p: [Double], _ q: [Double]) {
  if p.count != q.count {
    fail("\(operation): \(p.count) and \(q.count) outcomes; both need the same set")
  }
  checkNoneNegative(operation, p)
  checkNoneNegative(operation, q)
}

private func checkNoneNegative(_ operation: StaticString, _ p: [Double]) {
  for (index, value) in p.enumerated() where value < 0 {
    fail("\(operation): probability \(value) at \(index) is negative")
  }
}

/// e to the cross-entropy per symbol: among how many equally likely symbols one would be as
/// uncertain.
///
/// - Parameter nats: a mean surprise, such as a language model's loss per token.
public func perplexity(_ nats: Double) -> Double { exp(nats) }

/// Nats in bits: h / log 2.
public func bits(_ nats: Double) -> Double { nats / log(2.0) }
