import Kernels

/// A function a layer applies to its result.
///
/// A program carries the loops of those functions only that it names.
public struct Activation: Sendable {
  fileprivate let kernel: Kernels.Activation

  /// max(x, 0).
  public static var relu: Activation { Activation(kernel: .relu) }

  /// x·Φ(x) with the error function.
  public static var gelu: Activation { Activation(kernel: .geluErf) }

  /// The hyperbolic-tangent approximation of it, as in GPT-2.
  public static var geluTanh: Activation { Activation(kernel: .geluTanh) }

  /// x / (1 + e⁻ˣ).
  public static var silu: Activation { Activation(kernel: .silu) }

  /// The hyperbolic tangent.
  public static var tanh: Activation { Activation(kernel: .tanh) }

  /// 1 / (1 + e⁻ˣ).
  public static var sigmoid: Activation { Activation(kernel: .sigmoid) }
}

extension Tensor {
  /// residual + activation(self · weight + bias) as one operation: what a layer computes.
  ///
  /// The activation is applied, and its derivative kept for the backward pass, while the product's
  /// rows are in the cache. With a residual there is no activation.
  ///
  /// - Parameters:
  ///   - weight: `[K, N]`.
  ///   - bias: `[N]`, or none.
  ///   - activation: applied to each element, or none.
  ///   - residual: `[…, N]`, added at the end, or none.
  /// - Returns: `[…, N]` for `[…, K]`.
  /// - Precondition: equal inner sizes; not both an activation and a residual.
  public func linear(
    _ weight: Tensor, bias: Tensor? = nil, activation: Activation? = nil, residual: Tensor? = nil
  ) -> Tensor {
    weight.requireRank(2, "linear")
    let (rows, k) = shape.rowsAndColumns
    let n = weight.shape[1]
    if rank == 0 || k != weight.shape[0] {
      fail("linear: \(shape) × \(weight.shape): inner sizes \(k) and \(weight.shape[0]) differ")
    }
    if let bias, bias.shape != [n] as Shape {
      fail("linear: bias \(bias.shape) for \(weight.shape): needs \(n) numbers")
    }
    let target = shape.replacing(-1, with: n)
    if let residual, residual.shape != target || activation != nil {
      fail("linear: residual \(residual.shape) for \(target), without an activation")
    }
    let nodes = (node, weight.node, bias?.node, residual?.node)
    let isRecorded = nodes.0 != nil || nodes.1 != nil || nodes.2 != nil || nodes.3 != nil
    let derivative = isRecorded && activation != nil ? Tensor(uninitialized: [rows, n]) : nil
    var result = Tensor(uninitialized: target)
    withExtendedLifetime((storage, weight.storage, bias?.storage, residual?.storage)) {
      Product.multiply(
        Kernels.Matrix(pointer, stride: k), Kernels.Matrix(weight.pointer, stride: n),
        into: result.storage.pointer, stride: n, rows: rows, columns: n, depth: k,
        adding: residual.map { Kernels.Matrix($0.pointer, stride: n) },
        end: ProductEnd(
          bias: bias?.pointer, activation: activation?.kernel,
          derivative: derivative?.storage.pointer))
    }
    if NaNCheck.isOn { NaNCheck.inspect(result, "linear") }
    guard isRecorded else { return result }
    let (x, w) = (stopGradient(), weight.stopGradient())
    let hasResidual = residual != nil
    result.node = Node(
      "linear", nodes.0, nodes.1, nodes.2, others: nodes.3 == nil ? nil : [nodes.3],
      backward: { gradient, node in
        let dBias = node.needs(2) ? Tensor(uninitialized: [n]) : nil
        if let derivative {
          gradient.replace(with: derivative) { y, g, slope in
            if let dBias {
              Reduce.productAndColumnSums(
                g, slope, y, rows: rows, columns: n, sums: dBias.storage.pointer)
            } else {
              Binary.multiply(g, slope, y, count: rows * n)
            }
          }
        } else if let dBias {
          gradient.withPointer {
            Reduce.columnSums($0, rows: rows, columns: n, dBias.storage.pointer)
          }
        }
        if let dBias { node.add(2, dBias) }
        if node.needs(1) {
          node.add(
            1,
            Tensor(w.shape, from: x, gradient) { dw, x, g in
              Product.multiply(
                Kernels.Matrix(x, stride: k, isTransposed: true), Kernels.Matrix(g, stride: n),
                into: dw,
                stride: n, rows: k, columns: n, depth: rows)
            })
        }
        if node.needs(0) {
          node.add(
            0,
            Tensor(x.shape, from: gradient, w) { dx, g, w in
              Product.multiply(
                Kernels.Matrix(g, stride: n), Kernels.Matrix(w, stride: n, isTransposed: true),
                into: dx,
                stride: k, rows: rows, columns: k, depth: n)
            })
        }
        if hasResidual { node.add(3, gradient) }
      })
    return result
  }
}
