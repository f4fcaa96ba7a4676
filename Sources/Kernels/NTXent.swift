// NT-Xent, loss and gradient together. The similarities are symmetric, so only the blocks on and
// above the diagonal are multiplied, exponentiated and kept; each serves the rows of both its sides.
//
// With E_ij = e^((u_i . u_j - 1) scale) for j != i and r_i = 1 / sum_j E_ij, the gradient is
// dU = scale/count (((r_i + r_j) E_ij) U - 2 U_partner): one product, because the two of the plain
// derivation are transposes of each other.

extension Contrastive {
  /// NT-Xent (Chen et al., 2020): each of `count` embeddings must find its partner among all
  /// others; cosine similarities divided by the temperature.
  ///
  /// - Parameters:
  ///   - z: count x size embeddings of any length.
  ///   - partners: partners[i] is the other view of i, and partners[partners[i]] == i.
  ///   - dz: receives the gradient of the mean loss, or nil.
  /// - Returns: the mean over all rows.
  @inline(never)
  public static func ntXent(
    _ z: Floats, partners: UnsafePointer<Int>, temperature: Float, dz: MutableFloats?,
    count: Int, size: Int
  ) -> Float {
    guard count > 0 else { return 0 }
    return Scratch.floats(count &* (size &+ 2)) { scratch in
      let unit = scratch
      let (inverse, sums) = (scratch + count &* size, scratch + count &* (size &+ 1))
      Rows.normalize(z, epsilon: 1e-12, unit, inverse: inverse, rows: count, columns: size)
      let job = NTXentJob(
        unit: unit, partners: partners, scale: 1 / temperature, sums: sums, count: count,
        size: size)
      return job.run(gradient: dz.map { ($0, Floats(inverse)) })
    }
  }
}

/// The loss over unit vectors.
private struct NTXentJob {
  var unit: MutableFloats
  var partners: UnsafePointer<Int>
  var scale: Float
  /// Row sums of E, later their inverses.
  var sums: MutableFloats
  var count: Int
  var size: Int

  /// Rows and columns of a block: whole tiles and whole panels.
  private static let side = 96
  private static let area = side * side

  private var blocks: Int { (count &+ Self.side &- 1) / Self.side }
  private var isLong: Bool { 2 &* count &* count &* size > 50_000_000 }

  private func rows(_ block: Int) -> Int { min(Self.side, count &- block &* Self.side) }

  /// The place of block (i, j), i <= j, in the triangle of blocks.
  private func place(_ i: Int, _ j: Int) -> Int {
    (i &* blocks &- i &* (i &- 1) / 2 &+ j &- i) &* Self.area
  }

  /// The row of blocks of a chunk. Rows shorten towards the last, and threads begin at both ends: at
  /// either end stand the longest.
  private func longestFirst(_ chunk: Int) -> Int {
    2 &* chunk < blocks ? 2 &* chunk : 2 &* (blocks &- chunk) &- 1
  }

  /// The gradient is written through the normalisation of z, given each row's inverse length.
  func run(gradient: (dz: MutableFloats, inverse: Floats)?) -> Float {
    let panels = (count &+ panelWidth &- 1) / panelWidth &* panelWidth &* size
    let triangle = blocks &* (blocks &+ 1) / 2 &* Self.area
    return Scratch.floats(panels &+ triangle &+ blocks &* count) { scratch in
      let (packed, e) = (scratch, scratch + panels)
      let columnSums = e + triangle
      packPanels(
        Matrix(unit, stride: size, isTransposed: true), depth: size, columns: count,
        into: packed)
      Parallel.run(blocks, isLong: isLong) { chunk in
        exponentiate(longestFirst(chunk), packed, e, columnSums)
      }
      // A row's sum is that of its own blocks and of what the blocks above it hold for it.
      for block in 1..<max(1, blocks) {
        let start = block &* Self.side
        for above in 0..<block {
          let s = sums + start
          mapRange(rows(block), s, columnSums + (above &* count &+ start), s) { $0 + $1 }
        }
      }
      let loss = meanLoss()
      if let (dz, inverse) = gradient { differentiate(e, dz, inverse) }
      return loss
    }
  }

  /// The blocks of one row of blocks, their row sums, and their column sums below the diagonal.
  private func exponentiate(
    _ i: Int, _ packed: Floats, _ e: MutableFloats, _ columnSums: MutableFloats
  ) {
    let (first, rowCount) = (i &* Self.side, rows(i))
    let (factor, shift) = (V(repeating: scale), V(repeating: -scale))
    let below = columnSums + i &* count
    (below + first).update(repeating: 0, count: count &- first)
    (sums + first).update(repeating: 0, count: rowCount)
    for j in i..<blocks {
      let (left, width) = (j &* Self.side, rows(j))
      let block = e + place(i, j)
      multiplyPacked(
        Matrix(unit + first &* size, stride: size), packed + left &* size, packedDepth: size,
        into: block, stride: Self.side, rows: rowCount, columns: width, depth: size)
      for row in 0..<rowCount {
        let s = block + row &* Self.side
        let columns = below + left
        if i == j {
          mapRange(width, s, s) { expOfNegative(fma($0, factor, shift)) }
          s[row] = 0
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

  private func meanLoss() -> Float {
    var loss = 0.0
    for i in 0..<count {
      let positive = rowDot(unit + i &* size, unit + partners[i] &* size, size)
      loss += Double(log(sums[i]) + scale - positive * scale)
    }
    return Float(loss / Double(count))
  }

  private func differentiate(_ e: MutableFloats, _ dz: MutableFloats, _ inverse: Floats) {
    mapRange(count, sums, sums) { 1 / $0 }
    let weight = scale / Float(count)
    // E becomes (r_i + r_j) E_ij scale/count.
    Parallel.run(blocks, isLong: isLong) { i in
      for j in i..<blocks {
        let block = e + place(i, j)
        for row in 0..<rows(i) {
          let own = V(repeating: sums[i &* Self.side &+ row])
          let s = block + row &* Self.side
          mapRange(rows(j), s, sums + j &* Self.side, s) { e, r in e * ((own + r) * weight) }
        }
      }
    }
    let panels = (size &+ panelWidth &- 1) / panelWidth &* panelWidth &* count
    Scratch.floats(panels) { packed in
      packPanels(Matrix(unit, stride: size), depth: count, columns: size, into: packed)
      // Few blocks are cut, so that threads can share them evenly; many would read B too often.
      let part = blocks > 10 ? Self.side : Self.side / 4
      Parallel.run((count &+ part &- 1) / part, isLong: isLong) { chunk in
        let (first, rowCount) = (chunk &* part, min(part, count &- chunk &* part))
        let (i, offset) = (first / Self.side, first % Self.side)
        for j in 0..<blocks {
          let block =
            j < i
            ? Matrix(e + (place(j, i) &+ offset), stride: Self.side, isTransposed: true)
            : Matrix(e + (place(i, j) &+ offset &* Self.side), stride: Self.side)
          multiplyPacked(
            block, packed + j &* Self.side &* panelWidth, packedDepth: count,
            into: dz + first &* size, stride: size, rows: rowCount, columns: size,
            depth: rows(j), accumulate: j > 0)
        }
        for row in first..<first &+ rowCount {
          let d = dz + row &* size
          let partner = unit + partners[row] &* size
          let twice = V(repeating: -2 * weight)
          mapRange(size, d, partner, d) { d, u in fma(u, twice, d) }
        }
      }
    }
    Rows.normalizeBackward(dz, unit, inverse: inverse, dz, rows: count, columns: size)
  }
}
