// The normal distribution's quantiles: random bits to normal numbers.
//
// From operations that every platform rounds alike, and never fused: a platform's own logarithm may
// differ in the last bit, and random streams with it.

import Builtin

/// The normal distribution.
public enum Normal {
  /// y = the z with Φ(z) = (bits + ½)·2⁻³², to about seven digits.
  @inline(never)
  public static func quantiles(
    _ bits: UnsafePointer<UInt32>, _ y: MutableFloats, count: Int
  ) {
    var i = 0
    #if !KERNELS_SMALL
      while i &+ lanes <= count {
        let words = UnsafeRawPointer(bits + i).loadUnaligned(as: Bits.self)
        let q = (D(converting: words) + 0.5) * 0x1p-32 - 0.5
        store(central(q).narrowed, y + i)
        var rest = q.lanes(beyond: centre)
        while rest != 0 {
          let lane = rest.trailingZeroBitCount
          y[i &+ lane] = Float(outer((Double(bits[i &+ lane]) + 0.5) * 0x1p-32))
          rest &= rest &- 1
        }
        i &+= lanes
      }
    #endif
    while i < count {
      y[i] = quantile(bits[i])
      i &+= 1
    }
  }

  /// The z with Φ(z) = (bits + ½)·2⁻³².
  ///
  /// - Source: Wichura 1988, algorithm AS 241 (PPND7).
  public static func quantile(_ bits: UInt32) -> Float {
    let p = (Double(bits) + 0.5) * 0x1p-32
    let q = p - 0.5
    if q.magnitude <= centre {
      let r = 0.180625 - q * q
      return Float(
        q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)
          / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1))
    }
    return Float(outer(p))
  }

  /// The quantile of a p far from ½.
  private static func outer(_ p: Double) -> Double {
    // Without branches on p's side, which nothing predicts.
    var r = (-naturalLogarithm(min(p, 1 - p))).squareRoot()
    let z: Double
    if r <= 5 {
      r -= 1.6
      z =
        (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777)
        / ((0.12021132975 * r + 0.73700164250) * r + 1)
    } else {
      r -= 5
      z =
        (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150)
        / ((0.012258202635 * r + 0.24197894225) * r + 1)
    }
    return Double(signOf: p - 0.5, magnitudeOf: z)
  }

  /// |Φ(z) − ½| up to which one rational function does.
  private static let centre = 0.425
}

/// ln x of a positive normal number, to about 10⁻¹⁵, by additions, multiplications and one division
/// alone.
public func naturalLogarithm(_ x: Double) -> Double {
  var exponent = Int(x.bitPattern >> 52) - 1023
  var m = Double(bitPattern: x.bitPattern & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000)
  let isLarge = m > 1.4142135623730951
  m *= isLarge ? 0.5 : 1
  exponent &+= isLarge ? 1 : 0
  // ln m = 2 artanh s, |s| < 0.172: the series' next term is below 10⁻¹⁶.
  let s = (m - 1) / (m + 1)
  let t = s * s
  var sum = (1.0 / 21 * t + 1.0 / 19) * t + 1.0 / 17
  sum = ((sum * t + 1.0 / 15) * t + 1.0 / 13) * t + 1.0 / 11
  sum = ((sum * t + 1.0 / 9) * t + 1.0 / 7) * t + 1.0 / 5
  sum = (sum * t + 1.0 / 3) * t + 1
  return Double(exponent) * 0.6931471805599453 + 2 * s * sum
}

#if !KERNELS_SMALL
  /// The quantile of a q = p − ½ near 0.
  @inline(always)
  private func central(_ q: D) -> D {
    let r = D(repeating: 0.180625) - q * q
    let above = ((r * 59.109374720 + 159.29113202) * r + 50.434271938) * r + 3.3871327179
    let below = ((r * 67.187563600 + 78.757757664) * r + 17.895169469) * r + 1
    return q * above / below
  }

  extension D {
    @inline(always)
    fileprivate init(converting n: Bits) {
      self = Builtin.reinterpretCast(
        Builtin.uitofp_Vec16xInt32_Vec16xFPIEEE64(n._storage._value))
    }

    /// A bit for each lane whose magnitude is above `limit`.
    @inline(always)
    fileprivate func lanes(beyond limit: Double) -> UInt16 {
      let (high, low) = (D(repeating: limit), D(repeating: -limit))
      let x = _storage._value
      let isBeyond = Builtin.or_Vec16xInt1(
        Builtin.fcmp_ogt_Vec16xFPIEEE64(x, high._storage._value),
        Builtin.fcmp_olt_Vec16xFPIEEE64(x, low._storage._value))
      return UInt16(Builtin.bitcast_Vec16xInt1_Int16(isBeyond))
    }
  }
#endif
