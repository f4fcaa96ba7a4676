import Kernels

extension Tensor {
  @inline(__always)
  private static func combine(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor, _ kernel: Broadcast.Kernel
  ) -> Tensor {
    // Equal shapes, by far the most, need no plan.
    if a.shape == b.shape {
      return Tensor(a.shape, from: a, b) { y, x, z in
        kernel(x, .none, z, .none, y, 1, a.shape.elementCount)
      }
    }
    return Broadcast(a.shape, b.shape, operation).combine(a, b, kernel)
  }

  /// The product without a tape.
  static func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    combine("*", a, b, Binary.multiply)
  }

  /// The quotient without a tape.
  static func quotient(_ a: Tensor, _ b: Tensor) -> Tensor {
    combine("/", a, b, Binary.divide)
  }

  /// The sum, element by element; axes of length 1, or missing on the left, repeat.
  ///
  /// - Precondition: axes, counted from the right, are equal or 1; stops with both shapes
  ///   otherwise.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    let result = combine("+", a, b, Binary.add)
    let (aShape, bShape) = (a.shape, b.shape)
    if aShape == bShape {
      return result.recorded(
        "+", a, b,
        backward: { gradient, node in
          node.add(0, gradient)
          node.add(1, gradient)
        })
    }
    return result.recorded(
      "+", a, b,
      backward: { gradient, node in
        if node.needs(0) { node.add(0, gradient.summed(to: aShape)) }
        if node.needs(1) { node.add(1, gradient.summed(to: bShape)) }
      })
  }

  /// The difference, element by element; axes of length 1, or missing on the left, repeat.
  ///
  /// - Precondition: axes, counted from the right, are equal or 1; stops with both shapes
  ///   otherwise.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    let result = combine("-", a, b, Binary.subtract)
    let (aShape, bShape) = (a.shape, b.shape)
    return result.recorded(
      "-", a, b,
      backward: { gradient, node in
        if node.needs(0) { node.add(0, gradient.summed(to: aShape)) }
        if node.needs(1) { node.add(1, gradient.summed(to: bShape).scaled(by: -1)) }
      })
  }

  /// The product, element by element; axes of length 1, or missing on the left, repeat.
  ///
  /// - Precondition: axes, counted from the right, are equal or 1; stops with both shapes
  ///   otherwise.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    let (x, y) = (a.stopGradient(), b.stopGradient())
    return product(a, b).recorded(
      "*", a, b,
      backward: { gradient, node in
        if node.needs(0) { node.add(0, product(gradient, y).summed(to: x.shape)) }
        if node.needs(1) { node.add(1, product(gradient, x).summed(to: y.shape)) }
      })
  }

  /// The quotient, element by element; axes of length 1, or missing on the left, repeat.
  ///
  /// - Precondition: axes, counted from the right, are equal or 1; stops with both shapes
  ///   otherwise.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let result = quotient(a, b)
    let (y, aShape) = (b.stopGradient(), a.shape)
    return result.recorded(
      "/", a, b,
      backward: { gradient, node in
        let first = quotient(gradient, y)
        if node.needs(0) { node.add(0, first.summed(to: aShape)) }
        // d(a/b)/db = −(a/b)/b
        if node.needs(1) {
          node.add(1, product(first, result).summed(to: y.shape).scaled(by: -1))
        }
      })
  }

  /// The larger of each pair of elements; a NaN wins. Equal elements share the gradient.
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    extreme("maximum", a, b, prefersFirst: { $0 .> $1 }, Binary.maximum)
  }

  /// The smaller of each pair of elements; a NaN wins. Equal elements share the gradient.
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
    extreme("minimum", a, b, prefersFirst: { $0 .< $1 }, Binary.minimum)
  }

  private static func extreme(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor,
    prefersFirst: @escaping (Tensor, Tensor) -> Tensor, _ kernel: Broadcast.Kernel
  ) -> Tensor {
    let (x, y) = (a.stopGradient(), b.stopGradient())
    return combine(operation, a, b, kernel).recorded(
      operation, a, b,
      backward: { gradient, node in
        let half = (x .== y) * 0.5
        if node.needs(0) {
          node.add(0, product(gradient, prefersFirst(x, y) + half).summed(to: x.shape))
        }
        if node.needs(1) {
          node.add(1, product(gradient, prefersFirst(y, x) + half).summed(to: y.shape))
        }
      })
  }
}

// With numbers.
extension Tensor {
  /// scale · self, without a tape.
  package func scaled(by scale: Float) -> Tensor {
    Tensor(shape, from: self) { y, x in Elementwise.scale(x, by: scale, y, count: count) }
  }

  private func affine(_ operation: StaticString, scale: Float, offset: Float) -> Tensor {
    let result = Tensor(shape, from: self) { y, x in
      Elementwise.affine(x, scale: scale, offset: offset, y, count: count)
    }
    return result.recorded(
      operation, self,
      backward: { gradient, node in
        node.add(0, scale == 1 ? gradient : gradient.scaled(by: scale))
      })
  }

  /// Adds `b` to every element.
  public static func + (a: Tensor, b: Float) -> Tensor { a.affine("+", scale: 1, offset: b) }

  /// Adds `a` to every element.
  public static func + (a: Float, b: Tensor) -> Tensor { b.affine("+", scale: 1, offset: a) }

  /// Subtracts `b` from every element.
  public static func - (a: Tensor, b: Float) -> Tensor { a.affine("-", scale: 1, offset: -b) }

  /// Subtracts every element from `a`.
  public static func - (a: Float, b: Tensor) -> Tensor { b.affine("-", scale: -1, offset: a) }

  /// Multiplies every element by `b`.
  public static func * (a: Tensor, b: Float) -> Tensor {
    a.scaled(by: b).recorded(
      "*", a, backward: { gradient, node in node.add(0, gradient.scaled(by: b)) })
  }

  /// Multiplies every element by `a`.
  public static func * (a: Float, b: Tensor) -> Tensor { b * a }

  /// Divides every element by `b`; by 0, ±∞ or NaN.
  public static func / (a: Tensor, b: Float) -> Tensor { a / Tensor(b) }

  /// Divides `a` by every element; by 0, ±∞ or NaN.
  public static func / (a: Float, b: Tensor) -> Tensor { Tensor(a) / b }

  /// The elements with the opposite sign.
  public static prefix func - (a: Tensor) -> Tensor { a * -1 }

  /// Puts `a + b`, with the shape both broadcast to, in the place of `a`.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }

  /// Puts `a - b`, with the shape both broadcast to, in the place of `a`.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }

  /// Puts `a * b`, with the shape both broadcast to, in the place of `a`.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }

  /// Puts `a / b`, with the shape both broadcast to, in the place of `a`.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }

  /// Puts `a + b` in the place of `a`.
  public static func += (a: inout Tensor, b: Float) { a = a + b }

  /// Puts `a - b` in the place of `a`.
  public static func -= (a: inout Tensor, b: Float) { a = a - b }

  /// Puts `a * b` in the place of `a`.
  public static func *= (a: inout Tensor, b: Float) { a = a * b }

  /// Puts `a / b` in the place of `a`.
  public static func /= (a: inout Tensor, b: Float) { a = a / b }

  /// Adds a tensor of the same shape in place, if nobody else sees the elements.
  mutating func accumulate(_ other: Tensor) {
    replace(with: other) { [count] sum, a, b in Binary.add(a, b, sum, count: count) }
  }
}
