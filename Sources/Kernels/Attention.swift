// Scaled dot-product attention of every head, forward and backward, a block of queries at a time. The
// probabilities of long sequences are never stored: the backward pass computes them again from the
// log-sum-exp of each query's scores (Dao et al., 2022, on a CPU's caches). Those of short ones are
// kept, as they are no larger than the rest of what is kept. One head of one sequence is one chunk:
// AttentionHead.swift computes a long one, AttentionHead+Short.swift a short one.

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
  /// Writes the output.
  ///
  /// A query that sees no key at all receives 0.
  /// - Parameter kept: room for `shape.keptCount` numbers, for the backward pass; nil if there is none.
  @inline(never)
  public static func forward(
    _ shape: AttentionShape, q: HeadRows, k: HeadRows, v: HeadRows, out: HeadRows,
    kept: MutableFloats?
  ) {
    Parallel.run(shape.batch &* shape.heads, isLong: shape.isLong) { chunk in
      let (b, h) = (chunk / shape.heads, chunk % shape.heads)
      let head = AttentionHead(shape, sequence: b)
      let (q, out) = (q.head(b, h, shape.queries, shape), out.head(b, h, shape.queries, shape))
      let (k, v) = (k.head(b, h, shape.keys, shape), v.head(b, h, shape.keys, shape))
      let kept = kept.map { $0 + chunk &* shape.keptPerHead }
      if shape.isShort {
        head.forwardShort(q: q, k: k, v: v, out: out, probabilities: kept)
      } else {
        head.forward(q: q, k: k, v: v, out: out, logSumExp: kept)
      }
    }
  }

  /// Writes the gradients of queries, keys and values from `g`, that of the output.
  ///
  /// - Parameter kept: what the forward pass left.
  @inline(never)
  public static func backward(
    _ shape: AttentionShape, q: HeadRows, k: HeadRows, v: HeadRows, out: HeadRows, g: HeadRows,
    kept: Floats, dq: HeadRows, dk: HeadRows, dv: HeadRows
  ) {
    Parallel.run(shape.batch &* shape.heads, isLong: shape.isLong) { chunk in
      let (b, h) = (chunk / shape.heads, chunk % shape.heads)
      let head = AttentionHead(shape, sequence: b)
      let (q, g) = (q.head(b, h, shape.queries, shape), g.head(b, h, shape.queries, shape))
      let (k, v) = (k.head(b, h, shape.keys, shape), v.head(b, h, shape.keys, shape))
      let (dk, dv) = (dk.head(b, h, shape.keys, shape), dv.head(b, h, shape.keys, shape))
      let dq = dq.head(b, h, shape.queries, shape)
      let kept = kept + chunk &* shape.keptPerHead
      if shape.isShort {
        head.backwardShort(q: q, k: k, v: v, g: g, probabilities: kept, dq: dq, dk: dk, dv: dv)
      } else {
        head.backward(
          q: q, k: k, v: v, out: out.head(b, h, shape.queries, shape), g: g, logSumExp: kept,
          dq: dq, dk: dk, dv: dv)
      }
    }
  }
}

extension AttentionShape {
  /// Queries of one block. Short ones leave out more of what causal order hides.
  var blockQueries: Int { isCausal ? 32 : 64 }

  /// Row stride of scores: the queries of a block in whole vectors.
  var scoreStride: Int { wholeVectors(min(blockQueries, queries)) }

  /// Numbers one head keeps for the backward pass.
  fileprivate var keptPerHead: Int { isShort ? keys &* scoreStride : queries }

  /// Numbers that the forward pass keeps for the backward pass.
  public var keptCount: Int { batch &* heads &* keptPerHead }

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
