// Batch norm and group norm over channels-last buffers: the channel is the last axis, so sixteen
// channels share a vector. ReLU can be fused: forward clamps, backward masks by the output.

/// Normalisation per channel or group of channels of channels-last buffers.
public enum ChannelNorm {
  /// Batch norm in training: y = gamma (x - mean) / sqrt(variance + epsilon) + beta, the
  /// statistics of each channel being taken over all rows.
  ///
  /// - Parameters:
  ///   - mean: receives the mean of each channel.
  ///   - variance: receives the variance of each channel (divided by `rows`).
  @inline(never)
  public static func batch(
    _ x: Floats, gamma: Floats?, beta: Floats?, epsilon: Float, isRelu: Bool,
    _ y: MutableFloats, mean: MutableFloats, variance: MutableFloats, rows: Int, channels: Int
  ) {
    Reduce.columnSums(x, rows: rows, columns: channels, mean)
    let perRow = 1 / Float(max(1, rows))
    scaleRow(mean, channels, by: perRow)
    Scratch.floats(max(1, 3 &* channels)) { scratch in
      let (squares, distances, scale) = (scratch, scratch + channels, scratch + 2 &* channels)
      sumsOverRows(rows, channels, 2, into: squares) { from, to, sums in
        addDistances(
          x + from &* channels, to &- from, channels, around: mean, to: sums, sums + channels)
      }
      for c in 0..<channels {
        (mean[c], variance[c]) = corrected(
          mean[c], squares[c] * perRow, distances[c] * perRow)
        scale[c] = (gamma?[c] ?? 1) / (variance[c] + epsilon).squareRoot()
      }
      let grain = max(1, 16_384 / max(1, channels))
      Parallel.ranges(rows, grain: grain, isLong: rows &* channels > 1 << 20) { from, to in
        let offset = from &* channels
        normalizeRows(x + offset, mean, scale, beta, isRelu, y + offset, to &- from, channels)
      }
    }
  }

  /// The gradients of `batch`; `y` is its output and masks `g` when ReLU was fused. `dx` may be
  /// `g`.
  @inline(never)
  public static func batchBackward(
    _ g: Floats, _ x: Floats, _ y: Floats, gamma: Floats?, epsilon: Float, isRelu: Bool,
    mean: Floats, variance: Floats, dx: MutableFloats, dGamma: MutableFloats,
    dBeta: MutableFloats, rows: Int, channels: Int
  ) {
    let perRow = 1 / Float(max(1, rows))
    Scratch.floats(max(1, 5 &* channels)) { factors in
      let sums = factors + 3 &* channels
      sumsOverRows(rows, channels, 2, into: sums) { from, to, sums in
        let offset = from &* channels
        addGradientSums(
          g + offset, x + offset, y + offset, isRelu, to &- from, channels, around: mean,
          to: sums, sums + channels)
      }
      for c in 0..<channels {
        let r = 1 / (variance[c] + epsilon).squareRoot()
        let (sum, dot) = (sums[c], sums[channels &+ c] * r)
        dBeta[c] = sum
        dGamma[c] = dot
        let scale = (gamma?[c] ?? 1) * r
        factors[c] = scale
        factors[channels &+ c] = -scale * dot * perRow * r
        factors[2 &* channels &+ c] = -scale * sum * perRow
      }
      let grain = max(1, 16_384 / max(1, channels))
      Parallel.ranges(rows, grain: grain, isLong: rows &* channels > 1 << 20) { from, to in
        let offset = from &* channels
        combineRows(
          g + offset, x + offset, y + offset, isRelu, mean, factors, dx + offset, to &- from,
          channels)
      }
    }
  }

  /// Group norm: the channels of each image in `groups` groups, statistics over positions and the
  /// channels of a group.
  ///
  /// - Parameters:
  ///   - x: images x positions x channels.
  ///   - mean: receives images x groups means.
  ///   - inverse: receives images x groups factors 1 / sqrt(variance + epsilon).
  @inline(never)
  public static func group(
    _ x: Floats, gamma: Floats?, beta: Floats?, groups: Int, epsilon: Float, isRelu: Bool,
    _ y: MutableFloats, mean: MutableFloats, inverse: MutableFloats, images: Int,
    positions: Int, channels: Int
  ) {
    let size = positions &* channels
    let width = channels / max(1, groups)
    let perGroup = 1 / Float(max(1, positions &* width))
    overRows(images, size) { image in
      Scratch.floats(max(1, 3 &* channels)) { scratch in
        let (centre, squares, distances) = (scratch, scratch + channels, scratch + 2 &* channels)
        let (x, y) = (x + image &* size, y + image &* size)
        let (means, inverses) = (mean + image &* groups, inverse + image &* groups)
        squares.update(repeating: 0, count: 2 &* channels)
        addRows(x, positions, channels, channels, to: squares)
        for g in 0..<groups {
          let m = rowSum(squares + g &* width, width) * perGroup
          for c in g &* width..<(g &+ 1) &* width { centre[c] = m }
        }
        squares.update(repeating: 0, count: channels)
        addDistances(x, positions, channels, around: centre, to: squares, distances)
        for g in 0..<groups {
          let first = g &* width
          let (m, variance) = corrected(
            centre[first], rowSum(squares + first, width) * perGroup,
            rowSum(distances + first, width) * perGroup)
          let r = 1 / (variance + epsilon).squareRoot()
          (means[g], inverses[g]) = (m, r)
          // The squares have served, and their place takes the scales.
          for c in first..<first &+ width {
            (centre[c], squares[c]) = (m, (gamma?[c] ?? 1) * r)
          }
        }
        normalizeRows(x, centre, squares, beta, isRelu, y, positions, channels)
      }
    }
  }

  /// The gradients of `group`; `y` is its output and masks `g` when ReLU was fused. `dx` may be
  /// `g`.
  @inline(never)
  public static func groupBackward(
    _ g: Floats, _ x: Floats, _ y: Floats, gamma: Floats?, groups: Int, isRelu: Bool,
    mean: Floats, inverse: Floats, dx: MutableFloats, dGamma: MutableFloats,
    dBeta: MutableFloats, images: Int, positions: Int, channels: Int
  ) {
    let size = positions &* channels
    let width = channels / max(1, groups)
    let perGroup = 1 / Float(max(1, positions &* width))
    Scratch.floats(max(1, images &* 2 &* channels)) { partial in
      overRows(images, size) { image in
        Scratch.floats(max(1, 4 &* channels)) { scratch in
          let (centre, factors) = (scratch, scratch + channels)
          let (g, x, y) = (g + image &* size, x + image &* size, y + image &* size)
          let (means, inverses) = (mean + image &* groups, inverse + image &* groups)
          let sums = partial + image &* 2 &* channels
          let dots = sums + channels
          for c in 0..<channels { centre[c] = means[c / width] }
          sums.update(repeating: 0, count: 2 &* channels)
          addGradientSums(
            g, x, y, isRelu, positions, channels, around: centre, to: sums, dots)
          for group in 0..<groups {
            let range = group &* width..<(group &+ 1) &* width
            let r = inverses[group]
            var (a, b): (Float, Float) = (0, 0)
            for c in range {
              dots[c] *= r
              let gamma = gamma?[c] ?? 1
              a = fma(gamma, sums[c], a)
              b = fma(gamma, dots[c], b)
            }
            for c in range {
              factors[c] = (gamma?[c] ?? 1) * r
              factors[channels &+ c] = -r * r * b * perGroup
              factors[2 &* channels &+ c] = -r * a * perGroup
            }
          }
          combineRows(
            g, x, y, isRelu, centre, factors, dx + image &* size, positions, channels)
        }
      }
      addRowsInPairs(partial, images, 2 &* channels)
      for c in 0..<channels {
        dBeta[c] = images == 0 ? 0 : partial[c]
        dGamma[c] = images == 0 ? 0 : partial[channels &+ c]
      }
    }
  }
}

/// `count` sums per channel over all rows, by chunks of rows added in pairs.
@inline(always)
private func sumsOverRows(
  _ rows: Int, _ channels: Int, _ count: Int, into sums: MutableFloats,
  _ body: (Int, Int, MutableFloats) -> Void
) {
  let size = count &* channels
  let block = max(64, max(16_384 / max(1, channels), (rows &+ 255) / 256))
  let chunks = (rows &+ block &- 1) / block
  sums.update(repeating: 0, count: size)
  guard chunks > 0 else { return }
  Scratch.floats(chunks &* size) { partial in
    Parallel.run(chunks, isLong: rows &* channels > 1 << 20) { chunk in
      let own = partial + chunk &* size
      own.update(repeating: 0, count: size)
      body(chunk &* block, min(rows, (chunk &+ 1) &* block), own)
    }
    addRowsInPairs(partial, chunks, size)
    copyRow(partial, sums, size)
  }
}

/// y = scale (x - centre) + beta per channel, then max(., 0) if `isRelu`.
private func normalizeRows(
  _ x: Floats, _ centre: Floats, _ scale: Floats, _ beta: Floats?, _ isRelu: Bool,
  _ y: MutableFloats, _ rows: Int, _ channels: Int
) {
  overVectors(channels) { c, n in
    let (centre, scale) = (loadPart(centre + c, n), loadPart(scale + c, n))
    let shift = if let beta { loadPart(beta + c, n) } else { V.zero }
    var (x, y) = (x + c, y + c)
    for _ in 0..<rows {
      let v = fma(loadPart(x, n) - centre, scale, shift)
      storePart(isRelu ? relu(v) : v, y, n)
      x += channels
      y += channels
    }
  }
}

/// squares[c] += the sum of (x - centre[c])^2 over rows, sums[c] += that of x - centre[c].
private func addDistances(
  _ x: Floats, _ rows: Int, _ channels: Int, around centre: Floats, to squares: MutableFloats,
  _ sums: MutableFloats
) {
  overVectors(channels) { c, n in
    let centre = loadPart(centre + c, n)
    var (x, square, sum) = (x + c, V.zero, V.zero)
    for _ in 0..<rows {
      let v = loadPart(x, n) - centre
      square = fma(v, v, square)
      sum += v
      x += channels
    }
    storePart(loadPart(squares + c, n) + square, squares + c, n)
    storePart(loadPart(sums + c, n) + sum, sums + c, n)
  }
}

/// sums[c] += the sum of g over rows, dots[c] += that of g (x - centre[c]).
private func addGradientSums(
  _ g: Floats, _ x: Floats, _ y: Floats, _ isRelu: Bool, _ rows: Int, _ channels: Int,
  around centre: Floats, to sums: MutableFloats, _ dots: MutableFloats
) {
  overVectors(channels) { c, n in
    let centre = loadPart(centre + c, n)
    var (sum, dot) = (V.zero, V.zero)
    var offset = c
    for _ in 0..<rows {
      let g = maskedGradient(g + offset, y + offset, isRelu, n)
      sum += g
      dot = fma(g, loadPart(x + offset, n) - centre, dot)
      offset &+= channels
    }
    storePart(loadPart(sums + c, n) + sum, sums + c, n)
    storePart(loadPart(dots + c, n) + dot, dots + c, n)
  }
}

/// dx = factors0 g + factors1 (x - centre) + factors2, per channel.
private func combineRows(
  _ g: Floats, _ x: Floats, _ y: Floats, _ isRelu: Bool, _ centre: Floats, _ factors: Floats,
  _ dx: MutableFloats, _ rows: Int, _ channels: Int
) {
  overVectors(channels) { c, n in
    let centre = loadPart(centre + c, n)
    let a = loadPart(factors + c, n)
    let b = loadPart(factors + (channels &+ c), n)
    let d = loadPart(factors + (2 &* channels &+ c), n)
    var offset = c
    for _ in 0..<rows {
      let g = maskedGradient(g + offset, y + offset, isRelu, n)
      storePart(fma(g, a, fma(loadPart(x + offset, n) - centre, b, d)), dx + offset, n)
      offset &+= channels
    }
  }
}

@inline(always)
private func maskedGradient(_ g: Floats, _ y: Floats, _ isRelu: Bool, _ n: Int) -> V {
  let g = loadPart(g, n)
  return isRelu ? g.replacing(with: 0, where: loadPart(y, n) .<= 0) : g
}
