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

@inline(always)
func relu(_ x: V) -> V { x.replacing(with: 0, where: x .< 0) }

/// x limited to where the normal distribution's tails are not yet 0, Φ(-|x|) / e^(-x^2/2), and
/// e^(-x^2/2).
///
/// Φ(-a) is e^(-a^2/2) P(a)/Q(a), all coefficients positive: exact far out, where 1 + erf would be
/// a difference of nearly equal numbers.
@inline(always)
private func normalTail(_ x: V) -> (near: V, ratio: V, density: V) {
  // An infinite x would make NaN of a tail that is 0.
  let x = smaller(larger(x, V(repeating: -20)), V(repeating: 20))
  let square = x * x
  // What the square lost in rounding: times 1/2, it is the exponential's relative error.
  let lost = fma(x, x, -square)
  let rounded = expOfNegative(square * -0.5)
  let density = fma(rounded * lost, V(repeating: -0.5), rounded)
  let a = magnitude(x)
  var p = V(repeating: 0.004020198713988066)
  p = fma(p, a, V(repeating: 0.03998422622680664))
  p = fma(p, a, V(repeating: 0.18130691349506378))
  p = fma(p, a, V(repeating: 0.43568652868270874))
  p = fma(p, a, V(repeating: 0.5))
  var q = V(repeating: 0.01007699966430664)
  q = fma(q, a, V(repeating: 0.10023296624422073))
  q = fma(q, a, V(repeating: 0.46438074111938477))
  q = fma(q, a, V(repeating: 1.194484829902649))
  q = fma(q, a, V(repeating: 1.6692579984664917))
  q = fma(q, a, V(repeating: 1))
  return (x, p / q, density)
}

/// x Φ(x) from `normalTail(x)`.
@inline(always)
private func timesNormal(_ x: V, _ near: V, _ ratio: V, _ density: V) -> V {
  // In this order: Φ by itself is subnormal where x Φ(x) is not.
  let tail = near * ratio * density
  return (x - tail).replacing(with: tail, where: x .< 0)
}

@inline(always)
func geluErf(_ x: V) -> V {
  let (near, ratio, density) = normalTail(x)
  return timesNormal(x, near, ratio, density)
}

@inline(always)
func geluErfWithDerivative(_ x: V) -> (V, V) {
  let (near, ratio, density) = normalTail(x)
  let beyond = ratio * density
  let share = (1 - beyond).replacing(with: beyond, where: x .< 0)
  return (
    timesNormal(x, near, ratio, density), fma(near * density, V(repeating: 0.39894228), share)
  )
}

private let rootTwoOverPi = V(repeating: 0.79788456)

@inline(always)
func geluTanh(_ x: V) -> V {
  let inner = rootTwoOverPi * fma(x * x * x, V(repeating: 0.044715), x)
  // Where tanh is -1, an infinite x would make NaN of 0.
  let half = larger(x, V(repeating: -1e9)) * 0.5
  return fma(half, tanh(inner), half)
}

@inline(always)
func geluTanhWithDerivative(_ x: V) -> (V, V) {
  // Beyond 100 the derivative is 0 or 1, and an infinite x would make NaN of it.
  let near = smaller(larger(x, V(repeating: -100)), V(repeating: 100))
  let square = near * near
  let t = tanh(rootTwoOverPi * near * fma(square, V(repeating: 0.044715), V(repeating: 1)))
  let slope = rootTwoOverPi * fma(square, V(repeating: 3 * 0.044715), V(repeating: 1))
  let half = fma(t, V(repeating: 0.5), V(repeating: 0.5))
  return (larger(x, V(repeating: -1e9)) * half, fma(near * 0.5 * (1 - t * t), slope, half))
}

@inline(always)
func silu(_ x: V) -> V {
  // Where the sigmoid is 0, an infinite x would make NaN of it.
  larger(x, V(repeating: -1e9)) * sigmoid(x)
}

@inline(always)
func siluWithDerivative(_ x: V) -> (V, V) {
  let s = sigmoid(x)
  let y = larger(x, V(repeating: -1e9)) * s
  return (y, fma(y, 1 - s, s).replacing(with: 1, where: x .> 100))
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
