// Rows brought to mean 0 and variance 1 (layer norm) or to length 1 (L2 norm).

extension Rows {
  /// y = gamma (x - mean) / sqrt(variance + epsilon) + beta in each row.
  ///
  /// - Parameters:
  ///   - gamma: `columns` numbers, 1 if nil.
  ///   - beta: `columns` numbers, 0 if nil.
  ///   - mean: receives each row's mean, for the backward pass.
  ///   - inverse: receives each row's 1 / sqrt(variance + epsilon).
  @inline(never)
  public static func layerNorm(
    _ x: Floats, gamma: Floats?, beta: Floats?, epsilon: Float, _ y: MutableFloats,
    mean: MutableFloats, inverse: MutableFloats, rows: Int, columns: Int
  ) {
    let perColumn = 1 / Float(columns)
    overRows(rows, columns) { row in
      let (x, y) = (x + row &* columns, y + row &* columns)
      let m = rowSum(x, columns) * perColumn
      let variance = rowSquares(x, columns, around: m) * perColumn
      let r = 1 / (variance + epsilon).squareRoot()
      mean[row] = m
      inverse[row] = r
      // x r - m r, not (x - m) r: one operation less.
      let (scale, shift) = (V(repeating: r), V(repeating: -m * r))
      if let gamma, let beta {
        mapRange3(columns, x, gamma, beta, y) { x, gamma, beta in
          fma(fma(x, scale, shift), gamma, beta)
        }
      } else if let gamma {
        mapRange(columns, x, gamma, y) { x, gamma in fma(x, scale, shift) * gamma }
      } else if let beta {
        mapRange(columns, x, beta, y) { x, beta in fma(x, scale, shift) + beta }
      } else {
        mapRange(columns, x, y) { fma($0, scale, shift) }
      }
    }
  }

  /// The gradients of `layerNorm` from `g`, that of its output; `dx` may be `g`.
  ///
  /// - Parameters:
  ///   - dGamma: receives the sum over rows of g (x - mean) inverse.
  ///   - dBeta: receives the sum over rows of g.
  @inline(never)
  public static func layerNormBackward(
    _ g: Floats, _ x: Floats, gamma: Floats?, mean: Floats, inverse: Floats,
    dx: MutableFloats, dGamma: MutableFloats?, dBeta: MutableFloats?, rows: Int, columns: Int
  ) {
    let chunkRows = max(16, min(128, 16_384 / max(1, columns)))
    let chunks = (rows &+ chunkRows &- 1) / chunkRows
    Scratch.floats(max(1, chunks &* 2 &* columns)) { partial in
      Parallel.run(chunks, isLong: rows &* columns > 1 << 20) { chunk in
        let sums = partial + chunk &* 2 &* columns
        sums.update(repeating: 0, count: 2 &* columns)
        for row in chunk &* chunkRows..<min(rows, (chunk &+ 1) &* chunkRows) {
          let offset = row &* columns
          layerNormBackwardRow(
            g + offset, x + offset, gamma, mean[row], inverse[row], dx + offset,
            sums, sums + columns, columns)
        }
      }
      addRowsInPairs(partial, chunks, 2 &* columns)
      let isEmpty = chunks == 0
      if let dGamma {
        for i in 0..<columns { dGamma[i] = isEmpty ? 0 : partial[i] }
      }
      if let dBeta {
        for i in 0..<columns { dBeta[i] = isEmpty ? 0 : partial[columns &+ i] }
      }
    }
  }

  /// y = x / max(|x|, epsilon) in each row; `inverse` receives each row's factor.
  @inline(never)
  public static func normalize(
    _ x: Floats, epsilon: Float, _ y: MutableFloats, inverse: MutableFloats, rows: Int,
    columns: Int
  ) {
    overRows(rows, columns) { row in
      normalizeRow(x, epsilon: epsilon, y, inverse: inverse, row: row, columns: columns)
    }
  }

  @inline(always)
  static func normalizeRow(
    _ x: Floats, epsilon: Float, _ y: MutableFloats, inverse: MutableFloats, row: Int,
    columns: Int
  ) {
    let x = x + row &* columns
    let r = 1 / max(rowDot(x, x, columns).squareRoot(), epsilon)
    inverse[row] = r
    let scale = V(repeating: r)
    mapRange(columns, x, y + row &* columns) { $0 * scale }
  }

  /// dx = inverse (g - y (g . y)) in each row, with y = normalize(x); `dx` may be `g`.
  @inline(never)
  public static func normalizeBackward(
    _ g: Floats, _ y: Floats, inverse: Floats, _ dx: MutableFloats, rows: Int, columns: Int
  ) {
    overRows(rows, columns) { row in
      normalizeRowBackward(g, y, inverse: inverse, dx, row: row, columns: columns)
    }
  }

  @inline(always)
  static func normalizeRowBackward(
    _ g: Floats, _ y: Floats, inverse: Floats, _ dx: MutableFloats, row: Int, columns: Int
  ) {
    let offset = row &* columns
    let dot = V(repeating: rowDot(g + offset, y + offset, columns))
    let scale = V(repeating: inverse[row])
    mapRange(columns, g + offset, y + offset, dx + offset) { g, y in
      fma(-dot, y, g) * scale
    }
  }
}

/// dx = inverse (gamma g - mean(gamma g) - n mean(gamma g n)), n being the normalised row.
@inline(always)
private func layerNormBackwardRow(
  _ g: Floats, _ x: Floats, _ gamma: Floats?, _ mean: Float, _ inverse: Float,
  _ dx: MutableFloats, _ dGamma: MutableFloats, _ dBeta: MutableFloats, _ columns: Int
) {
  let (scale, shift) = (V(repeating: inverse), V(repeating: -mean * inverse))
  var (sum, dot) = (V.zero, V.zero)
  overVectors(columns) { i, width in
    let g = loadPart(g + i, width)
    let n = fma(loadPart(x + i, width), scale, shift)
    storePart(fma(g, n, loadPart(dGamma + i, width)), dGamma + i, width)
    storePart(g + loadPart(dBeta + i, width), dBeta + i, width)
    let weighted = if let gamma { g * loadPart(gamma + i, width) } else { g }
    sum += weighted
    dot = fma(weighted, n, dot)
  }
  let perColumn = 1 / Float(columns)
  let (a, b) = (
    V(repeating: total(sum) * perColumn * -inverse),
    V(repeating: total(dot) * perColumn * -inverse)
  )
  if let gamma {
    mapRange3(columns, g, x, gamma, dx) { g, x, gamma in
      fma(g * gamma, scale, fma(fma(x, scale, shift), b, a))
    }
  } else {
    mapRange(columns, g, x, dx) { g, x in fma(g, scale, fma(fma(x, scale, shift), b, a)) }
  }
}

/// The sum of (x - centre)^2 over one row.
@inline(always)
func rowSquares(_ x: Floats, _ count: Int, around centre: Float) -> Float {
  let c = V(repeating: centre)
  var (a, b) = (V.zero, V.zero)
  var i = 0
  while i &+ 2 &* lanes <= count {
    let (u, v) = (load(x + i) - c, load(x + (i &+ lanes)) - c)
    a = fma(u, u, a)
    b = fma(v, v, b)
    i &+= 2 &* lanes
  }
  if i &+ lanes <= count {
    let u = load(x + i) - c
    a = fma(u, u, a)
    i &+= lanes
  }
  if i < count {
    let v = load(x + i, first: count &- i, else: centre) - c
    b = fma(v, v, b)
  }
  return total(a + b)
}
