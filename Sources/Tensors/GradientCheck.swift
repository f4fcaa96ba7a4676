/// The gradients of a function compared with finite differences.
///
///     let check = GradientCheck([x, w]) { ($0[0].matmul($0[1])).sum() }
///     check.worstError  // about 1e-3: single precision allows no less
///
/// Each element of each input is moved by ±`step`; the difference of the two results over 2·`step`
/// is what the gradient should be.
public struct GradientCheck: Sendable {
  /// One element where the two disagree.
  public struct Difference: Sendable, CustomStringConvertible {
    /// Which input, and which of its elements, row by row.
    public let input: Int, element: Int
    /// What the backward pass says, and what the finite difference says.
    public let gradient: Float, expected: Float
    /// |gradient − expected| over the larger of 1 and the input's largest |expected|.
    public let error: Float

    /// The place and the two numbers, for a test's message.
    public var description: String {
      "input \(input), element \(element): gradient \(gradient), finite difference \(expected)"
    }
  }

  /// The element with the largest error; nil when every input is empty.
  public let worst: Difference?

  /// The largest error, relative to the larger of 1 and the input's largest derivative.
  public var worstError: Float { worst?.error ?? 0 }

  /// Compares every derivative of `function` at `inputs`.
  ///
  /// - Parameters:
  ///   - inputs: tensors of any shape; keep them small, as each element costs two evaluations.
  ///   - step: how far each element is moved; 10⁻² balances rounding and curvature for values
  ///     near 1.
  ///   - function: from the inputs, in their order, to a number.
  public init(
    _ inputs: [Tensor], step: Float = 1e-2, function: ([Tensor]) -> Tensor
  ) {
    let parameters = inputs.map { $0.stopGradient().parameter() }
    let gradients = function(parameters).gradients(of: parameters)
    var worst: Difference?
    for (index, input) in inputs.enumerated() {
      var expected = [Float](repeating: 0, count: input.count)
      for element in 0..<input.count {
        func value(at shift: Float) -> Double {
          var moved = inputs.map { $0.stopGradient() }
          moved[index].update { $0[element] += shift }
          return Double(function(moved).scalar)
        }
        expected[element] = Float((value(at: step) - value(at: -step)) / (2 * Double(step)))
      }
      let scale = max(1, expected.reduce(0) { max($0, $1.magnitude) })
      for (element, gradient) in gradients[index].elements.enumerated() {
        let error = (gradient - expected[element]).magnitude / scale
        // A NaN is worse than any number.
        if !(error <= worst?.error ?? -1) {
          worst = Difference(
            input: index, element: element, gradient: gradient, expected: expected[element],
            error: error.isNaN ? .infinity : error)
        }
      }
    }
    self.worst = worst
  }
}
