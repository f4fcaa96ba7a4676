// Random bits in bulk.

import Builtin

/// The generator Philox 4×32: four random words for each counter, by ten rounds of two products.
///
/// - Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
public enum Philox {
  /// Words to a block.
  public static let blockSize = 4

  /// y = the words of `blocks` blocks, of the counters (low, high), (low + 1, high), …
  @inline(never)
  public static func fill(
    _ y: UnsafeMutablePointer<UInt32>, blocks: Int, low: UInt64, high: UInt64,
    key: (UInt32, UInt32)
  ) {
    var block = 0
    while block < blocks {
      let counters = Words(0, 1, 2, 3, 4, 5, 6, 7) &+ (low &+ UInt64(block))
      let (first, second) = mix(counters, high, key)
      for lane in 0..<min(8, blocks &- block) {
        let place = UnsafeMutableRawPointer(y + 4 &* (block &+ lane))
        place.storeBytes(of: first[lane].littleEndian, as: UInt64.self)
        (place + 8).storeBytes(of: second[lane].littleEndian, as: UInt64.self)
      }
      block &+= 8
    }
  }

  /// Words 0 and 1, and words 2 and 3, of eight counters, the first of two in the low half.
  @inline(always)
  private static func mix(
    _ low: Words, _ high: UInt64, _ key: (UInt32, UInt32)
  ) -> (Words, Words) {
    var (a, b) = (low.lowWords, low.highWords)
    var (c, d) = (Words(repeating: high).lowWords, Words(repeating: high).highWords)
    var (k0, k1) = key
    for _ in 0..<10 {
      let p = a * Words(repeating: 0xD251_1F53)
      let q = c * Words(repeating: 0xCD9E_8D57)
      (a, b) = (q.highWords ^ b ^ Words(repeating: UInt64(k0)), q.lowWords)
      (c, d) = (p.highWords ^ d ^ Words(repeating: UInt64(k1)), p.lowWords)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (a.joined(high: b), c.joined(high: d))
  }
}

/// Eight words, each in a lane wide enough for the product of two.
private typealias Words = SIMD8<UInt64>

extension SIMD8<UInt64> {
  @inline(always)
  private init(raw: Builtin.Vec8xInt64) { self = Builtin.reinterpretCast(raw) }

  @inline(always)
  fileprivate static func * (a: Self, b: Self) -> Self {
    Self(raw: Builtin.mul_Vec8xInt64(a._storage._value, b._storage._value))
  }

  @inline(always)
  fileprivate static func ^ (a: Self, b: Self) -> Self {
    Self(raw: Builtin.xor_Vec8xInt64(a._storage._value, b._storage._value))
  }

  @inline(always)
  fileprivate var lowWords: Self {
    let mask = Self(repeating: 0xFFFF_FFFF)
    return Self(raw: Builtin.and_Vec8xInt64(_storage._value, mask._storage._value))
  }

  @inline(always)
  fileprivate var highWords: Self {
    let shift = Self(repeating: 32)
    return Self(raw: Builtin.lshr_Vec8xInt64(_storage._value, shift._storage._value))
  }

  @inline(always)
  fileprivate func joined(high: Self) -> Self {
    let shift = Self(repeating: 32)
    let shifted = Builtin.shl_Vec8xInt64(high._storage._value, shift._storage._value)
    return Self(raw: Builtin.or_Vec8xInt64(_storage._value, shifted))
  }
}
