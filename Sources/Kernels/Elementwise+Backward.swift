// What each function of Elementwise.swift sends back: dx = g f'(x), `g` being the gradient of its
// output. `dx` may be any of the inputs.

extension Elementwise {
  /// From the gradient and what the forward pass kept, x or y, into dx, for so many numbers.
  public typealias Backward =
    @Sendable (
      _ g: Floats, _ kept: Floats, _ dx: MutableFloats, _ count: Int
    ) -> Void

  /// dx = g / (2 y), with y = sqrt(x).
  public static var squareRootBackward: Backward {
    { inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, y in g * 0.5 / y } } }
  }

  /// dx = 2 g x.
  public static var squareBackward: Backward {
    { inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, x in g * (x + x) } } }
  }

  /// dx = g sign(x).
  public static var absoluteBackward: Backward {
    {
      inChunks($0, $1, $2, $3) {
        mapRange($0, $1, $2, $3) { g, x in
          g.replacing(with: -g, where: x .< 0).replacing(with: 0, where: x .== 0)
        }
      }
    }
  }

  /// dx = g / x.
  public static var logBackward: Backward {
    { inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, x in g / x } } }
  }

  /// dx = g / (1 + x).
  public static var log1pBackward: Backward {
    { inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, x in g / (1 + x) } } }
  }

  /// dx = g (1 + y), with y = e^x - 1.
  public static var expm1Backward: Backward {
    { inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, y in fma(g, y, g) } } }
  }

  /// dx = g (1 - y^2), with y = tanh x.
  public static var tanhBackward: Backward {
    { inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, y in g * (1 - y * y) } } }
  }

  /// dx = g y (1 - y), with y = sigmoid(x).
  public static var sigmoidBackward: Backward {
    { inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, y in g * (y * (1 - y)) } } }
  }

  /// dx = g sigmoid(x).
  public static var softplusBackward: Backward {
    { inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, x in g * Kernels.sigmoid(x) } } }
  }

  /// dx = g where y > 0, with y = relu(x) or x itself.
  public static var reluBackward: Backward {
    {
      inChunks($0, $1, $2, $3) {
        mapRange($0, $1, $2, $3) { g, y in g.replacing(with: 0, where: y .<= 0) }
      }
    }
  }

  /// dx = g 2/sqrt(pi) e^(-x^2).
  public static var erfBackward: Backward {
    {
      inChunks($0, $1, $2, $3) {
        mapRange($0, $1, $2, $3) { g, x in g * 1.1283791671 * expOfNegative(-(x * x)) }
      }
    }
  }

  /// dx = g gelu'(x).
  public static var geluErfBackward: Backward {
    {
      inChunks($0, $1, $2, $3) {
        mapRange($0, $1, $2, $3) { g, x in g * geluErfWithDerivative(x).1 }
      }
    }
  }

  /// dx = g gelu'(x), tanh form.
  public static var geluTanhBackward: Backward {
    {
      inChunks($0, $1, $2, $3) {
        mapRange($0, $1, $2, $3) { g, x in g * geluTanhWithDerivative(x).1 }
      }
    }
  }

  /// dx = g silu'(x).
  public static var siluBackward: Backward {
    {
      inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, x in g * siluWithDerivative(x).1 } }
    }
  }

  /// dx = g cos x.
  public static var sinBackward: Backward {
    { inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, x in g * Kernels.cos(x) } } }
  }

  /// dx = -g sin x.
  public static var cosBackward: Backward {
    { inChunks($0, $1, $2, $3) { mapRange($0, $1, $2, $3) { g, x in -(g * Kernels.sin(x)) } } }
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

  /// dx = g exponent x^(exponent - 1); 0 for x^0, which is 1 everywhere.
  @inline(never)
  public static func powerBackward(
    _ g: Floats, _ x: Floats, _ exponent: Float, _ dx: MutableFloats, count: Int
  ) {
    if exponent == 0 { return dx.update(repeating: 0, count: count) }
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
