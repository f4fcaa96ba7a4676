import Kernels

// Changes in place, for optimizers. Each makes this tensor the only owner of its elements first,
// so a copy that someone kept stays as it was.

extension Tensor {
  /// One step of AdamW; with `weightDecay` 0, of Adam.
  ///
  /// - Parameters:
  ///   - first: the running mean of gradients, of this shape.
  ///   - second: the running mean of their squares, of this shape.
  ///   - step: 1 for the first.
  package mutating func stepAdamW(
    _ gradient: Tensor, first: inout Tensor, second: inout Tensor, step: Int,
    learningRate: Float, beta1: Double, beta2: Double, epsilon: Float, weightDecay: Float
  ) {
    requireGradient(gradient)
    let count = self.count
    update { p in
      first.update { m in
        second.update { v in
          gradient.withPointer { g in
            Update.adamW(
              p, g, first: m, second: v, count: count, step: step, learningRate: learningRate,
              beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay)
          }
        }
      }
    }
  }

  /// One step of gradient descent: velocity = momentum·velocity + scale·gradient + decay·self, then
  /// self −= rate·velocity.
  package mutating func stepSGD(
    _ gradient: Tensor, velocity: inout Tensor, learningRate: Float, momentum: Double,
    weightDecay: Float, isNesterov: Bool = false, gradientScale: Float = 1
  ) {
    requireGradient(gradient)
    let count = self.count
    update { p in
      velocity.update { u in
        gradient.withPointer { g in
          Update.sgd(
            p, g, velocity: u, count: count, learningRate: learningRate, momentum: momentum,
            weightDecay: weightDecay, isNesterov: isNesterov, gradientScale: gradientScale)
        }
      }
    }
  }

  /// self += weight·(target − self); with a weight of 1, the target to the bit.
  package mutating func move(towards target: Tensor, weight: Float) {
    requireGradient(target)
    let count = self.count
    update { p in
      target.withPointer {
        if weight == 1 {
          // The difference is rounded: added to self, it need not give the target.
          p.update(from: $0, count: count)
        } else {
          Elementwise.interpolate(p, $0, weight: weight, p, count: count)
        }
      }
    }
  }

  /// The Euclidean length of all elements, however small or large they are.
  package var norm: Double { withPointer { Reduce.length($0, count: count) } }

  private func requireGradient(_ gradient: Tensor) {
    if gradient.shape != shape { fail("update: \(shape) by \(gradient.shape)") }
  }
}
