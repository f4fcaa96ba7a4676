// Scaled dot-product attention of every head, forward and backward, without ever storing the
// probabilities of all heads: a block of query rows at a time, and in the backward pass again from
// the log-sum-exp of each row (Dao et al., 2022, on a CPU's caches).

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
  fileprivate func matrix(from row: Int = 0, isTransposed: Bool = false) -> Matrix {
    Matrix(start + row &* stride, stride: stride, isTransposed: isTransposed)
  }
}

/// One head of one sequence.
private struct AttentionHead {
  private let shape: AttentionShape
  private let keyMask: Floats?
  /// Query rows of one block: four large tiles.
  private static var blockRows: Int { 48 }

  init(_ shape: AttentionShape, sequence: Int) {
    self.shape = shape
    keyMask = shape.keyMask.map { $0 + sequence &* shape.keys }
  }

  /// Row stride of a block of scores: whole vectors, and never a multiple of 2 KiB.
  private var scoreStride: Int {
    let padded = (shape.keys &+ 15) & ~15
    return padded % 512 == 0 ? padded &+ 16 : padded
  }

  private var keyPanels: Int { (shape.keys &+ panelWidth &- 1) / panelWidth }
  private var sizePanels: Int { (shape.headSize &+ panelWidth &- 1) / panelWidth }

  /// Keys that the last query of a block may see.
  private func visible(_ lastRow: Int) -> Int {
    guard shape.isCausal else { return shape.keys }
    return max(0, min(shape.keys, lastRow &+ 1 &+ shape.keys &- shape.queries))
  }

  func forward(q: HeadRows, k: HeadRows, v: HeadRows, out: HeadRows, logSumExp: MutableFloats) {
    let (d, stride) = (shape.headSize, scoreStride)
    let keySize = keyPanels &* panelWidth &* d
    let valueSize = sizePanels &* panelWidth &* shape.keys
    Scratch.floats(keySize &+ valueSize &+ Self.blockRows &* stride) { scratch in
      let (packedK, packedV) = (scratch, scratch + keySize)
      let scores = packedV + valueSize
      packPanels(k.matrix(isTransposed: true), depth: d, columns: shape.keys, into: packedK)
      packPanels(v.matrix(), depth: shape.keys, columns: d, into: packedV)
      var row = 0
      while row < shape.queries {
        let rows = min(Self.blockRows, shape.queries &- row)
        let seen = visible(row &+ rows &- 1)
        multiplyPacked(
          q.matrix(from: row), packedK, packedDepth: d, into: scores, stride: stride, rows: rows,
          columns: seen, depth: d)
        for r in 0..<rows {
          logSumExp[row &+ r] = softmax(scores + r &* stride, row &+ r, seen)
        }
        multiplyPacked(
          Matrix(scores, stride: stride), packedV, packedDepth: shape.keys,
          into: out.start + row &* out.stride, stride: out.stride, rows: rows, columns: d,
          depth: seen)
        row &+= rows
      }
    }
  }

  /// Turns a row of scores into probabilities (0 beyond what the query sees, up to `width`) and
  /// returns their log-sum-exp.
  @inline(always)
  private func softmax(_ s: MutableFloats, _ row: Int, _ width: Int) -> Float {
    let seen = visible(row)
    let scale = V(repeating: shape.scale)
    hide(s, seen)
    let most = rowPeak(s, seen)
    guard most > -.infinity else {
      for i in 0..<width { s[i] = 0 }
      return .infinity
    }
    // e^(scale (s - most)), the scale folded into one multiply-add.
    let shift = V(repeating: -most * shape.scale)
    var sum = V.zero
    var i = 0
    while i &+ lanes <= seen {
      let e = expOfNegative(fma(load(s + i), scale, shift))
      store(e, s + i)
      sum += e
      i &+= lanes
    }
    if i < seen {
      let x = load(s + i, first: seen &- i, else: -.infinity)
      let e = expOfNegative(fma(x, scale, shift))
      store(e, s + i, first: seen &- i)
      sum += e
    }
    let all = total(sum)
    scaleRow(s, seen, by: 1 / all)
    for i in seen..<width { s[i] = 0 }
    return most * shape.scale + log(all)
  }

  /// Scores of hidden keys become -infinity.
  @inline(always)
  private func hide(_ s: MutableFloats, _ seen: Int) {
    guard let keyMask else { return }
    mapRange(seen, s, keyMask, s) { s, mask in
      s.replacing(with: -.infinity, where: mask .== 0)
    }
  }

  func backward(
    q: HeadRows, k: HeadRows, v: HeadRows, out: HeadRows, g: HeadRows, logSumExp: Floats,
    dq: HeadRows, dk: HeadRows, dv: HeadRows
  ) {
    let (d, keys, stride) = (shape.headSize, shape.keys, scoreStride)
    let columnsOfKeys = keyPanels &* panelWidth &* d
    let rowsOfKeys = sizePanels &* panelWidth &* keys
    let rowsOfBlock = sizePanels &* panelWidth &* Self.blockRows
    let total =
      2 &* columnsOfKeys &+ rowsOfKeys &+ 2 &* rowsOfBlock &+ 2 &* Self.blockRows &* stride
    for row in 0..<keys {
      (dk.start + row &* dk.stride).update(repeating: 0, count: d)
      (dv.start + row &* dv.stride).update(repeating: 0, count: d)
    }
    Scratch.floats(total) { scratch in
      let (packedK, packedV) = (scratch, scratch + columnsOfKeys)
      let packedRows = packedV + columnsOfKeys
      let (packedQ, packedG) = (packedRows + rowsOfKeys, packedRows + rowsOfKeys + rowsOfBlock)
      let p = packedG + rowsOfBlock
      let dp = p + Self.blockRows &* stride
      packPanels(k.matrix(isTransposed: true), depth: d, columns: keys, into: packedK)
      packPanels(v.matrix(isTransposed: true), depth: d, columns: keys, into: packedV)
      packPanels(k.matrix(), depth: keys, columns: d, into: packedRows)
      var row = 0
      while row < shape.queries {
        let rows = min(Self.blockRows, shape.queries &- row)
        let seen = visible(row &+ rows &- 1)
        packPanels(q.matrix(from: row), depth: rows, columns: d, into: packedQ)
        packPanels(g.matrix(from: row), depth: rows, columns: d, into: packedG)
        multiplyPacked(
          q.matrix(from: row), packedK, packedDepth: d, into: p, stride: stride, rows: rows,
          columns: seen, depth: d)
        multiplyPacked(
          g.matrix(from: row), packedV, packedDepth: d, into: dp, stride: stride, rows: rows,
          columns: seen, depth: d)
        for r in 0..<rows {
          let delta = rowDot(
            g.start + (row &+ r) &* g.stride, out.start + (row &+ r) &* out.stride, d)
          scoreGradients(
            p + r &* stride, dp + r &* stride, logSumExp[row &+ r], delta, row &+ r, seen)
        }
        let asColumns = { (x: MutableFloats) in Matrix(x, stride: stride, isTransposed: true) }
        multiplyPacked(
          Matrix(dp, stride: stride), packedRows, packedDepth: keys,
          into: dq.start + row &* dq.stride, stride: dq.stride, rows: rows, columns: d,
          depth: seen)
        multiplyPacked(
          asColumns(dp), packedQ, packedDepth: rows, into: dk.start, stride: dk.stride,
          rows: seen, columns: d, depth: rows, accumulate: true)
        multiplyPacked(
          asColumns(p), packedG, packedDepth: rows, into: dv.start, stride: dv.stride,
          rows: seen, columns: d, depth: rows, accumulate: true)
        row &+= rows
      }
    }
  }

  /// p = e^(scale p - logSumExp), dp = scale p (dp - delta); both 0 beyond what the query sees.
  @inline(always)
  private func scoreGradients(
    _ p: MutableFloats, _ dp: MutableFloats, _ logSumExp: Float, _ delta: Float, _ row: Int,
    _ width: Int
  ) {
    let seen = visible(row)
    hide(p, seen)
    let (scale, shift) = (V(repeating: shape.scale), V(repeating: -logSumExp))
    let delta = V(repeating: delta)
    var i = 0
    while i &+ lanes <= seen {
      let e = expOfNegative(fma(load(p + i), scale, shift))
      store(e, p + i)
      store(e * (load(dp + i) - delta) * scale, dp + i)
      i &+= lanes
    }
    if i < seen {
      let rest = seen &- i
      let e = expOfNegative(fma(load(p + i, first: rest), scale, shift))
      store(e, p + i, first: rest)
      store(e * (load(dp + i, first: rest) - delta) * scale, dp + i, first: rest)
    }
    for i in seen..<width {
      p[i] = 0
      dp[i] = 0
    }
  }
}
