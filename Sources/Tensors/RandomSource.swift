import Kernels

/// A seeded stream of random numbers: the same seed gives the same numbers on every platform, in
/// the browser, and for any number of threads.
///
/// The generator is a counter passed through a keyed mixing function (Philox 4×32, ten rounds), so
/// a stream can be split and costs no warm-up. It is passed to everything that needs chance:
///
///     var random = RandomSource(seed: 1)
///     let x = Tensor.normal([2, 3], using: &random)
///
/// - Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
public struct RandomSource: RandomNumberGenerator, Sendable {
  private(set) var key: (UInt32, UInt32)
  var counter: (UInt64, UInt64)
  var block: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
  /// How many numbers of the block were given.
  var used = 4

  /// The stream of a seed.
  public init(seed: UInt64) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = (0, 0)
  }

  /// The seed and the place in the stream.
  package var words: [UInt64] {
    get {
      [UInt64(key.1) << 32 | UInt64(key.0), counter.0, counter.1, UInt64(used)]
    }
    set {
      self = RandomSource(seed: newValue[0])
      counter = (newValue[1], newValue[2])
      used = Int(Swift.min(4, Swift.max(1, newValue[3])))
      block = RandomSource.mix((counter.0 &- 1, counter.1), key)
    }
  }

  /// The next 32 random bits.
  public mutating func nextBits() -> UInt32 {
    if used == 4 {
      block = RandomSource.mix(counter, key)
      counter.0 &+= 1
      used = 0
    }
    used &+= 1
    switch used {
    case 1: return block.0
    case 2: return block.1
    case 3: return block.2
    default: return block.3
    }
  }

  /// The next 64 random bits, for the standard library's `shuffle` and `random(in:using:)`.
  public mutating func next() -> UInt64 {
    let low = UInt64(nextBits())
    return UInt64(nextBits()) << 32 | low
  }

  /// A new stream that shares no numbers with this one or with other splits of it.
  public mutating func split() -> RandomSource {
    var result = RandomSource(seed: next())
    result.counter.1 = next() | 1
    return result
  }

  /// 32 bits for the element `index` of what is drawn next, beside those of ``nextBits()``: of a
  /// stream that neither this one nor its splits reach by counting.
  func furtherBits(_ index: Int) -> UInt32 {
    let place = counter.0 &+ UInt64(truncatingIfNeeded: index)
    return RandomSource.mix((place, counter.1 ^ 1 << 63), key).0
  }

  /// Ten rounds of two 32×32→64 multiplications.
  static func mix(
    _ counter: (UInt64, UInt64), _ key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var a = UInt32(truncatingIfNeeded: counter.0)
    var b = UInt32(truncatingIfNeeded: counter.0 >> 32)
    var c = UInt32(truncatingIfNeeded: counter.1)
    var d = UInt32(truncatingIfNeeded: counter.1 >> 32)
    var (k0, k1) = key
    for _ in 0..<10 {
      let p = UInt64(a) &* 0xD251_1F53
      let q = UInt64(c) &* 0xCD9E_8D57
      (a, b, c, d) = (
        UInt32(truncatingIfNeeded: q >> 32) ^ b ^ k0, UInt32(truncatingIfNeeded: q),
        UInt32(truncatingIfNeeded: p >> 32) ^ d ^ k1, UInt32(truncatingIfNeeded: p)
      )
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (a, b, c, d)
  }
}

extension RandomSource {
  /// A number uniform in [0, 1), a multiple of 2⁻²⁴.
  public mutating func uniform() -> Float { RandomSource.uniform(nextBits()) }

  /// A number uniform in `range`; the bound, if the range is empty.
  ///
  /// - Precondition: finite bounds.
  public mutating func uniform(in range: Range<Float>) -> Float {
    RandomSource.requireFinite(range)
    return RandomSource.uniform(nextBits(), in: range)
  }

  static func requireFinite(_ range: Range<Float>) {
    if !range.lowerBound.isFinite || !range.upperBound.isFinite {
      fail("uniform: the range \(range.lowerBound)..<\(range.upperBound) is not finite")
    }
  }

  static func uniform(_ bits: UInt32) -> Float { Float(bits >> 8) * 0x1p-24 }

  static func uniform(_ bits: UInt32, in range: Range<Float>) -> Float {
    let width = range.upperBound - range.lowerBound
    // Halves, where a float cannot hold the width.
    let value =
      width < .infinity
      ? range.lowerBound + width * uniform(bits)
      : 2 * (range.lowerBound / 2 + (range.upperBound / 2 - range.lowerBound / 2) * uniform(bits))
    return value < range.upperBound ? value : range.lowerBound
  }

  /// A whole number uniform in `range`.
  ///
  /// - Precondition: the range is not empty.
  public mutating func integer(in range: Range<Int>) -> Int {
    if range.isEmpty {
      fail("integer: the range \(range.lowerBound)..<\(range.upperBound) is empty")
    }
    // As bits: the width of a range may be more than an Int holds.
    let count = UInt64(truncatingIfNeeded: UInt(bitPattern: range.upperBound &- range.lowerBound))
    if count > 1 << 32 {
      // Whole rounds of `count` only: what is left over at the top would favour small numbers.
      let rest = (UInt64.max % count + 1) % count
      var bits = next()
      while bits > UInt64.max - rest { bits = next() }
      return range.lowerBound &+ Int(truncatingIfNeeded: bits % count)
    }
    // Lemire 2019: the high half of a product is unbiased once the few low halves that would
    // favour some results are drawn again.
    var product = UInt64(nextBits()) &* count
    let threshold = (1 << 32) % count
    while product & 0xFFFF_FFFF < threshold { product = UInt64(nextBits()) &* count }
    return range.lowerBound &+ Int(truncatingIfNeeded: product >> 32)
  }

  /// A number from the standard normal distribution.
  ///
  /// The inverse of the cumulative distribution at a uniform number, in double precision from
  /// operations that every platform rounds alike; |z| < 6.4.
  public mutating func normal() -> Float { Normal.quantile(nextBits()) }

  /// The whole numbers of `0..<count` in random order, every order equally likely.
  ///
  /// - Precondition: a count of 0 or more that memory holds.
  public mutating func permutation(_ count: Int) -> [Int] {
    if count < 0 || count >= Int(Int32.max) {
      fail("permutation: of \(count) numbers; needs 0 or more, and fewer than 2³¹ − 1")
    }
    var result = Array(0..<count)
    var i = count - 1
    while i > 0 {
      result.swapAt(i, integer(in: 0..<(i + 1)))
      i -= 1
    }
    return result
  }

  /// An index drawn with probability proportional to its weight.
  ///
  /// - Parameter weights: of any sum.
  /// - Returns: an index of `weights`.
  /// - Precondition: no weight is negative, infinite or NaN, and at least one is positive.
  public mutating func categorical(_ weights: [Float]) -> Int {
    var total = 0.0
    for weight in weights {
      if !(weight >= 0 && weight < .infinity) {
        fail("categorical: weight \(weight) is not a number from 0 on")
      }
      total += Double(weight)
    }
    if !(total > 0) { fail("categorical: none of \(weights.count) weights is positive") }
    var rest = total * (Double(next() >> 11) * 0x1p-53)
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      rest -= Double(weight)
      last = index
      if rest < 0 { return index }
    }
    return last
  }
}
