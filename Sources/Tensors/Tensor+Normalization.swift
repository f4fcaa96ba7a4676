import Kernels

extension Tensor {
  /// Each row brought to mean 0 and variance 1, then scaled and shifted: γ·(x − μ)/√(σ² + ε) + β.
  ///
  /// - Parameters:
  ///   - gamma: γ, one for each column, `[D]`; 1 if nil.
  ///   - beta: β, `[D]`; 0 if nil.
  ///   - epsilon: ε, added to the variance.
  /// - Returns: the shape of this tensor, `[…, D]`.
  /// - Precondition: at least one axis, and parameters `[D]`.
  /// - Source: Ba et al. 2016, arXiv:1607.06450.
  public func layerNorm(gamma: Tensor? = nil, beta: Tensor? = nil, epsilon: Float = 1e-5) -> Tensor
  {
    if rank == 0 { fail("layerNorm: [] has no rows") }
    let (rows, columns) = shape.rowsAndColumns
    for case let parameter? in [gamma, beta] where parameter.shape != [columns] as Shape {
      fail("layerNorm: \(shape) with a parameter \(parameter.shape): needs [\(columns)]")
    }
    let x = stopGradient()
    let (mean, inverse) = (Tensor(uninitialized: [rows]), Tensor(uninitialized: [rows]))
    let (scale, shift) = (gamma?.stopGradient(), beta?.stopGradient())
    let result = Tensor(shape, from: x, scale ?? x, shift ?? x) { y, x, g, b in
      Rows.layerNorm(
        x, gamma: scale == nil ? nil : g, beta: shift == nil ? nil : b, epsilon: epsilon, y,
        mean: mean.storage.pointer, inverse: inverse.storage.pointer, rows: rows, columns: columns)
    }
    return result.recorded(
      "layerNorm", self, gamma ?? Tensor(1), beta ?? Tensor(0),
      backward: { gradient, node in
        let (dGamma, dBeta) = (
          Tensor(uninitialized: [columns]), Tensor(uninitialized: [columns])
        )
        gradient.replace(with: x) { dx, g, x in
          withExtendedLifetime((mean.storage, inverse.storage, scale)) {
            Rows.layerNormBackward(
              g, x, gamma: scale?.pointer, mean: mean.pointer, inverse: inverse.pointer, dx: dx,
              dGamma: node.needs(1) ? dGamma.storage.pointer : nil,
              dBeta: node.needs(2) ? dBeta.storage.pointer : nil, rows: rows, columns: columns)
          }
        }
        node.add(0, gradient)
        node.add(1, dGamma)
        node.add(2, dBeta)
      })
  }

  /// Each row divided by its Euclidean length: points on the unit sphere.
  ///
  /// - Parameter epsilon: shorter rows are divided by this instead, so that a row of zeros stays.
  /// - Returns: the shape of this tensor, `[…, D]`.
  /// - Precondition: at least one axis.
  public func l2Normalized(epsilon: Float = 1e-12) -> Tensor {
    if rank == 0 { fail("l2Normalized: [] has no rows") }
    let (rows, columns) = shape.rowsAndColumns
    let inverse = Tensor(uninitialized: [rows])
    let y = Tensor(shape, from: self) { y, x in
      Rows.normalize(
        x, epsilon: epsilon, y, inverse: inverse.storage.pointer, rows: rows, columns: columns)
    }
    return y.recorded(
      "l2Normalized", self,
      backward: { gradient, node in
        gradient.replace(with: y) { dx, g, y in
          inverse.withPointer {
            Rows.normalizeBackward(g, y, inverse: $0, dx, rows: rows, columns: columns)
          }
        }
        node.add(0, gradient)
      })
  }
}
