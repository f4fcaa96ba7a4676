import Tensors

/// A learning rate that rises from 0 in a straight line and falls along half a cosine.
///
///     for step in 0..<steps {
///       optimizer.learningRate = schedule.learningRate(at: step)
///
/// - Source: Loshchilov and Hutter 2017, arXiv:1608.03983; Goyal et al. 2017, arXiv:1706.02677.
public struct WarmupCosine: Sendable {
  /// The highest rate, reached after the warm-up.
  public var peak: Float
  /// The rate at the end.
  public var floor: Float
  /// Steps of the rise, and of everything.
  public var warmupSteps: Int, totalSteps: Int

  /// A schedule from 0 to `peak` in `warmupSteps`, and on to `floor` at `totalSteps`.
  public init(peak: Float, floor: Float = 0, warmupSteps: Int, totalSteps: Int) {
    (self.peak, self.floor) = (peak, floor)
    (self.warmupSteps, self.totalSteps) = (warmupSteps, totalSteps)
  }

  /// The rate of a step, counted from 0: peak/warmupSteps at the first, `floor` from `totalSteps`.
  ///
  /// - Precondition: a step of 0 or more.
  public func learningRate(at step: Int) -> Float {
    if step < 0 { fail("learningRate: step \(step) is negative; the first is 0") }
    if step < warmupSteps { return peak * Float(step + 1) / Float(warmupSteps) }
    if step >= totalSteps { return floor }
    let progress = Float(step - warmupSteps) / Float(max(1, totalSteps - warmupSteps))
    let share = 0.5 * (1 + Tensor(Float.pi * progress).cos().scalar)
    return floor + (peak - floor) * share
  }
}

extension [Tensor] {
  /// The Euclidean length of all elements of all tensors together.
  public var norm: Float { Float(length) }

  /// In double precision, which holds the length of any floats and its square.
  private var length: Double {
    reduce(0) { sum, tensor in
      let length = tensor.norm
      return sum + length * length
    }.squareRoot()
  }

  /// The tensors scaled down together so that ``norm`` is at most `limit`. One that holds a NaN
  /// makes all of them NaN: no scale is known.
  ///
  /// - Precondition: a limit of 0 or more.
  /// - Source: Pascanu et al. 2013, arXiv:1211.5063.
  public func clipped(toNorm limit: Float) -> [Tensor] {
    if !(limit >= 0) { fail("clipped: the norm cannot be at most \(limit); needs 0 or more") }
    let length = self.length
    if length <= Double(limit) { return self }
    let factor = Double(limit) / length
    if factor >= Double(Float.leastNormalMagnitude) || !(factor > 0) {
      return map { $0.stopGradient() * Float(factor) }
    }
    // Two factors, where a float does not hold their product.
    let root = Float(factor.squareRoot())
    return map { $0.stopGradient() * root * root }
  }
}
