// InfoNCE between two sets, loss and gradient together.

/// The contrastive losses on similarity matrices.
public enum Contrastive {
  /// InfoNCE in both directions, CLIP's loss (Radford et al., 2021): query i must find key i among
  /// all keys, and key i query i.
  ///
  /// - Parameters:
  ///   - queries: count x size.
  ///   - keys: count x size.
  ///   - scale: multiplies the dot products (the inverse temperature); not negative.
  ///   - isSymmetric: the mean of both directions; else only queries look for keys.
  ///   - dQueries: receives the gradient of the loss; `dKeys` likewise.
  /// - Returns: the mean loss and its derivative by `scale`.
  @inline(never)
  public static func infoNCE(
    queries: Floats, keys: Floats, scale: Float, isSymmetric: Bool, dQueries: MutableFloats,
    dKeys: MutableFloats, count n: Int, size: Int
  ) -> (loss: Float, dScale: Float) {
    guard n > 0 else { return (0, 0) }
    let stride = n % 512 == 0 ? n &+ 16 : n
    return Scratch.floats(2 &* n &* stride &+ 4 &* n) { scratch in
      let (s, w) = (scratch, scratch + n &* stride)
      let losses = scratch + 2 &* n &* stride
      let (columnMost, columnSums, dots) = (losses + n, losses + 2 &* n, losses + 3 &* n)
      Product.multiply(
        Matrix(queries, stride: size), Matrix(keys, stride: size, isTransposed: true), into: s,
        stride: stride, rows: n, columns: n, depth: size)
      let weight = (isSymmetric ? 0.5 : 1) / Float(n)
      // Scores are scaled after the largest is subtracted: a large scale then rounds nothing that
      // counts, and the scores are at hand for the derivative by the scale.
      let factor = V(repeating: scale)
      overRows(n, n) { i in
        let (s, w) = (s + i &* stride, w + i &* stride)
        let most = V(repeating: rowPeak(s, n))
        mapRange(n, s, w) { ($0 - most) * factor }
        let own = w[i]
        let sum = exponentials(w, w, n, minus: 0)
        losses[i] = (log(sum) - own) * weight
        scaleRow(w, n, by: weight / sum)
        w[i] -= weight
      }
      if isSymmetric {
        columnMost.update(repeating: -.infinity, count: n)
        for i in 0..<n { mapRange(n, columnMost, s + i &* stride, columnMost, largerOrNaN) }
        columnSums.update(repeating: 0, count: n)
        for i in 0..<n {
          mapRange3(n, s + i &* stride, columnMost, columnSums, columnSums) { s, most, sum in
            sum + expOfNegative((s - most) * factor)
          }
        }
        for i in 0..<n {
          let own = (s[i &* stride &+ i] - columnMost[i]) * scale
          losses[i] += (log(columnSums[i]) - own) * weight
        }
        mapRange(n, columnSums, columnSums) { V(repeating: weight) / $0 }
        overRows(n, n) { i in
          let w = w + i &* stride
          @inline(always)
          func add(_ s: V, _ most: V, _ share: V, _ w: V) -> V {
            fma(expOfNegative((s - most) * factor), share, w)
          }
          mapRange4(n, s + i &* stride, columnMost, columnSums, w, w, add)
          w[i] -= weight
        }
      }
      // With w the gradient of the scaled scores: dScale = sum w s, dQ = scale w K.
      for i in 0..<n { dots[i] = rowDot(s + i &* stride, w + i &* stride, n) }
      let dScale = rowSum(dots, n)
      overRows(n, n) { i in scaleRow(w + i &* stride, n, by: scale) }
      Product.multiply(
        Matrix(w, stride: stride), Matrix(keys, stride: size), into: dQueries, stride: size,
        rows: n, columns: size, depth: n)
      Product.multiply(
        Matrix(w, stride: stride, isTransposed: true), Matrix(queries, stride: size),
        into: dKeys, stride: size, rows: n, columns: size, depth: n)
      return (rowSum(losses, n), dScale)
    }
  }
}
