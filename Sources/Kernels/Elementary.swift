// The elementary functions on sixteen lanes. No libm: the same bits wherever there is a fused
// multiply-add, and nothing to link in the browser. Coefficients: scripts/fit-functions.
//
// In the browser the large ones are calls, which for sixteen lanes cost little: written out at
// every use they would make up a fifth of a small module.

/// 1.5 * 2^23: adding it rounds a small number to the nearest integer, kept in the low bits.
private let rounder = V(repeating: 12_582_912)

@inline(always)
private func constant(_ x: Float) -> V { V(repeating: x) }

/// 2^n for integers held as `rounder + n`, -126...127.
@inline(always)
private func powerOfTwo(_ rounded: V) -> V {
  V(bitPattern: (rounded.bits &+ Bits(repeating: 127)) &<< 23)
}

/// e^r - 1 for |r| <= ln 2 / 2.
@inline(always)
private func expm1Reduced(_ r: V) -> V {
  var p = constant(0.001381461275741458)
  p = fma(p, r, constant(0.008368710055947304))
  p = fma(p, r, constant(0.04166838899254799))
  p = fma(p, r, constant(0.1666652113199234))
  p = fma(p, r, constant(0.4999999403953552))
  return fma(p * r, r, r)
}

/// x = n ln 2 + r: returns r and `rounder + n`.
@inline(always)
private func reduceByLog2(_ x: V) -> (r: V, rounded: V) {
  let rounded = fma(x, constant(1.44269504), rounder)
  let n = rounded - rounder
  // ln 2 in two parts, the first with nine trailing zero bits so that n * part is exact.
  var r = fma(n, constant(-0.693359375), x)
  r = fma(n, constant(2.12194440e-4), r)
  return (r, rounded)
}

/// e^x. Overflows to infinity; below -103.97 it is 0, and subnormal results are rounded once more.
#if hasFeature(Embedded)
  @inline(never)
#else
  @inline(always)
#endif
func exp(_ x: V) -> V {
  let clipped = smaller(larger(x, constant(-104)), constant(89))
  let (r, rounded) = reduceByLog2(clipped)
  // 2^n in two factors, so that n may leave the range of exponents.
  let n = rounded.signedBits &- rounder.signedBits
  let half = n &>> 1
  let rest = n &- half
  let first = V(bitPattern: (half &+ 127) &<< 23)
  let second = V(bitPattern: (rest &+ 127) &<< 23)
  let y = fma(expm1Reduced(r), first, first) * second
  return y.replacing(with: x, where: x .!= x)
}

/// e^x for x <= 0, or not much above: what softmax needs. Below -87.33654 it is 0 (no subnormals);
/// a NaN stays.
#if hasFeature(Embedded)
  @inline(never)
#else
  @inline(always)
#endif
func expOfNegative(_ x: V) -> V {
  let clipped = larger(x, constant(-87.336_54))
  let (r, rounded) = reduceByLog2(clipped)
  let scale = powerOfTwo(rounded)
  let y = fma(expm1Reduced(r), scale, scale)
  return y.replacing(with: 0, where: x .< constant(-87.336_54))
}

/// 2^f - 1 for |f| <= 1/2.
@inline(always)
func exp2m1Reduced(_ f: V) -> V {
  var q = constant(0.00015353361959569156)
  q = fma(q, f, constant(0.0013398875016719103))
  q = fma(q, f, constant(0.00961843691766262))
  q = fma(q, f, constant(0.055503323674201965))
  q = fma(q, f, constant(0.24022647738456726))
  q = fma(q, f, constant(0.6931471824645996))
  return q * f
}

/// 2^x for x <= 0, or not much above; 0 below -126.5. A NaN stays.
///
/// Cheaper than `expOfNegative`, for who can fold log2 e into a factor of x.
@inline(always)
func exp2OfNegative(_ x: V) -> V {
  let clipped = larger(x, constant(-127))
  let rounded = clipped + rounder
  // At -127 the exponent's bits are those of 0.
  let scale = powerOfTwo(rounded)
  return fma(exp2m1Reduced(clipped - (rounded - rounder)), scale, scale)
}

/// e^x - 1, accurate near 0.
@inline(always)
func expm1(_ x: V) -> V {
  let clipped = smaller(larger(x, constant(-30)), constant(89))
  let (r, rounded) = reduceByLog2(clipped)
  let n = rounded.signedBits &- rounder.signedBits
  let half = n &>> 1
  let rest = n &- half
  let first = V(bitPattern: (half &+ 127) &<< 23)
  let second = V(bitPattern: (rest &+ 127) &<< 23)
  // 2^n (p + 1) - 1 = (first p + (first - 1/second)) second.
  let inverse = V(bitPattern: (127 &- rest) &<< 23)
  let y = fma(expm1Reduced(r), first, first - inverse) * second
  return y.replacing(with: x, where: (x .!= x) .| (x .== 0))
}

/// log(1 + f) for 1 + f between sqrt(1/2) and sqrt(2), plus n ln 2.
@inline(always)
private func logReduced(_ f: V, _ n: V) -> V {
  var p = constant(0.0674663856625557)
  p = fma(p, f, constant(-0.11675651371479034))
  p = fma(p, f, constant(0.11888162791728973))
  p = fma(p, f, constant(-0.1240558922290802))
  p = fma(p, f, constant(0.14219552278518677))
  p = fma(p, f, constant(-0.1666799634695053))
  p = fma(p, f, constant(0.2000211924314499))
  p = fma(p, f, constant(-0.25000008940696716))
  p = fma(p, f, constant(0.3333331346511841))
  let square = f * f
  var y = fma(p * f, square, n * constant(-2.12194440e-4))
  y = fma(square, constant(-0.5), y)
  return fma(n, constant(0.693359375), f + y)
}

/// x = 2^n (1 + f) for positive normal x.
@inline(always)
private func splitForLog(_ x: V) -> (f: V, n: V) {
  // Subtracting the bits of sqrt(1/2) makes the exponent field change where the mantissa does.
  let offset = Integers(repeating: 0x3f35_04f3)
  let shifted = x.signedBits &- offset
  let n = shifted &>> 23
  let m = V(bitPattern: (shifted & 0x007f_ffff) &+ offset)
  return (m - 1, V(converting: n))
}

/// log x: -infinity at 0, NaN below.
#if hasFeature(Embedded)
  @inline(never)
#else
  @inline(always)
#endif
func log(_ x: V) -> V {
  let tiny = x .< constant(.leastNormalMagnitude)
  let (f, n) = splitForLog(x.replacing(with: x * constant(8_388_608), where: tiny))
  var y = logReduced(f, n.replacing(with: n - 23, where: tiny))
  y = y.replacing(with: x, where: (x .== constant(.infinity)) .| (x .!= x))
  y = y.replacing(with: constant(.nan), where: x .< 0)
  return y.replacing(with: constant(-.infinity), where: x .== 0)
}

/// log(1 + x), accurate near 0: -infinity at -1, NaN below.
@inline(always)
func log1p(_ x: V) -> V {
  let u = x + 1
  // What rounding u lost, as a first-order correction.
  let lost = (x - (u - 1)).replacing(with: 1 - (u - x), where: u .> constant(2))
  let (f, n) = splitForLog(u)
  var y = logReduced(f, n) + lost / u
  y = y.replacing(with: x, where: (x .== constant(.infinity)) .| (x .!= x) .| (x .== 0))
  y = y.replacing(with: constant(.nan), where: x .< -1)
  return y.replacing(with: constant(-.infinity), where: x .== -1)
}

/// tanh x as x P(x^2) / Q(x^2).
#if hasFeature(Embedded)
  @inline(never)
#else
  @inline(always)
#endif
func tanh(_ x: V) -> V {
  let a = smaller(larger(x, constant(-9.02)), constant(9.02))
  let t = a * a
  var p = constant(1.3319022329483232e-08)
  p = fma(p, t, constant(2.058344216493424e-05))
  p = fma(p, t, constant(0.0034940321929752827))
  p = fma(p, t, constant(0.13379715383052826))
  p = fma(p, t, constant(1))
  var q = constant(7.761998404021142e-07)
  q = fma(q, t, constant(0.00032830890268087387))
  q = fma(q, t, constant(0.025871064513921738))
  q = fma(q, t, constant(0.46713030338287354))
  q = fma(q, t, constant(1))
  return (a * p / q).replacing(with: copySign(constant(1), x), where: magnitude(x) .>= 9.02)
}

/// The error function as x P(x^2) / Q(x^2).
#if hasFeature(Embedded)
  @inline(never)
#else
  @inline(always)
#endif
func erf(_ x: V) -> V {
  let a = smaller(larger(x, constant(-3.925)), constant(3.925))
  let t = a * a
  var p = constant(2.0460229279706255e-06)
  p = fma(p, t, constant(0.0002848448639269918))
  p = fma(p, t, constant(0.0037725968286395073))
  p = fma(p, t, constant(0.05276944115757942))
  p = fma(p, t, constant(0.19059480726718903))
  p = fma(p, t, constant(1.1283791065216064))
  var q = constant(3.804780135396868e-05)
  q = fma(q, t, constant(0.0011638696305453777))
  q = fma(q, t, constant(0.014983290806412697))
  q = fma(q, t, constant(0.11418315768241882))
  q = fma(q, t, constant(0.5022429823875427))
  q = fma(q, t, constant(1))
  // Rounding may lead beyond 1 just before.
  let y = smaller(larger(a * p / q, constant(-1)), constant(1))
  return y.replacing(with: copySign(constant(1), x), where: magnitude(x) .>= 3.92)
}

/// 1 / (1 + e^-x), from the exponential that cannot overflow; 0 below -87.33654.
@inline(always)
func sigmoid(_ x: V) -> V {
  let e = expOfNegative(-magnitude(x))
  let numerator = V(repeating: 1).replacing(with: e, where: x .< 0)
  return numerator / (1 + e)
}

/// log(1 + e^x) without overflow.
@inline(always)
func softplus(_ x: V) -> V {
  let positive = x.replacing(with: 0, where: x .< 0)
  return positive + log1p(exp(-magnitude(x)))
}
