import Kernels

#if !hasFeature(Embedded)
  import Synchronization
#endif

/// Finds the first operation that made a NaN, forwards or backwards.
package enum NaNCheck {
  #if hasFeature(Embedded)
    static var isOn: Bool { false }
  #else
    private static let depth = Atomic<Int>(0)
    @inline(__always) static var isOn: Bool { depth.load(ordering: .relaxed) != 0 }
    static func begin() { depth.wrappingAdd(1, ordering: .relaxed) }
    static func end() { depth.wrappingSubtract(1, ordering: .relaxed) }
  #endif

  static func inspect(_ output: Tensor, _ operation: StaticString, isGradient: Bool = false) {
    guard let position = output.firstNaN else { return }
    fail(
      """
      \(operation): \(isGradient ? "the gradient" : "the result") \(output.shape) is NaN at \
      element \(position), and no earlier one was
      """)
  }
}

extension Tensor {
  /// Runs `body` and stops at the first operation whose result, or whose gradient, holds a NaN,
  /// naming the operation, the shape and the element.
  ///
  ///     let gradients = Tensor.stoppingAtNaN {
  ///       loss(model(images)).gradients(of: parameters)
  ///     }
  ///
  /// Every operation reads its result once more meanwhile; outside it the check costs nothing.
  /// Without effect in Embedded Swift.
  public static func stoppingAtNaN<Result>(_ body: () -> Result) -> Result {
    #if !hasFeature(Embedded)
      NaNCheck.begin()
      defer { NaNCheck.end() }
    #endif
    return body()
  }

  /// The position, in memory order, of the first element that is NaN.
  package var firstNaN: Int? {
    withPointer { p in
      var i = 0
      while i < count {
        if p[i] != p[i] { return i }
        i &+= 1
      }
      return nil
    }
  }

  /// Whether no element is NaN, infinite, or so large that a product with another may be.
  var isModerate: Bool { withPointer { Reduce.isModerate($0, count: count) } }
}
