// Functions of one buffer. `y` may be `x`; nothing else may overlap.

/// Element-by-element functions over buffers, forward and backward.
public enum Elementwise {
  /// Of x, into y, for so many numbers.
  public typealias Function = @Sendable (_ x: Floats, _ y: MutableFloats, _ count: Int) -> Void

  /// y = |x|.
  public static var absolute: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2, magnitude) } }
  }

  /// y = x^2.
  public static var square: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2) { $0 * $0 } } }
  }

  /// y = the square root; NaN below 0. Correctly rounded.
  public static var squareRoot: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2) { $0.squareRoot() } } }
  }

  /// y = e^x.
  public static var exp: Function { { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.exp) } } }

  /// y = e^x - 1, accurate near 0.
  public static var expm1: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.expm1) } }
  }

  /// y = log x: -infinity at 0, NaN below.
  public static var log: Function { { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.log) } } }

  /// y = log(1 + x), accurate near 0.
  public static var log1p: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.log1p) } }
  }

  /// y = the hyperbolic tangent.
  public static var tanh: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.tanh) } }
  }

  /// y = the error function.
  public static var erf: Function { { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.erf) } } }

  /// y = 1 / (1 + e^-x).
  public static var sigmoid: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.sigmoid) } }
  }

  /// y = log(1 + e^x).
  public static var softplus: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.softplus) } }
  }

  /// y = max(x, 0); a NaN stays.
  public static var relu: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.relu) } }
  }

  /// y = x/2 (1 + erf(x / sqrt 2)).
  public static var geluErf: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.geluErf) } }
  }

  /// y = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).
  public static var geluTanh: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.geluTanh) } }
  }

  /// y = x / (1 + e^-x).
  public static var silu: Function {
    { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.silu) } }
  }

  /// y = the sine; accurate for arguments of any size.
  public static var sin: Function { { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.sin) } } }

  /// y = the cosine; accurate for arguments of any size.
  public static var cos: Function { { inChunks($0, $1, $2) { mapRange($0, $1, $2, Kernels.cos) } } }

  /// y = -1, 0 or 1 with the sign of x; a NaN stays.
  public static var sign: Function { { inChunks($0, $1, $2) { mapRange($0, $1, $2, signOf) } } }

  /// y = the largest integer not above x.
  public static var floor: Function { { inChunks($0, $1, $2) { mapRange($0, $1, $2, floorOf) } } }

  /// y = x limited to low...high; a NaN stays.
  @inline(never)
  public static func clip(
    _ x: Floats, _ y: MutableFloats, low: Float, high: Float, count: Int
  ) {
    let (low, high) = (V(repeating: low), V(repeating: high))
    inChunks(count) { i, n in mapRange(n, x + i, y + i) { smaller(larger($0, low), high) } }
  }

  /// y = x^exponent.
  @inline(never)
  public static func power(_ x: Floats, _ exponent: Float, _ y: MutableFloats, count: Int) {
    let exponent = V(repeating: exponent)
    @inline(always)
    func power(_ x: V) -> V { pow(x, exponent) }
    inChunks(count) { i, n in mapRange(n, x + i, y + i, power) }
  }

  /// y = scale x + offset.
  @inline(never)
  public static func affine(
    _ x: Floats, scale: Float, offset: Float, _ y: MutableFloats, count: Int
  ) {
    let (scale, offset) = (V(repeating: scale), V(repeating: offset))
    inChunks(count) { i, n in mapRange(n, x + i, y + i) { fma($0, scale, offset) } }
  }

  /// y = scale x.
  @inline(never)
  public static func scale(_ x: Floats, by scale: Float, _ y: MutableFloats, count: Int) {
    let scale = V(repeating: scale)
    inChunks(count) { i, n in mapRange(n, x + i, y + i) { $0 * scale } }
  }

  /// y = from + weight (to - from): a moving average when y is `from`.
  @inline(never)
  public static func interpolate(
    _ from: Floats, _ to: Floats, weight: Float, _ y: MutableFloats, count: Int
  ) {
    let weight = V(repeating: weight)
    inChunks(count) { i, n in
      mapRange(n, from + i, to + i, y + i) { from, to in fma(to - from, weight, from) }
    }
  }

  /// y = where `mask` is not 0 the number of `a`, else that of `b`.
  @inline(never)
  public static func select(
    _ mask: Floats, _ a: Floats, _ b: Floats, _ y: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in
      mapRange3(n, mask + i, a + i, b + i, y + i) { mask, a, b in
        b.replacing(with: a, where: mask .!= 0)
      }
    }
  }

  /// y = `value` where `mask` is not 0, else x.
  @inline(never)
  public static func maskedFill(
    _ x: Floats, _ mask: Floats, with value: Float, _ y: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in
      mapRange(n, x + i, mask + i, y + i) { x, mask in x.replacing(with: value, where: mask .!= 0) }
    }
  }
}

@inline(always)
private func signOf(_ x: V) -> V {
  x.replacing(with: 1, where: x .> 0).replacing(with: -1, where: x .< 0)
}

@inline(always)
private func floorOf(_ x: V) -> V {
  // Adding 2^23 leaves an integer; from there on every float is one.
  let big = copySign(V(repeating: 8_388_608), x)
  let nearest = (x + big) - big
  let y = nearest.replacing(with: nearest - 1, where: nearest .> x)
  return x.replacing(with: y, where: magnitude(x) .< 8_388_608)
}
