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
      var (m, variance) = rowMoments(x, columns, perColumn)
      var (source, r) = (x, 1 / (variance + epsilon).squareRoot())
      (mean[row], inverse[row]) = (m, r)
      if variance == .infinity {
        let s = scaleNearOne(x, columns)
        scaleRow(x, y, columns, by: s)
        source = Floats(y)
        (m, variance) = rowMoments(y, columns, perColumn)
        // Of a small s, s^2 is 0 in single precision.
        let spread = Double(variance) + Double(epsilon) * Double(s) * Double(s)
        r = Float(1 / spread.squareRoot())
        (mean[row], inverse[row]) = (m / s, r * s)
      }
      // (x - m) r, not x r - m r: of a large mean the difference would be mostly rounding.
      let (centre, scale) = (V(repeating: m), V(repeating: r))
      if let gamma, let beta {
        mapRange3(columns, source, gamma, beta, y) { x, gamma, beta in
          fma((x - centre) * scale, gamma, beta)
        }
      } else if let gamma {
        mapRange(columns, source, gamma, y) { x, gamma in (x - centre) * scale * gamma }
      } else if let beta {
        mapRange(columns, source, beta, y) { x, beta in fma(x - centre, scale, beta) }
      } else {
        mapRange(columns, source, y) { ($0 - centre) * scale }
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
    let (x, y) = (x + row &* columns, y + row &* columns)
    var (source, s, square) = (x, Float(1), rowDot(x, x, columns))
    if !isSafeSquare(square) {
      s = scaleNearOne(x, columns)
      scaleRow(x, y, columns, by: s)
      source = Floats(y)
      square = rowDot(y, y, columns)
    }
    let r = 1 / max(square.squareRoot(), epsilon * s)
    inverse[row] = r * s
    scaleRow(source, y, columns, by: r)
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
  let (scale, centre) = (V(repeating: inverse), V(repeating: mean))
  var (sum, dot) = (V.zero, V.zero)
  overVectors(columns) { i, width in
    let g = loadPart(g + i, width)
    let n = (loadPart(x + i, width) - centre) * scale
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
      fma(g * gamma, scale, fma((x - centre) * scale, b, a))
    }
  } else {
    mapRange(columns, g, x, dx) { g, x in fma(g, scale, fma((x - centre) * scale, b, a)) }
  }
}

/// Whether a sum of squares neither overflowed nor lost what counts below the smallest number.
@inline(always)
func isSafeSquare(_ square: Float) -> Bool { square >= 0x1p-80 && square < .infinity }

/// The power of two that brings the largest of some numbers near 1, so that their squares can be
/// added.
@inline(never)
func scaleNearOne(_ x: Floats, _ count: Int) -> Float {
  var most: UInt32 = 0
  for i in 0..<count { most = max(most, x[i].magnitude.bitPattern) }
  return Float(bitPattern: (254 &- max(1, min(253, most &>> 23))) &<< 23)
}

/// The mean and the variance of one row.
///
/// The mean of the distances from a first mean corrects what that lost in rounding: the mean of
/// equal numbers is that number, and their variance 0.
///
/// - Source: Chan, Golub and LeVeque 1983, equation 1.7.
@inline(always)
private func rowMoments(
  _ x: Floats, _ count: Int, _ perNumber: Float
) -> (mean: Float, variance: Float) {
  let m = rowSum(x, count) * perNumber
  let c = V(repeating: m)
  var (a, b, sumA, sumB) = (V.zero, V.zero, V.zero, V.zero)
  var i = 0
  while i &+ 2 &* lanes <= count {
    let (u, v) = (load(x + i) - c, load(x + (i &+ lanes)) - c)
    a = fma(u, u, a)
    b = fma(v, v, b)
    sumA += u
    sumB += v
    i &+= 2 &* lanes
  }
  if i &+ lanes <= count {
    let u = load(x + i) - c
    a = fma(u, u, a)
    sumA += u
    i &+= lanes
  }
  if i < count {
    let v = load(x + i, first: count &- i, else: m) - c
    b = fma(v, v, b)
    sumB += v
  }
  return corrected(m, total(a + b) * perNumber, total(sumA + sumB) * perNumber)
}

/// Mean and variance from a first mean and the mean distance and square distance from it.
@inline(always)
func corrected(
  _ first: Float, _ square: Float, _ distance: Float
) -> (mean: Float, variance: Float) {
  let variance = fma(-distance, distance, square)
  return (first + distance, variance < 0 ? 0 : variance)
}
