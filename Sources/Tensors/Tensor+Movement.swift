extension Tensor {
  /// The same elements, row by row, in another shape. Nothing is copied.
  ///
  /// - Parameter axes: the new lengths; one of them may be −1 and is then what remains.
  /// - Precondition: as many elements as before.
  public func reshaped(_ axes: [Int]) -> Tensor {
    guard let open = axes.firstIndex(of: -1) else { return reshaped(Shape(axes)) }
    var known = axes
    known[open] = 1
    let rest = Shape(known).elementCount
    if rest == 0 || count % rest != 0 {
      fail("reshaped: \(shape) to \(axes): \(count) elements do not divide by \(rest)")
    }
    known[open] = count / rest
    return reshaped(Shape(known))
  }

  /// The same elements, row by row, in another shape. Nothing is copied.
  ///
  /// - Precondition: as many elements as before.
  public func reshaped(_ target: Shape) -> Tensor {
    if target == shape { return self }
    if target.elementCount != count {
      fail("reshaped: \(shape) to \(target): \(count) elements are not \(target.elementCount)")
    }
    let source = shape
    return Tensor(viewing: self, as: target).recorded(
      "reshaped", self,
      backward: { gradient, node in node.add(0, Tensor(viewing: gradient, as: source)) })
  }

  /// All elements as one axis, `[count]`.
  public func flattened() -> Tensor { reshaped([count] as Shape) }

  /// The tensor with an axis of length 1 put in at `axis`; −1 puts it behind the last.
  ///
  /// - Precondition: the place is in `-rank - 1...rank`, and there are fewer than seven axes.
  public func expanded(axis: Int) -> Tensor {
    let position = axis < 0 ? axis + rank + 1 : axis
    if position < 0 || position > rank { fail("expanded: no place \(axis) in \(shape)") }
    return reshaped(shape.inserting(1, at: position))
  }

  /// The tensor without an axis of length 1.
  ///
  /// - Precondition: the axis has length 1.
  public func squeezed(axis: Int) -> Tensor {
    let position = shape.position(of: axis, "squeezed")
    if shape[position] != 1 {
      fail("squeezed: axis \(axis) of \(shape) has length \(shape[position]), not 1")
    }
    return reshaped(shape.removing(position))
  }

  /// The axes in another order: axis `order[i]` of this tensor becomes axis `i`.
  ///
  ///     images.permuted([0, 2, 3, 1])  // [N, C, H, W] → [N, H, W, C]
  ///
  /// - Precondition: `order` names every axis once.
  public func permuted(_ order: [Int]) -> Tensor {
    let axes = order.map { shape.position(of: $0, "permuted") }
    var inverse = [Int](repeating: -1, count: rank)
    for (new, old) in axes.enumerated() { inverse[old] = new }
    if axes.count != rank || inverse.contains(-1) {
      fail("permuted: \(order) does not name each axis of \(shape) once")
    }
    return permutedCopy(axes).recorded(
      "permuted", self,
      backward: { gradient, node in node.add(0, gradient.permutedCopy(inverse)) })
  }

  private func permutedCopy(_ axes: [Int]) -> Tensor {
    let own = shape.steps
    let target = Shape(axes.map { shape[$0] })
    // Axes of length 1 may trade places freely.
    let long = axes.filter { shape[$0] != 1 }
    if long.indices.dropFirst().allSatisfy({ long[$0 - 1] < long[$0] }) {
      return Tensor(viewing: self, as: target)
    }
    return Tensor(target) { to in
      withPointer { Strided(target, steps: axes.map { own[$0] }).gather(from: $0, to: to) }
    }
  }

  /// Two axes exchanged; the last two if none are named.
  ///
  /// - Precondition: at least two axes.
  public func transposed(_ a: Int = -2, _ b: Int = -1) -> Tensor {
    if rank < 2 { fail("transposed: \(shape) has fewer than two axes") }
    var order = Array(0..<rank)
    order.swapAt(shape.position(of: a, "transposed"), shape.position(of: b, "transposed"))
    return permuted(order)
  }

  /// The tensor repeated along axes of length 1, and along new outer axes, to fill `target`.
  ///
  /// - Precondition: each axis, counted from the right, has `target`'s length or 1.
  public func broadcast(to target: Shape) -> Tensor {
    if target == shape { return self }
    if shape.broadcast(with: target, "broadcast") != target {
      fail("broadcast: \(shape) does not broadcast to \(target)")
    }
    let source = shape
    let result = Tensor(target) { to in
      withPointer {
        Strided(target, steps: source.steps(broadcastTo: target)).gather(from: $0, to: to)
      }
    }
    return result.recorded(
      "broadcast", self, backward: { gradient, node in node.add(0, gradient.summed(to: source)) })
  }
}
