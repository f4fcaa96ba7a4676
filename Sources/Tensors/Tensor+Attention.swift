import Kernels

extension Tensor {
  /// Scaled dot-product attention in several heads: softmax(Q·Kᵀ/√hs)·V for each head.
  ///
  /// Heads are consecutive slices of the last axis, hs = C / heads wide. The scores of
  /// long sequences are never stored as a whole; the backward pass computes them again from each
  /// row's log-sum-exp.
  ///
  /// - Parameters:
  ///   - queries: `[B, T, C]`.
  ///   - keys: `[B, S, C]`.
  ///   - values: `[B, S, C]`.
  ///   - heads: divides C.
  ///   - isCausal: query t sees keys 0…t + S − T only.
  ///   - keyMask: `[B, S]`, 0 where a key is hidden (padding); nil hides none. A query that sees
  ///     no key receives 0. What a hidden key or value holds does not matter, not even NaN.
  /// - Returns: `[B, T, C]`, heads side by side.
  /// - Precondition: shapes as above; stops with those given otherwise.
  /// - Source: Vaswani et al. 2017, arXiv:1706.03762; the recomputation, Dao et al. 2022.
  public static func attention(
    queries: Tensor, keys: Tensor, values: Tensor, heads: Int, isCausal: Bool = false,
    keyMask: Tensor? = nil
  ) -> Tensor {
    if queries.rank != 3 || keys.rank != 3 || keys.shape != values.shape
      || keys.shape[0] != queries.shape[0] || keys.shape[2] != queries.shape[2]
    {
      fail("attention: queries \(queries.shape), keys \(keys.shape), values \(values.shape)")
    }
    let (batch, length, width) = queries.shape3
    let plan = AttentionPlan(
      batch, heads, width, queries: length, keys: keys.shape[1], isCausal, keyMask)
    if plan.hidesKeys && !(keys.isModerate && values.isModerate) {
      return plan.attendToVisible(queries, keys, values)
    }
    return plan.attend(queries, keys, values)
  }

  /// Self-attention of packed projections `[B, T, 3C]`: queries, keys and values side by side, as
  /// one matrix product makes them. See ``attention(queries:keys:values:heads:isCausal:keyMask:)``.
  ///
  /// - Returns: `[B, T, C]`; of a hidden token that is NaN or infinite, as if it were zeros.
  public func selfAttention(
    heads: Int, isCausal: Bool = false, keyMask: Tensor? = nil
  ) -> Tensor {
    requireRank(3, "selfAttention")
    let (batch, length, packed) = shape3
    if packed % 3 != 0 { fail("selfAttention: \(shape): the last axis is not three widths") }
    let width = packed / 3
    let plan = AttentionPlan(
      batch, heads, width, queries: length, keys: length, isCausal, keyMask)
    if plan.hidesKeys && !isModerate {
      let hidden = plan.keyMask.map { ($0 .== 0).expanded(axis: 2) }
      let parts = (hidden.map { maskedFill($0, with: 0) } ?? self)
        .split([width, width, width], axis: -1)
      return plan.attendToVisible(parts[0], parts[1], parts[2])
    }
    let qkv = stopGradient()
    let out = Tensor(uninitialized: [batch, length, width])
    let kept = isRecorded ? plan.room() : nil
    plan.run { shape in
      withExtendedLifetime(qkv.storage) {
        Attention.forward(
          shape, q: qkv.heads(), k: qkv.heads(at: width), v: qkv.heads(at: 2 * width),
          out: out.heads(), kept: kept?.storage.pointer)
      }
    }
    return out.recorded(
      "selfAttention", self,
      backward: { g, node in
        guard let kept else { return }
        let d = Tensor(uninitialized: qkv.shape)
        plan.run { shape in
          withExtendedLifetime((qkv.storage, out.storage, g.storage)) {
            Attention.backward(
              shape, q: qkv.heads(), k: qkv.heads(at: width), v: qkv.heads(at: 2 * width),
              out: out.heads(), g: g.heads(), kept: kept.pointer, dq: d.heads(),
              dk: d.heads(at: width), dv: d.heads(at: 2 * width))
          }
        }
        withExtendedLifetime(kept.storage) {}
        node.add(0, d)
      })
  }

  /// This tensor's rows as the kernels see heads, beginning at a column.
  fileprivate func heads(at column: Int = 0) -> HeadRows {
    HeadRows(storage.pointer + column, stride: shape[-1])
  }
}

/// The checked sizes of an attention.
private struct AttentionPlan: Sendable {
  let batch: Int, heads: Int, headSize: Int, queries: Int, keys: Int
  let isCausal: Bool
  let keyMask: Tensor?

  init(
    _ batch: Int, _ heads: Int, _ width: Int, queries: Int, keys: Int, _ isCausal: Bool,
    _ keyMask: Tensor?
  ) {
    if heads < 1 || width % heads != 0 {
      fail("attention: width \(width) does not divide into \(heads) heads")
    }
    if let keyMask, keyMask.shape != [batch, keys] as Shape {
      fail("attention: key mask \(keyMask.shape) for [\(batch), \(keys)]")
    }
    (self.batch, self.heads, self.queries, self.keys) = (batch, heads, queries, keys)
    headSize = width / heads
    self.isCausal = isCausal
    self.keyMask = keyMask?.stopGradient()
  }

  /// Whether some query may not see some key.
  var hidesKeys: Bool { isCausal || keyMask != nil }

  func attend(_ queries: Tensor, _ keys: Tensor, _ values: Tensor) -> Tensor {
    let (q, k, v) = (queries.stopGradient(), keys.stopGradient(), values.stopGradient())
    let out = Tensor(uninitialized: q.shape)
    let isRecorded = queries.isRecorded || keys.isRecorded || values.isRecorded
    let kept = isRecorded ? room() : nil
    run { shape in
      withExtendedLifetime((q.storage, k.storage, v.storage)) {
        Attention.forward(
          shape, q: q.heads(), k: k.heads(), v: v.heads(), out: out.heads(),
          kept: kept?.storage.pointer)
      }
    }
    return out.recorded(
      "attention", queries, keys, values,
      backward: { g, node in
        guard let kept else { return }
        let (dq, dk, dv) = (
          Tensor(uninitialized: q.shape), Tensor(uninitialized: k.shape),
          Tensor(uninitialized: v.shape)
        )
        run { shape in
          withExtendedLifetime((q.storage, k.storage, v.storage, out.storage, g.storage)) {
            Attention.backward(
              shape, q: q.heads(), k: k.heads(), v: v.heads(), out: out.heads(), g: g.heads(),
              kept: kept.pointer, dq: dq.heads(), dk: dk.heads(), dv: dv.heads())
          }
        }
        withExtendedLifetime(kept.storage) {}
        node.add(0, dq)
        node.add(1, dk)
        node.add(2, dv)
      })
  }

  /// The attention of keys or values of which some are NaN, infinite or huge. The kernels multiply
  /// what is hidden by a probability of 0, which makes NaN of NaN and ∞: here hidden keys are
  /// replaced, and a causal query is given the keys before it alone.
  func attendToVisible(_ queries: Tensor, _ keys: Tensor, _ values: Tensor) -> Tensor {
    var (keys, values) = (keys, values)
    if let keyMask {
      let isHidden = (keyMask .== 0).expanded(axis: 2)
      (keys, values) = (
        keys.maskedFill(isHidden, with: 0), values.maskedFill(isHidden, with: 0)
      )
    }
    if !isCausal || keys.isModerate && values.isModerate { return attend(queries, keys, values) }
    let rows = (0..<self.queries).map { t in
      let seen = Swift.max(0, Swift.min(self.keys, t + 1 + self.keys - self.queries))
      let row = AttentionPlan(
        batch, heads, heads * headSize, queries: 1, keys: seen, false,
        keyMask?.slice(0..<seen, axis: 1))
      let query = queries.slice(t..<t + 1, axis: 1)
      return seen == 0
        ? .zeros(query.shape)
        : row.attend(query, keys.slice(0..<seen, axis: 1), values.slice(0..<seen, axis: 1))
    }
    return .concatenate(rows, axis: 1)
  }

  /// Where the forward pass leaves what the backward pass needs.
  func room() -> Tensor { Tensor(uninitialized: [run { $0.keptCount }]) }

  func run<R>(_ body: (AttentionShape) -> R) -> R {
    withExtendedLifetime(keyMask?.storage) {
      body(
        AttentionShape(
          batch: batch, heads: heads, headSize: headSize, queries: queries, keys: keys,
          isCausal: isCausal, keyMask: keyMask?.pointer,
          scale: 1 / Float(max(1, headSize)).squareRoot()))
    }
  }
}
