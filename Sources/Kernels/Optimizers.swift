// Parameter updates over flat buffers, one pass each.

/// Parameter updates.
public enum Update {
  /// One AdamW step (Loshchilov and Hutter, 2019); with `weightDecay` 0, Adam.
  ///
  /// Means decay in double precision: of a beta of 0.999999, a float's 1 - beta is wrong by 1 %.
  ///
  /// - Parameters:
  ///   - step: 1 for the first step, for the bias correction.
  ///   - gradientScale: the gradient is multiplied by this first (clipping).
  @inline(never)
  public static func adamW(
    _ parameters: MutableFloats, _ gradient: Floats, first m: MutableFloats,
    second v: MutableFloats, count: Int, step: Int, learningRate: Float, beta1: Double,
    beta2: Double, epsilon: Float, weightDecay: Float, gradientScale: Float = 1
  ) {
    let correction1 = 1 - power(beta1, step)
    let correction2 = 1 - power(beta2, step)
    let s = AdamFactors(
      scale: V(repeating: gradientScale), beta1: Factor(beta1),
      rest1: V(repeating: Float(1 - beta1)), beta2: Factor(beta2),
      rest2: V(repeating: Float(1 - beta2)), epsilon: V(repeating: epsilon),
      decay: V(repeating: Float(-Double(learningRate) * Double(weightDecay))),
      rate: V(repeating: Float(Double(learningRate) / correction1)),
      root: V(repeating: Float(1 / correction2.squareRoot())))
    @inline(always)
    func numbers(_ i: Int) -> (V, V, V, V) {
      (load(parameters + i), load(gradient + i), load(m + i), load(v + i))
    }
    @inline(always)
    func write(_ new: (V, V, V), _ i: Int) {
      store(new.0, parameters + i)
      store(new.1, m + i)
      store(new.2, v + i)
    }
    Parallel.ranges(count, grain: 4096, isLong: count > 1 << 19) { from, to in
      var i = from
      // All is read before anything is written: a read may wait for a write to the same place of
      // another page.
      while i &+ 4 &* lanes <= to {
        let (a, b, c, d) = (
          numbers(i), numbers(i &+ lanes), numbers(i &+ 2 &* lanes), numbers(i &+ 3 &* lanes)
        )
        write(s.step(a.0, a.1, a.2, a.3), i)
        write(s.step(b.0, b.1, b.2, b.3), i &+ lanes)
        write(s.step(c.0, c.1, c.2, c.3), i &+ 2 &* lanes)
        write(s.step(d.0, d.1, d.2, d.3), i &+ 3 &* lanes)
        i &+= 4 &* lanes
      }
      while i &+ lanes <= to {
        let a = numbers(i)
        write(s.step(a.0, a.1, a.2, a.3), i)
        i &+= lanes
      }
      let rest = to &- i
      if rest > 0 {
        let (p, first, second) = s.step(
          load(parameters + i, first: rest), load(gradient + i, first: rest),
          load(m + i, first: rest), load(v + i, first: rest))
        store(p, parameters + i, first: rest)
        store(first, m + i, first: rest)
        store(second, v + i, first: rest)
      }
    }
  }

  /// One step of gradient descent: velocity = momentum velocity + gradient + weightDecay p, then
  /// p -= learningRate velocity (or the look-ahead form, `isNesterov`).
  @inline(never)
  public static func sgd(
    _ parameters: MutableFloats, _ gradient: Floats, velocity: MutableFloats, count: Int,
    learningRate: Float, momentum: Double, weightDecay: Float, isNesterov: Bool = false,
    gradientScale: Float = 1
  ) {
    let (scale, momentum) = (V(repeating: gradientScale), Factor(momentum))
    let (decay, rate) = (V(repeating: weightDecay), V(repeating: -learningRate))
    @inline(always)
    func step(_ p: V, _ g: V, _ u: V) -> (V, V) {
      let g = fma(decay, p, g * scale)
      let u = momentum.times(u, plus: g)
      return (fma(rate, isNesterov ? momentum.times(u, plus: g) : u, p), u)
    }
    Parallel.ranges(count, grain: 4096, isLong: count > 1 << 19) { from, to in
      let (parameters, gradient, velocity) = (parameters + from, gradient + from, velocity + from)
      overVectors(to &- from) { i, n in
        let (p, u) = step(
          loadPart(parameters + i, n), loadPart(gradient + i, n), loadPart(velocity + i, n))
        storePart(p, parameters + i, n)
        storePart(u, velocity + i, n)
      }
    }
  }
}

/// A number in double precision as the sum of two floats.
private struct Factor {
  let high, low: V

  init(_ value: Double) {
    let high = Float(value)
    self.high = V(repeating: high)
    low = V(repeating: Float(value - Double(high)))
  }

  /// This number times x, plus y.
  @inline(always)
  func times(_ x: V, plus y: V) -> V { fma(high, x, fma(low, x, y)) }
}

/// beta^step.
private func power(_ beta: Double, _ step: Int) -> Double {
  var (result, base, exponent) = (1.0, beta, step)
  while exponent > 0 {
    if exponent & 1 == 1 { result *= base }
    base *= base
    exponent >>= 1
  }
  return result
}

private struct AdamFactors {
  var scale: V
  var beta1: Factor
  var rest1: V
  var beta2: Factor
  var rest2, epsilon, decay, rate, root: V

  @inline(always)
  func step(_ p: V, _ g: V, _ m: V, _ v: V) -> (V, V, V) {
    let g = g * scale
    let m = beta1.times(m, plus: rest1 * g)
    let v = beta2.times(v, plus: rest2 * (g * g))
    let size = fma(v.squareRoot(), root, epsilon)
    // The whole step is made before it is added: p is rounded once.
    return (p + fma(-rate, m / size, decay * p), m, v)
  }
}
