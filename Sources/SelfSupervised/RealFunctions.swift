// Elementary functions of `Double` for this module and for the cells of a chapter, without
// Foundation. Where Swift has no overlay for the C library (Embedded Swift on wasm32) they are
// bound to libm's symbols directly, by C's calling convention.

import Tensors

#if canImport(Darwin)
  @_exported import func Darwin.cos
  @_exported import func Darwin.exp
  @_exported import func Darwin.log
  @_exported import func Darwin.log2
  @_exported import func Darwin.pow
  @_exported import func Darwin.sin
  @_exported import func Darwin.sqrt
#elseif canImport(Glibc)
  @_exported import func Glibc.cos
  @_exported import func Glibc.exp
  @_exported import func Glibc.log
  @_exported import func Glibc.log2
  @_exported import func Glibc.pow
  @_exported import func Glibc.sin
  @_exported import func Glibc.sqrt
#else
  @_extern(c, "cos") public func cos(_ x: Double) -> Double
  @_extern(c, "exp") public func exp(_ x: Double) -> Double
  @_extern(c, "log") public func log(_ x: Double) -> Double
  @_extern(c, "log2") public func log2(_ x: Double) -> Double
  @_extern(c, "pow") public func pow(_ x: Double, _ y: Double) -> Double
  @_extern(c, "sin") public func sin(_ x: Double) -> Double
  @_extern(c, "sqrt") public func sqrt(_ x: Double) -> Double
#endif

/// log Σ exp(vᵢ), computed after the largest value is taken out so that nothing overflows.
///
/// - Returns: −∞ for no values, NaN if one is NaN.
public func logSumExp(_ values: [Double]) -> Double {
  var largest = -Double.infinity
  for value in values { largest = max(largest, value) }
  guard largest.isFinite else { return values.contains { $0.isNaN } ? .nan : largest }
  var sum = 0.0
  for value in values { sum += exp(value - largest) }
  return largest + log(sum)
}

/// log n! by Stirling's series above 16 and by multiplication below; 1e-15 relative.
package func logFactorial(_ n: Int) -> Double {
  if n <= 16 {
    var product = 1.0
    for k in stride(from: 2, through: n, by: 1) { product *= Double(k) }
    return log(product)
  }
  let x = Double(n)
  let series = 1 / (12 * x) - 1 / (360 * x * x * x) + 1 / (1260 * x * x * x * x * x)
  return x * log(x) - x + 0.5 * log(2 * Double.pi * x) + series
}

/// The number of ways to choose `k` of `n`, exact; 0 unless 0 ≤ k ≤ n.
///
/// - Precondition: an `Int` holds it, as those of n ≤ 66 with 64 bits; ``logBinomial(_:_:)`` takes any.
public func binomial(_ n: Int, _ k: Int) -> Int {
  guard k >= 0, k <= n else { return 0 }
  var result = 1
  for i in stride(from: 1, through: min(k, n - k), by: 1) {
    // result · (n − i + 1) / i without a product that is larger than the quotient.
    let shared = greatestCommonDivisor(result, i)
    let (product, isTooLarge) = (result / shared)
      .multipliedReportingOverflow(by: (n - i + 1) / (i / shared))
    if isTooLarge { fail("binomial: \(k) of \(n) is more than an Int holds; take logBinomial") }
    result = product
  }
  return result
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}

/// log of the number of ways to choose `k` of `n`, for numbers that no integer holds.
public func logBinomial(_ n: Int, _ k: Int) -> Double {
  guard k >= 0, k <= n else { return -.infinity }
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}
