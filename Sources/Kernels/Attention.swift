// Scaled dot-product attention of every head, forward and backward, without ever storing the
// probabilities of all heads: a block of queries at a time, and in the backward pass again from the
// log-sum-exp of each query's scores (Dao et al., 2022, on a CPU's caches). One head of one
// sequence is one chunk; AttentionHead.swift computes it.

/// Where the heads of one operand lie: row t of head h of sequence b starts at
/// `start + (b count + t) stride + h headSize`, `count` being the operand's tokens per sequence.
public struct HeadRows {
  public var start: MutableFloats
  public var stride: Int

  public init(_ start: MutableFloats, stride: Int) {
    self.start = start
    self.stride = stride
  }
}

/// The sizes of an attention and what its queries may see.
public struct AttentionShape {
  public var batch: Int
  public var heads: Int
  public var headSize: Int
  /// Tokens per sequence that ask, and that are asked.
  public var queries: Int
  public var keys: Int
  /// Query t sees keys 0...t + keys - queries.
  public var isCausal: Bool
  /// batch x keys numbers, 0 where a key is hidden; nil hides none.
  public var keyMask: Floats?
  /// Multiplies the scores; 1 / sqrt(headSize) as a rule.
  public var scale: Float

  public init(
    batch: Int, heads: Int, headSize: Int, queries: Int, keys: Int, isCausal: Bool = false,
    keyMask: Floats? = nil, scale: Float
  ) {
    self.batch = batch
    self.heads = heads
    self.headSize = headSize
    self.queries = queries
    self.keys = keys
    self.isCausal = isCausal
    self.keyMask = keyMask
    self.scale = scale
  }
}

/// softmax(scale Q K^T) V for every head.
public enum Attention {
  /// Writes the output and the log-sum-exp of every row's scores.
  ///
  /// A query that sees no key at all receives 0.
  /// - Parameter logSumExp: batch x heads x queries numbers, for the backward pass.
  @inline(never)
  public static func forward(
    _ shape: AttentionShape, q: HeadRows, k: HeadRows, v: HeadRows, out: HeadRows,
    logSumExp: MutableFloats
  ) {
    Parallel.run(shape.batch &* shape.heads, isLong: shape.isLong) { chunk in
      let (b, h) = (chunk / shape.heads, chunk % shape.heads)
      let head = AttentionHead(shape, sequence: b)
      head.forward(
        q: q.head(b, h, shape.queries, shape), k: k.head(b, h, shape.keys, shape),
        v: v.head(b, h, shape.keys, shape), out: out.head(b, h, shape.queries, shape),
        logSumExp: logSumExp + chunk &* shape.queries)
    }
  }

  /// Writes the gradients of queries, keys and values from `g`, that of the output.
  @inline(never)
  public static func backward(
    _ shape: AttentionShape, q: HeadRows, k: HeadRows, v: HeadRows, out: HeadRows, g: HeadRows,
    logSumExp: Floats, dq: HeadRows, dk: HeadRows, dv: HeadRows
  ) {
    Parallel.run(shape.batch &* shape.heads, isLong: shape.isLong) { chunk in
      let (b, h) = (chunk / shape.heads, chunk % shape.heads)
      let head = AttentionHead(shape, sequence: b)
      head.backward(
        q: q.head(b, h, shape.queries, shape), k: k.head(b, h, shape.keys, shape),
        v: v.head(b, h, shape.keys, shape), out: out.head(b, h, shape.queries, shape),
        g: g.head(b, h, shape.queries, shape), logSumExp: logSumExp + chunk &* shape.queries,
        dq: dq.head(b, h, shape.queries, shape), dk: dk.head(b, h, shape.keys, shape),
        dv: dv.head(b, h, shape.keys, shape))
    }
  }
}

extension AttentionShape {
  fileprivate var isLong: Bool {
    4 &* batch &* heads &* queries &* keys &* headSize > 50_000_000
  }
}

extension HeadRows {
  fileprivate func head(_ b: Int, _ h: Int, _ count: Int, _ shape: AttentionShape) -> HeadRows {
    HeadRows(start + (b &* count &* stride &+ h &* shape.headSize), stride: stride)
  }

  /// The rows from `row` on, as a matrix or its transpose.
  func matrix(from row: Int = 0, isTransposed: Bool = false) -> Matrix {
    Matrix(start + row &* stride, stride: stride, isTransposed: isTransposed)
  }
}
