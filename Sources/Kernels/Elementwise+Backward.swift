// What each function of Elementwise.swift sends back: dx = g f'(x), `g` being the gradient of its
// output. `dx` may be any of the inputs.

extension Elementwise {
  /// dx = g / (2 y), with y = sqrt(x).
  @inline(never)
  public static func squareRootBackward(
    _ g: Floats, _ y: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in mapRange(n, g + i, y + i, dx + i) { g, y in g * 0.5 / y } }
  }

  /// dx = -g y^3 / 2, with y = 1 / sqrt(x).
  @inline(never)
  public static func reciprocalSquareRootBackward(
    _ g: Floats, _ y: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in mapRange(n, g + i, y + i, dx + i) { g, y in g * -0.5 * (y * y * y) } }
  }

  /// dx = -g y^2, with y = 1 / x.
  @inline(never)
  public static func reciprocalBackward(
    _ g: Floats, _ y: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in mapRange(n, g + i, y + i, dx + i) { g, y in -g * (y * y) } }
  }

  /// dx = 2 g x.
  @inline(never)
  public static func squareBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i) { g, x in g * (x + x) } }
  }

  /// dx = g sign(x).
  @inline(never)
  public static func absoluteBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in
      mapRange(n, g + i, x + i, dx + i) { g, x in
        g.replacing(with: -g, where: x .< 0).replacing(with: 0, where: x .== 0)
      }
    }
  }

  /// dx = g / x.
  @inline(never)
  public static func logBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i) { g, x in g / x } }
  }

  /// dx = g / (1 + x).
  @inline(never)
  public static func log1pBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i) { g, x in g / (1 + x) } }
  }

  /// dx = g (1 + y), with y = e^x - 1.
  @inline(never)
  public static func expm1Backward(
    _ g: Floats, _ y: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in mapRange(n, g + i, y + i, dx + i) { g, y in fma(g, y, g) } }
  }

  /// dx = g (1 - y^2), with y = tanh x.
  @inline(never)
  public static func tanhBackward(
    _ g: Floats, _ y: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in mapRange(n, g + i, y + i, dx + i) { g, y in g * (1 - y * y) } }
  }

  /// dx = g y (1 - y), with y = sigmoid(x).
  @inline(never)
  public static func sigmoidBackward(
    _ g: Floats, _ y: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in mapRange(n, g + i, y + i, dx + i) { g, y in g * (y * (1 - y)) } }
  }

  /// dx = g sigmoid(x).
  @inline(never)
  public static func softplusBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    @inline(always)
    func slope(_ g: V, _ x: V) -> V { g * Kernels.sigmoid(x) }
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i, slope) }
  }

  /// dx = g where y > 0, with y = relu(x) or x itself.
  @inline(never)
  public static func reluBackward(
    _ g: Floats, _ y: Floats, _ dx: MutableFloats, count: Int
  ) {
    inChunks(count) { i, n in
      mapRange(n, g + i, y + i, dx + i) { g, y in g.replacing(with: 0, where: y .<= 0) }
    }
  }

  /// dx = g 2/sqrt(pi) e^(-x^2).
  @inline(never)
  public static func erfBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    @inline(always)
    func slope(_ g: V, _ x: V) -> V { g * 1.1283791671 * expOfNegative(-(x * x)) }
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i, slope) }
  }

  /// dx = g gelu'(x).
  @inline(never)
  public static func geluErfBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    @inline(always)
    func slope(_ g: V, _ x: V) -> V { g * geluErfWithDerivative(x).1 }
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i, slope) }
  }

  /// dx = g gelu'(x), tanh form.
  @inline(never)
  public static func geluTanhBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    @inline(always)
    func slope(_ g: V, _ x: V) -> V { g * geluTanhWithDerivative(x).1 }
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i, slope) }
  }

  /// dx = g silu'(x).
  @inline(never)
  public static func siluBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    @inline(always)
    func slope(_ g: V, _ x: V) -> V { g * siluWithDerivative(x).1 }
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i, slope) }
  }

  /// dx = g cos x.
  @inline(never)
  public static func sinBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    @inline(always)
    func slope(_ g: V, _ x: V) -> V { g * Kernels.cos(x) }
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i, slope) }
  }

  /// dx = -g sin x.
  @inline(never)
  public static func cosBackward(
    _ g: Floats, _ x: Floats, _ dx: MutableFloats, count: Int
  ) {
    @inline(always)
    func slope(_ g: V, _ x: V) -> V { -(g * Kernels.sin(x)) }
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i, slope) }
  }

  /// dx = g where low <= x <= high, else 0.
  @inline(never)
  public static func clipBackward(
    _ g: Floats, _ x: Floats, low: Float, high: Float, _ dx: MutableFloats, count: Int
  ) {
    let (low, high) = (V(repeating: low), V(repeating: high))
    @inline(always)
    func slope(_ g: V, _ x: V) -> V { g.replacing(with: 0, where: (x .< low) .| (x .> high)) }
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i, slope) }
  }

  /// dx = g exponent x^(exponent - 1).
  @inline(never)
  public static func powerBackward(
    _ g: Floats, _ x: Floats, _ exponent: Float, _ dx: MutableFloats, count: Int
  ) {
    let (scale, exponent) = (V(repeating: exponent), V(repeating: exponent - 1))
    @inline(always)
    func slope(_ g: V, _ x: V) -> V { g * scale * Kernels.pow(x, exponent) }
    inChunks(count) { i, n in mapRange(n, g + i, x + i, dx + i, slope) }
  }

  /// y = f(x) and its derivative at x, for a backward pass that is one product.
  @inline(never)
  public static func activate(
    _ activation: Activation, _ x: Floats, _ y: MutableFloats, derivative: MutableFloats,
    count: Int
  ) {
    Parallel.ranges(count, grain: 16_384, isLong: count > 1 << 19) { from, to in
      activation.apply(to &- from, x + from, y + from, derivative: derivative + from)
    }
  }
}
