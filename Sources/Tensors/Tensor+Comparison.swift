import Kernels

extension Tensor: Equatable {
  /// Whether shapes and all elements are equal; a NaN equals nothing.
  public static func == (a: Tensor, b: Tensor) -> Bool {
    if a.shape != b.shape { return false }
    return withExtendedLifetime((a.storage, b.storage)) {
      let (x, y) = (a.pointer, b.pointer)
      for i in 0..<a.count where x[i] != y[i] { return false }
      return true
    }
  }
}

// Comparisons make masks: 1 where true, 0 where false, never recorded. A NaN compares false, but
// differs from everything.
extension Tensor {
  private static func compare(
    _ a: Tensor, _ b: Tensor, _ operation: StaticString, _ kernel: Broadcast.Kernel
  ) -> Tensor {
    Broadcast(a.shape, b.shape, operation).combine(a, b, kernel)
  }

  /// 1 where `a` equals `b`, 0 elsewhere; shapes broadcast. Never recorded.
  public static func .== (a: Tensor, b: Tensor) -> Tensor {
    compare(a, b, ".==", Binary.equal)
  }

  /// 1 where `a` differs from `b`, 0 elsewhere; a NaN differs from everything. Shapes broadcast;
  /// never recorded.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor {
    compare(a, b, ".!=", Binary.notEqual)
  }

  /// 1 where `a` is below `b`, 0 elsewhere; shapes broadcast. Never recorded.
  public static func .< (a: Tensor, b: Tensor) -> Tensor {
    compare(a, b, ".<", Binary.less)
  }

  /// 1 where `a` is at most `b`, 0 elsewhere; shapes broadcast. Never recorded.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor {
    compare(a, b, ".<=", Binary.lessOrEqual)
  }

  /// 1 where `a` is above `b`, 0 elsewhere; shapes broadcast. Never recorded.
  public static func .> (a: Tensor, b: Tensor) -> Tensor {
    compare(a, b, ".>", Binary.greater)
  }

  /// 1 where `a` is at least `b`, 0 elsewhere; shapes broadcast. Never recorded.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor {
    compare(a, b, ".>=", Binary.greaterOrEqual)
  }

  /// 1 where an element equals `b`, 0 elsewhere. Never recorded.
  public static func .== (a: Tensor, b: Float) -> Tensor { a .== Tensor(b) }

  /// 1 where an element differs from `b`, 0 elsewhere; a NaN differs from everything. Never
  /// recorded.
  public static func .!= (a: Tensor, b: Float) -> Tensor { a .!= Tensor(b) }

  /// 1 where an element is below `b`, 0 elsewhere. Never recorded.
  public static func .< (a: Tensor, b: Float) -> Tensor { a .< Tensor(b) }

  /// 1 where an element is at most `b`, 0 elsewhere. Never recorded.
  public static func .<= (a: Tensor, b: Float) -> Tensor { a .<= Tensor(b) }

  /// 1 where an element is above `b`, 0 elsewhere. Never recorded.
  public static func .> (a: Tensor, b: Float) -> Tensor { a .> Tensor(b) }

  /// 1 where an element is at least `b`, 0 elsewhere. Never recorded.
  public static func .>= (a: Tensor, b: Float) -> Tensor { a .>= Tensor(b) }
}

extension Tensor {
  /// `a` where `mask` is not 0, `b` where it is.
  ///
  ///     Tensor.where(x .> 0, x, x * 0.01)  // leaky relu
  ///
  /// What is not chosen receives a gradient of 0, even if it is NaN or infinite. What it was computed
  /// from may not: where √ has an infinite slope, its gradient of 0 becomes 0·∞ = NaN. Make the
  /// argument safe first:
  ///
  ///     let safe = Tensor.where(x .> 0, x, Tensor(1))
  ///     Tensor.where(x .> 0, safe.sqrt(), Tensor(0))  // gradient 0 where x ≤ 0
  ///
  /// - Precondition: the three shapes broadcast together.
  public static func `where`(_ mask: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    let shape = a.shape.broadcast(with: b.shape, "where").broadcast(with: mask.shape, "where")
    let wide = mask.stopGradient().broadcast(to: shape)
    let (x, y) = (a.stopGradient().broadcast(to: shape), b.stopGradient().broadcast(to: shape))
    let (aShape, bShape) = (a.shape, b.shape)
    return select(wide, x, y).recorded(
      "where", a, b,
      backward: { gradient, node in
        let nothing = Tensor.zeros(shape)
        if node.needs(0) { node.add(0, select(wide, gradient, nothing).summed(to: aShape)) }
        if node.needs(1) { node.add(1, select(wide, nothing, gradient).summed(to: bShape)) }
      })
  }

  private static func select(_ mask: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    let count = mask.count
    return Tensor(mask.shape, from: mask, a, b) { y, mask, a, b in
      Elementwise.select(mask, a, b, y, count: count)
    }
  }

  /// `value` where `mask` is not 0, this tensor elsewhere; the gradient is 0 where filled.
  ///
  /// - Precondition: the mask broadcasts to this shape.
  public func maskedFill(_ mask: Tensor, with value: Float) -> Tensor {
    let wide = mask.stopGradient().broadcast(to: shape)
    return filled(wide, value).recorded(
      "maskedFill", self,
      backward: { gradient, node in node.add(0, gradient.filled(wide, 0)) })
  }

  private func filled(_ mask: Tensor, _ value: Float) -> Tensor {
    Tensor(shape, from: self, mask) { y, x, mask in
      Elementwise.maskedFill(x, mask, with: value, y, count: count)
    }
  }
}
