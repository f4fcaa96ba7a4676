// Parameter updates over flat buffers, one pass each.

/// Parameter updates.
public enum Update {
  /// One AdamW step (Loshchilov and Hutter, 2019); with `weightDecay` 0, Adam.
  ///
  /// - Parameters:
  ///   - step: 1 for the first step, for the bias correction.
  ///   - gradientScale: the gradient is multiplied by this first (clipping).
  @inline(never)
  public static func adamW(
    _ parameters: MutableFloats, _ gradient: Floats, first m: MutableFloats,
    second v: MutableFloats, count: Int, step: Int, learningRate: Float, beta1: Float,
    beta2: Float, epsilon: Float, weightDecay: Float, gradientScale: Float = 1
  ) {
    let correction1 = 1 - powerOfBeta(beta1, step)
    let correction2 = 1 - powerOfBeta(beta2, step)
    let s = AdamFactors(
      scale: V(repeating: gradientScale), beta1: V(repeating: beta1),
      rest1: V(repeating: 1 - beta1), beta2: V(repeating: beta2),
      rest2: V(repeating: 1 - beta2), epsilon: V(repeating: epsilon),
      keep: V(repeating: 1 - learningRate * weightDecay),
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
    learningRate: Float, momentum: Float, weightDecay: Float, isNesterov: Bool = false,
    gradientScale: Float = 1
  ) {
    let (scale, momentum) = (V(repeating: gradientScale), V(repeating: momentum))
    let (decay, rate) = (V(repeating: weightDecay), V(repeating: -learningRate))
    @inline(always)
    func step(_ p: V, _ g: V, _ u: V) -> (V, V) {
      let g = fma(decay, p, g * scale)
      let u = fma(momentum, u, g)
      return (fma(rate, isNesterov ? fma(momentum, u, g) : u, p), u)
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

  /// p -= learningRate (gradientScale gradient + weightDecay p)
  @inline(never)
  public static func sgd(
    _ parameters: MutableFloats, _ gradient: Floats, count: Int, learningRate: Float,
    weightDecay: Float = 0, gradientScale: Float = 1
  ) {
    let (rate, keep) = (
      V(repeating: -learningRate * gradientScale), V(repeating: 1 - learningRate * weightDecay)
    )
    inChunks(count) { i, n in
      mapRange(n, parameters + i, gradient + i, parameters + i) { p, g in fma(g, rate, p * keep) }
    }
  }
}

/// beta^step in double precision; beta is what the decimal number meant, so 0.999 is not taken
/// for the nearest Float's 0.99900001.
private func powerOfBeta(_ beta: Float, _ step: Int) -> Double {
  let exact = (Double(beta) * 1e6 + 0.5)
  var base = Double(Int(exact)) / 1e6
  if Float(base) != beta { base = Double(beta) }
  var (result, exponent) = (1.0, step)
  while exponent > 0 {
    if exponent & 1 == 1 { result *= base }
    base *= base
    exponent >>= 1
  }
  return result
}

private struct AdamFactors {
  var scale, beta1, rest1, beta2, rest2, epsilon, keep, rate, root: V

  @inline(always)
  func step(_ p: V, _ g: V, _ m: V, _ v: V) -> (V, V, V) {
    let g = g * scale
    let m = fma(beta1, m, rest1 * g)
    let v = fma(beta2, v, rest2 * (g * g))
    let size = fma(v.squareRoot(), root, epsilon)
    return (fma(-rate, m / size, p * keep), m, v)
  }
}
