// NT-Xent where no exponential vanishes. The similarities are symmetric, so only the blocks on and
// above the diagonal are multiplied, exponentiated and kept; each serves the rows of both its sides.
//
// With E_ij = e^((u_i . u_j - 1) scale) for j != i and r_i = 1 / sum_j E_ij, the gradient is
// dU = scale/count (((r_i + r_j) E_ij) U - 2 U_partner): one product, because the two of the plain
// derivation are transposes of each other.

/// The loss, in three regions of the pool.
struct NTXentTriangle {
  /// Below it, an exponential of two opposite rows is smaller than the smallest float.
  static let lowestTemperature: Float = 0.025

  var z: Floats
  var partners: UnsafePointer<Int>
  var scale: Float
  /// z over its lengths, and the factors that made it.
  var unit: MutableFloats
  var inverse: MutableFloats
  /// Row sums of E, later each row's loss.
  var sums: MutableFloats
  /// r, the inverses of the sums.
  var rates: MutableFloats
  var count: Int
  var size: Int

  /// Rows and columns of a block: whole tiles and whole panels.
  private static let side = 96
  private static let area = side * side

  private var blocks: Int { (count &+ Self.side &- 1) / Self.side }
  private var isLong: Bool { 2 &* count &* count &* size > 50_000_000 }

  /// Rows of one chunk. Few blocks are cut, so that threads can share them evenly; of many, the parts
  /// would read B too often.
  private var part: Int { blocks > 10 ? Self.side : Self.side / 4 }
  private var parts: Int { (count &+ part &- 1) / part }

  private func rows(_ block: Int) -> Int { min(Self.side, count &- block &* Self.side) }

  /// The place of block (i, j), i <= j, in the triangle of blocks.
  private func place(_ i: Int, _ j: Int) -> Int {
    (i &* blocks &- i &* (i &- 1) / 2 &+ j &- i) &* Self.area
  }

  /// The part of a chunk. Rows of blocks shorten towards the last, and threads begin at both ends:
  /// at either end stand the longest.
  private func longestFirst(_ chunk: Int) -> Int {
    2 &* chunk < parts ? 2 &* chunk : 2 &* (parts &- chunk) &- 1
  }

  /// The gradient is written through the normalisation of z.
  func run(gradient dz: MutableFloats?) -> Float {
    let panels = (count &+ panelWidth &- 1) / panelWidth &* panelWidth &* size
    let triangle = blocks &* (blocks &+ 1) / 2 &* Self.area
    return Scratch.floats(panels &+ triangle &+ parts &* count) { scratch in
      let (packed, e) = (scratch, scratch + panels)
      let columnSums = e + triangle
      normalize(packed)
      Parallel.run(parts, isLong: isLong) { chunk in
        exponentiate(longestFirst(chunk), packed, e, columnSums)
      }
      addColumnSums(columnSums)
      mapRange(count, sums, rates) { 1 / $0 }
      if let dz {
        differentiate(e, dz)
      } else {
        for row in 0..<count { sums[row] = loss(row) }
      }
      return Contrastive.meanLoss(sums, count)
    }
  }

  /// The rows of a panel after the other become unit vectors, and columns of B.
  private func normalize(_ packed: MutableFloats) {
    let panels = (count &+ panelWidth &- 1) / panelWidth
    Parallel.ranges(panels, grain: 4096 / max(1, panelWidth &* size) | 1) { from, to in
      for panel in from..<to {
        let first = panel &* panelWidth
        let some = min(panelWidth, count &- first)
        for row in first..<first &+ some {
          Rows.normalizeRow(z, epsilon: 1e-12, unit, inverse: inverse, row: row, columns: size)
        }
        packPanel(
          Matrix(unit, stride: size, isTransposed: true), from: first, width: some, depth: 0,
          count: size, into: packed + panel &* panelWidth &* size)
      }
    }
  }

  /// The blocks of some rows, their row sums, and their column sums below the diagonal.
  private func exponentiate(
    _ part: Int, _ packed: Floats, _ e: MutableFloats, _ columnSums: MutableFloats
  ) {
    let first = part &* self.part
    let rowCount = min(self.part, count &- first)
    let (i, offset) = (first / Self.side, first % Self.side)
    let (factor, shift) = (V(repeating: scale), V(repeating: -scale))
    let below = columnSums + part &* count
    (below + i &* Self.side).update(repeating: 0, count: count &- i &* Self.side)
    (sums + first).update(repeating: 0, count: rowCount)
    for j in i..<blocks {
      let (left, width) = (j &* Self.side, rows(j))
      let block = e + (place(i, j) &+ offset &* Self.side)
      multiplyPacked(
        Matrix(unit + first &* size, stride: size), packed + left &* size, packedDepth: size,
        into: block, stride: Self.side, rows: rowCount, columns: width, depth: size)
      for row in 0..<rowCount {
        let s = block + row &* Self.side
        let columns = below + left
        if i == j {
          mapRange(width, s, s) { expOfNegative(fma($0, factor, shift)) }
          s[offset &+ row] = 0
          sums[first &+ row] += rowSum(s, width)
          continue
        }
        var (sum, c) = (V.zero, 0)
        while c &+ lanes <= width {
          let x = expOfNegative(fma(load(s + c), factor, shift))
          store(x, s + c)
          store(load(columns + c) + x, columns + c)
          sum += x
          c &+= lanes
        }
        if c < width {
          let rest = width &- c
          let scores = load(s + c, first: rest, else: -.infinity)
          let x = expOfNegative(fma(scores, factor, shift))
          store(x, s + c, first: rest)
          store(load(columns + c, first: rest) + x, columns + c, first: rest)
          sum += x
        }
        sums[first &+ row] += total(sum)
      }
    }
  }

  /// A row's sum is that of its own blocks and of what the blocks above it hold for it.
  private func addColumnSums(_ columnSums: Floats) {
    for part in 0..<parts {
      let start = (part &* self.part / Self.side &+ 1) &* Self.side
      guard start < count else { return }
      let s = sums + start
      mapRange(count &- start, s, columnSums + (part &* count &+ start), s) { $0 + $1 }
    }
  }

  private func loss(_ row: Int) -> Float {
    let positive = rowDot(unit + row &* size, unit + partners[row] &* size, size)
    return log(sums[row]) + (1 - positive) * scale
  }

  private func differentiate(_ e: Floats, _ dz: MutableFloats) {
    // The rows of unit vectors serve as panels where they lie, if they fill whole ones.
    let isPacked = size % panelWidth != 0 || size >= 1024
    let panels = (size &+ panelWidth &- 1) / panelWidth &* panelWidth &* count
    Scratch.floats(isPacked ? panels : 0) { packed in
      if isPacked {
        packPanels(Matrix(unit, stride: size), depth: count, columns: size, into: packed)
      }
      let b = isPacked ? Panels(packed: packed, depth: count) : Panels(rows: unit, stride: size)
      Parallel.run(parts, isLong: isLong) { chunk in
        let first = chunk &* part
        Scratch.floats(part &* Self.side) { weights in
          differentiate(first, min(part, count &- first), e, b, weights, dz)
        }
      }
    }
  }

  /// The losses and gradients of some rows.
  private func differentiate(
    _ first: Int, _ rowCount: Int, _ e: Floats, _ b: Panels, _ weights: MutableFloats,
    _ dz: MutableFloats
  ) {
    let weight = scale / Float(count)
    let (i, offset) = (first / Self.side, first % Self.side)
    for j in 0..<blocks {
      // Blocks below the diagonal lie above it, as their transposes.
      let isTransposed = j < i
      let block =
        e + (isTransposed ? place(j, i) &+ offset : place(i, j) &+ offset &* Self.side)
      let (top, left) = isTransposed ? (j &* Self.side, first) : (first, j &* Self.side)
      let (height, width) = isTransposed ? (rows(j), rowCount) : (rowCount, rows(j))
      for row in 0..<height {
        let own = V(repeating: rates[top &+ row])
        let s = block + row &* Self.side
        mapRange(width, s, rates + left, weights + row &* width) { e, r in
          e * ((own + r) * weight)
        }
      }
      multiplyPanels(
        Matrix(weights, stride: width, isTransposed: isTransposed), b.from(j &* Self.side),
        into: dz + first &* size, stride: size, rows: rowCount, columns: size, depth: rows(j),
        accumulate: j > 0)
    }
    for row in first..<first &+ rowCount {
      let d = dz + row &* size
      let twice = V(repeating: -2 * weight)
      mapRange(size, d, unit + partners[row] &* size, d) { d, u in fma(u, twice, d) }
      Rows.normalizeRowBackward(dz, unit, inverse: inverse, dz, row: row, columns: size)
      sums[row] = loss(row)
    }
  }
}
