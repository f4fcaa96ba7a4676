import Kernels

/// The two forms of the Gaussian error linear unit.
public enum GELU: Sendable {
  /// x·Φ(x) with the error function.
  case exact
  /// The hyperbolic-tangent approximation, as in GPT-2.
  case tanh
}

extension Tensor {
  /// y = f(x), and dx from the gradient and what was kept of the forward pass.
  @inline(__always)
  private func apply(
    _ operation: StaticString, keepsOutput: Bool = false,
    _ forward: (Floats, MutableFloats, Int) -> Void,
    backward: @escaping (Floats, Floats, MutableFloats, Int) -> Void
  ) -> Tensor {
    let result = Tensor(shape, from: self) { y, x in forward(x, y, count) }
    let kept = keepsOutput ? result : stopGradient()
    return result.recorded(
      operation, self,
      backward: { gradient, node in
        gradient.replace(with: kept) { dx, g, x in backward(g, x, dx, kept.count) }
        node.add(0, gradient)
      })
  }

  /// eˣ, within 1.03 ulp.
  public func exp() -> Tensor {
    apply("exp", keepsOutput: true, Elementwise.exp) {
      Binary.multiply($0, $1, $2, count: $3)
    }
  }

  /// eˣ − 1, accurate near 0: within 1.5 ulp.
  public func expm1() -> Tensor {
    apply("expm1", keepsOutput: true, Elementwise.expm1, backward: Elementwise.expm1Backward)
  }

  /// ln x, within 1 ulp: −∞ at 0, NaN below.
  public func log() -> Tensor {
    apply("log", Elementwise.log, backward: Elementwise.logBackward)
  }

  /// ln (1 + x), accurate near 0: within 1.6 ulp.
  public func log1p() -> Tensor {
    apply("log1p", Elementwise.log1p, backward: Elementwise.log1pBackward)
  }

  /// √x: NaN below 0. Correctly rounded.
  public func sqrt() -> Tensor {
    apply(
      "sqrt", keepsOutput: true, Elementwise.squareRoot, backward: Elementwise.squareRootBackward)
  }

  /// x².
  public func squared() -> Tensor {
    apply("squared", Elementwise.square, backward: Elementwise.squareBackward)
  }

  /// x to a fixed power, within 1.5 ulp; NaN for a negative x unless the exponent is whole.
  public func power(_ exponent: Float) -> Tensor {
    apply("power") {
      Elementwise.power($0, exponent, $1, count: $2)
    } backward: {
      Elementwise.powerBackward($0, $1, exponent, $2, count: $3)
    }
  }

  /// |x|; the derivative at 0 is taken as 0.
  public func abs() -> Tensor {
    apply("abs", Elementwise.absolute, backward: Elementwise.absoluteBackward)
  }

  /// −1, 0 or 1 with the sign of x. Its gradient is 0.
  public func sign() -> Tensor {
    Tensor(shape, from: self) { y, x in Elementwise.sign(x, y, count) }
  }

  /// The largest whole number not above x. Its gradient is 0.
  public func floor() -> Tensor {
    Tensor(shape, from: self) { y, x in Elementwise.floor(x, y, count) }
  }

  /// sin x, x in radians, within 2 ulp.
  public func sin() -> Tensor {
    apply("sin", Elementwise.sin, backward: Elementwise.sinBackward)
  }

  /// cos x, x in radians, within 2 ulp.
  public func cos() -> Tensor {
    apply("cos", Elementwise.cos, backward: Elementwise.cosBackward)
  }

  /// The hyperbolic tangent, within 6 ulp.
  public func tanh() -> Tensor {
    apply("tanh", keepsOutput: true, Elementwise.tanh, backward: Elementwise.tanhBackward)
  }

  /// The error function 2/√π ∫₀ˣ e^(−t²) dt, within 6.1 ulp.
  public func erf() -> Tensor {
    apply("erf", Elementwise.erf, backward: Elementwise.erfBackward)
  }

  /// 1 / (1 + e⁻ˣ), within 2.5 ulp.
  public func sigmoid() -> Tensor {
    apply("sigmoid", keepsOutput: true, Elementwise.sigmoid, backward: Elementwise.sigmoidBackward)
  }

  /// ln (1 + eˣ), within 2 ulp.
  public func softplus() -> Tensor {
    apply("softplus", Elementwise.softplus, backward: Elementwise.softplusBackward)
  }

  /// max(x, 0); the derivative at 0 is taken as 0.
  public func relu() -> Tensor {
    apply("relu", keepsOutput: true, Elementwise.relu, backward: Elementwise.reluBackward)
  }

  /// x / (1 + e⁻ˣ).
  public func silu() -> Tensor {
    apply("silu", Elementwise.silu, backward: Elementwise.siluBackward)
  }

  /// x·Φ(x), Φ the cumulative normal distribution, exact or approximated.
  ///
  /// - Source: Hendrycks and Gimpel 2016, arXiv:1606.08415.
  public func gelu(_ form: GELU = .exact) -> Tensor {
    switch form {
    case .exact:
      apply("gelu", Elementwise.geluErf, backward: Elementwise.geluErfBackward)
    case .tanh:
      apply("gelu", Elementwise.geluTanh, backward: Elementwise.geluTanhBackward)
    }
  }

  /// x limited to `range`; the gradient is 0 outside.
  public func clipped(to range: ClosedRange<Float>) -> Tensor {
    let (low, high) = (range.lowerBound, range.upperBound)
    return apply("clipped") {
      Elementwise.clip($0, $1, low: low, high: high, count: $2)
    } backward: {
      Elementwise.clipBackward($0, $1, low: low, high: high, $2, count: $3)
    }
  }
}
