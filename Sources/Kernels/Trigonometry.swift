// sine, cosine and powers: the functions that need more than single precision on the way.

/// 2/pi in binary, 256 bits behind the point.
private let twoOverPi: [UInt64] = [
  0xa2f9_836e_4e44_1529, 0xfc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041, 0xfe51_63ab_debb_c561,
]

/// x = (4 n + quadrant) pi/2 + r for |x| of any size, by multiplying the mantissa with the bits
/// of 2/pi that matter.
private func reduceLarge(_ x: Float) -> (r: Float, quadrant: Int32) {
  let exponent = Int(x.bitPattern >> 23 & 0xff) - 150
  let mantissa = UInt64(x.bitPattern & 0x7f_ffff | 0x80_0000)
  // x 2/pi = mantissa 2^exponent 2/pi, of which only the part below 4 matters: bits of 2/pi that
  // the product lifts to 4 or more are skipped.
  let words = twoOverPi
  func window(_ from: Int) -> UInt64 {
    if from < 0 { return words[0] >> UInt64(-from) }
    let (index, shift) = (from / 64, UInt64(from % 64))
    let high = words[index] << shift
    return shift == 0 || index == 3 ? high : high | words[index + 1] >> (64 - shift)
  }
  let skipped = exponent - 2
  let (high, low) = (window(skipped), window(skipped + 64))
  // The product in units of 2^-62, modulo 4.
  let lifted = mantissa &* high &+ mantissa.multipliedFullWidth(by: low).high
  let rounded = lifted &+ (1 << 61)
  let fraction = Int64(bitPattern: lifted &- (rounded & ~((1 << 62) - 1)))
  let r = Float(Double(fraction) * (0x1p-62 * 1.5707963267948966))
  let quadrant = Int32(rounded >> 62)
  return x.sign == .minus ? (-r, (4 - quadrant) & 3) : (r, quadrant & 3)
}

/// r in -pi/4...pi/4 and the quarter turns taken off (modulo 4).
@inline(always)
private func reduceByQuarterTurns(_ x: V) -> (r: V, quadrant: Integers) {
  let wide = D(widening: x)
  let rounder = D(repeating: 6_755_399_441_055_744)
  let rounded = wide * 0.6366197723675814 + rounder
  let n = rounded - rounder
  // pi/2 in two parts; the first has 33 bits, so its product with n is exact.
  var r = (wide - n * 1.570796326734125614166 - n * 6.07710050650619224932e-11).narrowed
  var quadrant = rounded.lowBits & 3
  let isLarge = magnitude(x) .> V(repeating: 1_000_000)
  if isLarge.isAny { (r, quadrant) = reduceLarge(x, r, quadrant) }
  return (r, quadrant)
}

/// Replaces what the fast reduction could not do.
@inline(never)
private func reduceLarge(
  _ x: V, _ r: V, _ quadrant: Integers
) -> (r: V, quadrant: Integers) {
  var (r, quadrant) = (r, quadrant)
  for i in 0..<lanes where !(x[i].magnitude <= 1_000_000) {
    (r[i], quadrant[i]) = x[i].isFinite ? reduceLarge(x[i]) : (.nan, 0)
  }
  return (r, quadrant)
}

@inline(always)
private func sineReduced(_ r: V, _ t: V) -> V {
  var p = V(repeating: -0.00019512028666213155)
  p = fma(p, t, V(repeating: 0.008332137018442154))
  p = fma(p, t, V(repeating: -0.16666653752326965))
  return fma(p * t, r, r)
}

@inline(always)
private func cosineReduced(_ t: V) -> V {
  var p = V(repeating: 2.4429438781226054e-05)
  p = fma(p, t, V(repeating: -0.0013887283857911825))
  p = fma(p, t, V(repeating: 0.04166664555668831))
  return fma(p * t, t, fma(t, V(repeating: -0.5), V(repeating: 1)))
}

/// sin(x + quarters pi/2)
@inline(always)
private func sine(_ x: V, quarters: Int32) -> V {
  let (r, turned) = reduceByQuarterTurns(x)
  let quadrant = turned &+ Integers(repeating: quarters)
  let t = r * r
  let odd = (quadrant & 1) .== 1
  let y = sineReduced(r, t).replacing(with: cosineReduced(t), where: odd)
  return y.replacing(with: -y, where: (quadrant & 2) .== 2)
}

@inline(always)
func sin(_ x: V) -> V { sine(x, quarters: 0).replacing(with: x, where: x .== 0) }

@inline(always)
func cos(_ x: V) -> V { sine(x, quarters: 1) }

/// x^y for x of any sign, by 2^(y log2 |x|) with the logarithm in double precision.
@inline(always)
func pow(_ x: V, _ y: V) -> V {
  let size = magnitude(x)
  let tiny = size .< V(repeating: .leastNormalMagnitude)
  let scaled = size.replacing(with: size * 8_388_608, where: tiny)
  let offset = Integers(repeating: 0x3f35_04f3)
  let shifted = scaled.signedBits &- offset
  let n = (shifted &>> 23) &+ (tiny.lanes & -23)
  let m = D(widening: V(bitPattern: (shifted & 0x7f_ffff) &+ offset))
  let s = (m - 1) / (m + 1)
  let t = s * s
  var p = D(repeating: 0.023894800308241152)
  p = p * t + 0.28080946242171534
  p = p * t + 0.31997429091380686
  p = p * t + 0.41220821517194306
  p = p * t + 0.5770779494534466
  p = p * t + 0.9617966940956222
  p = p * t + 2.885390081777857
  let power = (D(widening: y) * (p * s + D(converting: n))).limited(to: 200)
  let rounder = D(repeating: 6_755_399_441_055_744)
  let rounded = power + rounder
  let f = (power - (rounded - rounder)).narrowed
  let exponent = rounded.lowBits &- rounder.lowBits
  let half = exponent &>> 1
  let first = V(bitPattern: (half &+ 127) &<< 23)
  let second = V(bitPattern: (exponent &- half &+ 127) &<< 23)
  let result = fma(exp2m1Reduced(f), first, first) * second
  let isUsual =
    (x .> 0) .& (x .< V(repeating: .infinity)) .& (magnitude(y) .< V(repeating: .infinity))
  return isUsual.isAll ? result : powAtEdges(x, y, result)
}

/// The cases IEEE 754 names: zeros, infinities, NaN, and negative bases.
@inline(never)
private func powAtEdges(_ x: V, _ y: V, _ usual: V) -> V {
  var result = usual
  for i in 0..<lanes {
    let (x, y) = (x[i], y[i])
    let size = x.magnitude
    // Every float of 2^24 or more is even; below, the fraction tells.
    let isInteger = y.magnitude >= 8_388_608 || y == Float(Int32(y.magnitude < 1e7 ? y : 0))
    let isOdd = isInteger && y.magnitude < 16_777_216 && Int32(y) & 1 == 1
    if y == 0 || x == 1 {
      result[i] = 1
    } else if x != x || y != y {
      result[i] = .nan
    } else if y.magnitude == .infinity {
      result[i] = size == 1 ? 1 : (size > 1) == (y > 0) ? .infinity : 0
    } else if size == 0 || size == .infinity {
      let large = (size == 0) == (y < 0)
      let sign: Float = x.sign == .minus && isOdd ? -1 : 1
      result[i] = large ? sign * .infinity : sign * 0
    } else if x < 0 {
      result[i] = isInteger ? (isOdd ? -result[i] : result[i]) : .nan
    }
  }
  return result
}
