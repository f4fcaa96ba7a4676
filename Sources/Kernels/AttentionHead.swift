// Attention of one head of one sequence.
//
// Scores are kept transposed, keys x queries: a vector then holds one key's scores for sixteen
// queries, so that the largest score, the sum and the gradient's inner products of a query need no
// sums across lanes, a hidden key is a row and causal order a mask of lanes. For a block of queries,
//
//     S = K Q'    P = e^(scale S - largest)    out = P' V / sum(P)
//
// and backwards, with P from the log-sum-exp and delta = sum(g out) of each query,
//
//     D = V G'    E = P (D - delta)    dV += P G    dK += scale E Q    dQ = scale E' K
//
// Every product has its columns padded to whole vectors in working memory that stays in the first or
// second cache, and is copied from there: a head's width of 24 costs no narrow tiles.

struct AttentionHead {
  let shape: AttentionShape
  private let keyMask: Floats?

  init(_ shape: AttentionShape, sequence: Int) {
    self.shape = shape
    keyMask = shape.keyMask.map { $0 + sequence &* shape.keys }
  }

  private var blockQueries: Int { shape.blockQueries }
  private var scoreStride: Int { shape.scoreStride }

  /// A head's width in whole vectors: row stride of results in working memory.
  var width: Int { wholeVectors(shape.headSize) }

  /// Floats of `rows` rows of a head in panels, and of `queries` queries as columns in panels.
  func rowPanels(_ rows: Int) -> Int { wholePanels(shape.headSize) &* rows }
  func columnPanels(_ queries: Int) -> Int { wholePanels(queries) &* shape.headSize }

  /// Keys that query `row` may see.
  @inline(always)
  private func visible(_ row: Int) -> Int {
    guard shape.isCausal else { return shape.keys }
    return max(0, min(shape.keys, row &+ 1 &+ shape.keys &- shape.queries))
  }

  func forward(q: HeadRows, k: HeadRows, v: HeadRows, out: HeadRows, logSumExp: MutableFloats?) {
    let (d, keys, stride) = (shape.headSize, shape.keys, scoreStride)
    let (valueSize, querySize) = (rowPanels(keys), columnPanels(stride))
    Scratch.floats(
      valueSize &+ querySize &+ keys &* stride &+ stride &* width &+ stride
    ) { packedV in
      let packedQ = packedV + valueSize
      let scores = packedQ + querySize
      let result = scores + keys &* stride
      let inverse = result + stride &* width
      prefetch(k, keys)
      prefetch(q, shape.queries)
      packPanels(v.matrix(), depth: keys, columns: d, into: packedV)
      var row = 0
      while row < shape.queries {
        let rows = min(blockQueries, shape.queries &- row)
        let seen = visible(row &+ rows &- 1)
        packPanels(
          q.matrix(from: row, isTransposed: true), depth: d, columns: rows, into: packedQ)
        multiplyPacked(
          k.matrix(), packedQ, packedDepth: d, into: scores, stride: stride, rows: seen,
          columns: wholeVectors(rows), depth: d)
        hide(scores, row, rows, seen)
        for column in vectors(of: rows) {
          let logs = exponentials(scores + column, seen, inverse + column)
          if let logSumExp { storePart(logs, logSumExp + (row &+ column), rows &- column) }
        }
        multiplyPacked(
          Matrix(scores, stride: stride, isTransposed: true), packedV, packedDepth: keys,
          into: result, stride: width, rows: rows, columns: width, depth: seen)
        for r in 0..<rows {
          let factor = V(repeating: inverse[r])
          mapRange(d, result + r &* width, out.start + (row &+ r) &* out.stride) { $0 * factor }
        }
        row &+= rows
      }
    }
  }

  /// Asks for the rows of a head, which lie too far apart for the processor to foresee them; a few
  /// are not worth the asking.
  @inline(always)
  func prefetch(_ x: HeadRows, _ count: Int) {
    guard count >= 32 else { return }
    for row in 0..<min(64, count) {
      for i in Swift.stride(from: 0, to: shape.headSize, by: lanes) {
        Kernels.prefetch(x.start + (row &* x.stride &+ i))
      }
    }
  }

  /// The first columns of the vectors that cover `rows` queries.
  @inline(always)
  func vectors(of rows: Int) -> StrideTo<Int> {
    Swift.stride(from: 0, to: rows, by: lanes)
  }

  /// Scores that queries row..<row + rows may not see become -infinity.
  func hide(_ s: MutableFloats, _ row: Int, _ rows: Int, _ seen: Int) {
    let hidden = V(repeating: -.infinity)
    if let keyMask {
      for key in 0..<seen where keyMask[key] == 0 {
        for column in vectors(of: rows) { store(hidden, s + (key &* scoreStride &+ column)) }
      }
    }
    guard shape.isCausal else { return }
    for column in vectors(of: rows) {
      let first = visible(row &+ column)
      for key in first..<max(first, seen) {
        // Query row + column + i sees no key beyond this one + i.
        let last = row &+ column &+ shape.keys &- shape.queries
        let p = s + (key &* scoreStride &+ column)
        store(load(p).replacing(with: hidden, where: lanesBefore(key &- last)), p)
      }
    }
  }

  /// e^(scale (s - largest)) for sixteen queries over `seen` keys; writes what makes the sum 1 and
  /// returns the log-sum-exp. A query that sees no key gets zeros, and infinity.
  @inline(always)
  @discardableResult
  func exponentials(_ s: MutableFloats, _ seen: Int, _ inverse: MutableFloats) -> V {
    let stride = scoreStride
    var (a, b) = (V(repeating: -.infinity), V(repeating: -.infinity))
    var key = 0
    while key &+ 2 <= seen {
      a = larger(a, load(s + key &* stride))
      b = larger(b, load(s + (key &+ 1) &* stride))
      key &+= 2
    }
    if key < seen { a = larger(a, load(s + key &* stride)) }
    let most = larger(a, b)
    let isBlind = most .== V(repeating: -.infinity)
    let scale = V(repeating: shape.scale * log2OfE)
    let shift = (-most * scale).replacing(with: 0, where: isBlind)
    var (even, odd) = (V.zero, V.zero)
    key = 0
    while key &+ 2 <= seen {
      let (p, q) = (s + key &* stride, s + (key &+ 1) &* stride)
      let e = exp2OfNegative(fma(load(p), scale, shift))
      let f = exp2OfNegative(fma(load(q), scale, shift))
      store(e, p)
      store(f, q)
      even += e
      odd += f
      key &+= 2
    }
    if key < seen {
      let p = s + key &* stride
      let e = exp2OfNegative(fma(load(p), scale, shift))
      store(e, p)
      even += e
    }
    let sum = even + odd
    store((1 / sum).replacing(with: 0, where: isBlind), inverse)
    let logSumExp = fma(most, V(repeating: shape.scale), log(sum))
    return logSumExp.replacing(with: .infinity, where: isBlind)
  }

  func backward(
    q: HeadRows, k: HeadRows, v: HeadRows, out: HeadRows, g: HeadRows, logSumExp: Floats,
    dq: HeadRows, dk: HeadRows, dv: HeadRows
  ) {
    let (d, keys, stride) = (shape.headSize, shape.keys, scoreStride)
    let (keySize, querySize, columnSize) = (
      rowPanels(keys), rowPanels(stride), columnPanels(stride)
    )
    let total =
      keySize &+ 2 &* querySize &+ 2 &* columnSize &+ 2 &* keys &* stride &+ 2 &* keys &* width
      &+ stride &* width &+ stride
    Scratch.floats(total) { packedK in
      let (rowsOfQ, rowsOfG) = (packedK + keySize, packedK + (keySize &+ querySize))
      let columnsOfQ = rowsOfG + querySize
      let columnsOfG = columnsOfQ + columnSize
      let (p, dp) = (columnsOfG + columnSize, columnsOfG + (columnSize &+ keys &* stride))
      let (sumK, sumV) = (dp + keys &* stride, dp + keys &* (stride &+ width))
      let result = sumV + keys &* width
      let deltas = result + stride &* width
      prefetch(q, shape.queries)
      prefetch(g, shape.queries)
      prefetch(v, keys)
      prefetch(out, shape.queries)
      packPanels(k.matrix(), depth: keys, columns: d, into: packedK)
      var (row, summed) = (0, 0)
      while row < shape.queries {
        let rows = min(blockQueries, shape.queries &- row)
        let (seen, columns) = (visible(row &+ rows &- 1), wholeVectors(rows))
        let (q, g) = (q.matrix(from: row), g.matrix(from: row))
        packPanels(q, depth: rows, columns: d, into: rowsOfQ)
        packPanels(g, depth: rows, columns: d, into: rowsOfG)
        packPanels(q.transposed, depth: d, columns: rows, into: columnsOfQ)
        packPanels(g.transposed, depth: d, columns: rows, into: columnsOfG)
        multiplyPacked(
          k.matrix(), columnsOfQ, packedDepth: d, into: p, stride: stride, rows: seen,
          columns: columns, depth: d)
        multiplyPacked(
          v.matrix(), columnsOfG, packedDepth: d, into: dp, stride: stride, rows: seen,
          columns: columns, depth: d)
        hide(p, row, rows, seen)
        for r in 0..<rows {
          deltas[r] = rowDot(g.start + r &* g.stride, out.start + (row &+ r) &* out.stride, d)
        }
        for column in vectors(of: rows) {
          let rest = rows &- column
          scoreGradients(
            p + column, dp + column, loadPart(logSumExp + (row &+ column), rest),
            loadPart(deltas + column, rest), seen)
        }
        multiplyPacked(
          Matrix(dp, stride: stride, isTransposed: true), packedK, packedDepth: keys,
          into: result, stride: width, rows: rows, columns: width, depth: seen)
        copyScaled(result, to: dq, from: row, rows, by: shape.scale)
        // Keys that an earlier block has seen are added to, the others written.
        for (from, to) in [(0, summed), (summed, seen)] where from < to {
          multiplyPacked(
            Matrix(dp + from &* stride, stride: stride), rowsOfQ, packedDepth: rows,
            into: sumK + from &* width, stride: width, rows: to &- from, columns: width,
            depth: rows, accumulate: from < summed)
          multiplyPacked(
            Matrix(p + from &* stride, stride: stride), rowsOfG, packedDepth: rows,
            into: sumV + from &* width, stride: width, rows: to &- from, columns: width,
            depth: rows, accumulate: from < summed)
        }
        summed = seen
        row &+= rows
      }
      // Keys that no query sees.
      sumK.advanced(by: summed &* width).update(repeating: 0, count: (keys &- summed) &* width)
      sumV.advanced(by: summed &* width).update(repeating: 0, count: (keys &- summed) &* width)
      copyScaled(sumK, to: dk, from: 0, keys, by: shape.scale)
      copyScaled(sumV, to: dv, from: 0, keys, by: 1)
    }
  }

  /// p = e^(scale p - logSumExp) and dp = p (dp - delta), for sixteen queries over `seen` keys.
  @inline(always)
  private func scoreGradients(
    _ p: MutableFloats, _ dp: MutableFloats, _ logSumExp: V, _ delta: V, _ seen: Int
  ) {
    let (stride, scale) = (scoreStride, V(repeating: shape.scale * log2OfE))
    let shift = -logSumExp * log2OfE
    for key in 0..<seen {
      let place = key &* stride
      let e = exp2OfNegative(fma(load(p + place), scale, shift))
      store(e, p + place)
      store(e * (load(dp + place) - delta), dp + place)
    }
  }

  /// Rows of `width` numbers in working memory to a head's rows from..<from + rows.
  @inline(always)
  private func copyScaled(
    _ x: Floats, to y: HeadRows, from: Int, _ rows: Int, by scale: Float
  ) {
    let scale = V(repeating: scale)
    for r in 0..<rows {
      mapRange(shape.headSize, x + r &* width, y.start + (from &+ r) &* y.stride) { $0 * scale }
    }
  }
}

/// Scores are multiplied by it with their scale, and raise 2.
private let log2OfE: Float = 1.442_695_04

@inline(always)
func wholeVectors(_ count: Int) -> Int { (count &+ lanes &- 1) / lanes &* lanes }

@inline(always)
private func wholePanels(_ count: Int) -> Int {
  (count &+ panelWidth &- 1) / panelWidth &* panelWidth
}
