// Attention of one head of one short sequence: a single block, whose probabilities, keys x queries,
// are kept for the backward pass. For a sequence of 64 tokens they are no larger than the rest of
// what is kept, and computing them again would take a fifth of the time. With P at hand,
//
//     out = P' V    D = V G'    delta = sum(P D)    E = scale P (D - delta)
//     dV = P G      dK = E Q    dQ = E' K
//
// every product is a result, written where it belongs unless a head's width has to be padded.

extension AttentionShape {
  /// Whether the probabilities are kept, instead of the log-sum-exp of each query's scores.
  var isShort: Bool { queries <= blockQueries && keys <= 64 }
}

extension AttentionHead {
  /// - Parameter probabilities: room for keys x queries in whole vectors; nil if they are not kept.
  func forwardShort(
    q: HeadRows, k: HeadRows, v: HeadRows, out: HeadRows, probabilities: MutableFloats?
  ) {
    let (d, keys, queries, stride) = (
      shape.headSize, shape.keys, shape.queries, shape.scoreStride
    )
    let (valueSize, querySize) = (rowPanels(keys), columnPanels(stride))
    Scratch.floats(
      valueSize &+ querySize &+ queries &* width &+ lanes &+ keys &* stride
    ) { packedV in
      let packedQ = packedV + valueSize
      let result = packedQ + querySize
      let inverse = result + queries &* width
      let p = probabilities ?? inverse + lanes
      prefetch(k, keys)
      prefetch(q, queries)
      packPanels(v.matrix(), depth: keys, columns: d, into: packedV)
      packPanels(q.matrix(isTransposed: true), depth: d, columns: queries, into: packedQ)
      multiplyPacked(
        k.matrix(), packedQ, packedDepth: d, into: p, stride: stride, rows: keys, columns: stride,
        depth: d)
      hide(p, 0, queries, keys)
      for column in vectors(of: queries) {
        exponentials(p + column, keys, inverse)
        let factor = load(inverse)
        for key in 0..<keys {
          let place = p + (key &* stride &+ column)
          store(load(place) * factor, place)
        }
      }
      multiply(
        Matrix(p, stride: stride, isTransposed: true), packedV, depth: keys, into: out,
        rows: queries, result)
    }
  }

  /// - Parameter p: the probabilities of the forward pass.
  func backwardShort(
    q: HeadRows, k: HeadRows, v: HeadRows, g: HeadRows, probabilities p: Floats, dq: HeadRows,
    dk: HeadRows, dv: HeadRows
  ) {
    let (d, keys, queries, stride) = (
      shape.headSize, shape.keys, shape.queries, shape.scoreStride
    )
    let (keySize, querySize, columnSize) = (
      rowPanels(keys), rowPanels(queries), columnPanels(stride)
    )
    Scratch.floats(
      keySize &+ 2 &* querySize &+ columnSize &+ keys &* stride &+ max(queries, keys) &* width
    ) { packedK in
      let (rowsOfQ, rowsOfG) = (packedK + keySize, packedK + (keySize &+ querySize))
      let columnsOfG = rowsOfG + querySize
      let dp = columnsOfG + columnSize
      let result = dp + keys &* stride
      prefetch(g, queries)
      prefetch(v, keys)
      prefetch(q, queries)
      packPanels(g.matrix(isTransposed: true), depth: d, columns: queries, into: columnsOfG)
      packPanels(g.matrix(), depth: queries, columns: d, into: rowsOfG)
      packPanels(k.matrix(), depth: keys, columns: d, into: packedK)
      packPanels(q.matrix(), depth: queries, columns: d, into: rowsOfQ)
      multiplyPacked(
        v.matrix(), columnsOfG, packedDepth: d, into: dp, stride: stride, rows: keys,
        columns: stride, depth: d)
      for column in vectors(of: queries) { scoreGradients(p + column, dp + column) }
      multiply(
        Matrix(p, stride: stride), rowsOfG, depth: queries, into: dv, rows: keys, result)
      multiply(
        Matrix(dp, stride: stride), rowsOfQ, depth: queries, into: dk, rows: keys, result)
      multiply(
        Matrix(dp, stride: stride, isTransposed: true), packedK, depth: keys, into: dq,
        rows: queries, result)
    }
  }

  /// dp = scale p (dp - sum(p dp)), for sixteen queries.
  @inline(always)
  private func scoreGradients(_ p: Floats, _ dp: MutableFloats) {
    let (keys, stride) = (shape.keys, shape.scoreStride)
    var (even, odd) = (V.zero, V.zero)
    var key = 0
    while key &+ 2 <= keys {
      even = fma(load(p + key &* stride), load(dp + key &* stride), even)
      odd = fma(load(p + (key &+ 1) &* stride), load(dp + (key &+ 1) &* stride), odd)
      key &+= 2
    }
    if key < keys { even = fma(load(p + key &* stride), load(dp + key &* stride), even) }
    let (delta, scale) = (even + odd, V(repeating: shape.scale))
    for key in 0..<keys {
      let place = key &* stride
      store(load(p + place) * scale * (load(dp + place) - delta), dp + place)
    }
  }

  /// A head's rows = A B, for B in panels; through `result` where rows are no whole vectors.
  @inline(always)
  private func multiply(
    _ a: Matrix, _ packed: Floats, depth: Int, into y: HeadRows, rows: Int, _ result: MutableFloats
  ) {
    if width == shape.headSize {
      multiplyPacked(
        a, packed, packedDepth: depth, into: y.start, stride: y.stride, rows: rows, columns: width,
        depth: depth)
      return
    }
    multiplyPacked(
      a, packed, packedDepth: depth, into: result, stride: width, rows: rows, columns: width,
      depth: depth)
    for row in 0..<rows {
      mapRange(shape.headSize, result + row &* width, y.start + row &* y.stride) { $0 }
    }
  }
}
