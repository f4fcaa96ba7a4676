// The activation functions of sixteen lanes, each with its derivative.

/// A function applied to the result of a matrix product while it is still in the cache.
///
/// It carries its own loops, so that a program has those of the functions that it names.
public struct Activation: Sendable {
  private let loops: @convention(c) @Sendable (Int, Floats, MutableFloats, MutableFloats?) -> Void

  /// y = f(x) for `count` numbers (`y` may be `x`) and, if wanted, the derivative at each of them.
  /// One thread: it is called from inside regions.
  func apply(_ count: Int, _ x: Floats, _ y: MutableFloats, derivative: MutableFloats?) {
    loops(count, x, y, derivative)
  }
}

extension Activation {
  /// max(x, 0)
  public static var relu: Activation {
    Activation { overAll($0, $1, $2, $3, Kernels.relu, reluWithDerivative) }
  }

  /// x/2 (1 + erf(x/sqrt 2))
  public static var geluErf: Activation {
    Activation { overAll($0, $1, $2, $3, Kernels.geluErf, geluErfWithDerivative) }
  }

  /// x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))
  public static var geluTanh: Activation {
    Activation { overAll($0, $1, $2, $3, Kernels.geluTanh, geluTanhWithDerivative) }
  }

  /// x / (1 + e^-x)
  public static var silu: Activation {
    Activation { overAll($0, $1, $2, $3, Kernels.silu, siluWithDerivative) }
  }

  public static var tanh: Activation {
    Activation { overAll($0, $1, $2, $3, Kernels.tanh, tanhWithDerivative) }
  }

  public static var sigmoid: Activation {
    Activation { overAll($0, $1, $2, $3, Kernels.sigmoid, sigmoidWithDerivative) }
  }
}

/// y = f(x) for all of `count` numbers, with the derivative if there is a place for it.
@inline(always)
private func overAll(
  _ count: Int, _ x: Floats, _ y: MutableFloats, _ derivative: MutableFloats?, _ f: (V) -> V,
  _ fWithDerivative: (V) -> (V, V)
) {
  if let derivative {
    mapRange(count, x, y, derivative, fWithDerivative)
  } else {
    mapRange(count, x, y, f)
  }
}

private let rootHalf = V(repeating: 0.70710678)
private let rootTwoOverPi = V(repeating: 0.79788456)

@inline(always)
func relu(_ x: V) -> V { x.replacing(with: 0, where: x .< 0) }

@inline(always)
func geluErf(_ x: V) -> V {
  let half = x * 0.5
  return fma(half, erf(x * rootHalf), half)
}

@inline(always)
func geluErfWithDerivative(_ x: V) -> (V, V) {
  let phi = fma(erf(x * rootHalf), V(repeating: 0.5), V(repeating: 0.5))
  let density = expOfNegative(x * x * -0.5) * V(repeating: 0.39894228)
  return (x * phi, fma(x, density, phi))
}

@inline(always)
func geluTanh(_ x: V) -> V {
  let inner = rootTwoOverPi * fma(x * x * x, V(repeating: 0.044715), x)
  let half = x * 0.5
  return fma(half, tanh(inner), half)
}

@inline(always)
func geluTanhWithDerivative(_ x: V) -> (V, V) {
  let square = x * x
  let t = tanh(rootTwoOverPi * x * fma(square, V(repeating: 0.044715), V(repeating: 1)))
  let slope = rootTwoOverPi * fma(square, V(repeating: 3 * 0.044715), V(repeating: 1))
  let half = fma(t, V(repeating: 0.5), V(repeating: 0.5))
  return (x * half, fma(x * 0.5 * (1 - t * t), slope, half))
}

@inline(always)
func silu(_ x: V) -> V { x * sigmoid(x) }

@inline(always)
func siluWithDerivative(_ x: V) -> (V, V) {
  let s = sigmoid(x)
  return (x * s, fma(x * s, 1 - s, s))
}

@inline(always)
func reluWithDerivative(_ x: V) -> (V, V) {
  (relu(x), V(repeating: 1).replacing(with: 0, where: x .<= 0))
}

@inline(always)
func tanhWithDerivative(_ x: V) -> (V, V) {
  let t = tanh(x)
  return (t, 1 - t * t)
}

@inline(always)
func sigmoidWithDerivative(_ x: V) -> (V, V) {
  let s = sigmoid(x)
  return (s, s * (1 - s))
}
