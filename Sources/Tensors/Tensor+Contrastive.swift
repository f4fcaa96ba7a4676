import Kernels

extension Tensor {
  /// NT-Xent of this tensor's rows, loss and gradient in one pass over the similarities.
  ///
  /// - Parameters:
  ///   - partners: the row that is the other view of each row; its own partner's partner.
  ///   - temperature: τ > 0.
  /// - Returns: the mean over all rows, in nats, `[]`.
  package func ntXentLoss(partners: [Int], temperature: Float) -> Tensor {
    requireRank(2, "ntXent")
    let (count, size) = shape2
    if partners.count != count { fail("ntXent: \(partners.count) partners for \(shape)") }
    for (row, partner) in partners.enumerated() {
      if partner < 0 || partner >= count || partners[partner] != row {
        fail("ntXent: row \(row) of \(shape) has partner \(partner), which is not mutual")
      }
    }
    let dz = isRecorded ? Tensor(uninitialized: shape) : nil
    let loss = partners.withUnsafeBufferPointer { partners in
      guard let base = partners.baseAddress else { return Float.nan }
      return withPointer {
        Contrastive.ntXent(
          $0, partners: base, temperature: temperature, dz: dz?.storage.pointer, count: count,
          size: size)
      }
    }
    return Tensor(loss).recorded(
      "ntXent", self,
      backward: { upstream, node in
        guard let dz else { return }
        node.add(0, upstream.scalar == 1 ? dz : dz.scaled(by: upstream.scalar))
      })
  }

  /// InfoNCE: query i must find key i among all keys, and if `isSymmetric`, key i query i; loss and
  /// gradients in one pass.
  ///
  /// - Parameters:
  ///   - queries: `[N, D]`.
  ///   - keys: `[N, D]`.
  ///   - scale: what multiplies the dot products, `[]`, not negative.
  /// - Returns: the mean over rows (and directions), in nats, `[]`.
  package static func infoNCELoss(
    queries: Tensor, keys: Tensor, scale: Tensor, isSymmetric: Bool
  ) -> Tensor {
    if queries.rank != 2 || queries.shape != keys.shape {
      fail("infoNCE: queries \(queries.shape) and keys \(keys.shape): needs two of [N, D]")
    }
    let (count, size) = queries.shape2
    let factor = scale.scalar
    let (dq, dk) = (Tensor(uninitialized: queries.shape), Tensor(uninitialized: keys.shape))
    let (loss, dScale) = queries.withPointer { q in
      keys.withPointer { k in
        Contrastive.infoNCE(
          queries: q, keys: k, scale: factor, isSymmetric: isSymmetric,
          dQueries: dq.storage.pointer, dKeys: dk.storage.pointer, count: count, size: size)
      }
    }
    let scaleShape = scale.shape
    return Tensor(loss).recorded(
      "infoNCE", queries, keys, scale,
      backward: { upstream, node in
        let g = upstream.scalar
        node.add(0, g == 1 ? dq : dq.scaled(by: g))
        node.add(1, g == 1 ? dk : dk.scaled(by: g))
        node.add(2, .full(scaleShape, g * dScale))
      })
  }
}
