// The contrastive losses on similarity matrices, loss and gradient together.

/// NT-Xent and InfoNCE.
public enum Contrastive {
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
    return Scratch.floats(count &* (size &+ 3)) { scratch in
      let unit = scratch
      let inverse = scratch + count &* size
      let (sums, positives) = (inverse + count, inverse + 2 &* count)
      Rows.normalize(z, epsilon: 1e-12, unit, inverse: inverse, rows: count, columns: size)
      let job = NTXentJob(
        unit: unit, partners: partners, scale: 1 / temperature, sums: sums,
        positives: positives, count: count, size: size)
      return job.run(gradient: dz.map { ($0, Floats(inverse)) })
    }
  }

  /// InfoNCE in both directions, CLIP's loss (Radford et al., 2021): query i must find key i among
  /// all keys, and key i query i.
  ///
  /// - Parameters:
  ///   - queries: count x size.
  ///   - keys: count x size.
  ///   - scale: multiplies the dot products (the inverse temperature).
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
      let factor = V(repeating: scale)
      overRows(n, n) { i in
        let (s, w) = (s + i &* stride, w + i &* stride)
        mapRange(n, s, s) { $0 * factor }
        let most = rowLargest(s, n)
        let sum = exponentials(s, w, n, minus: most)
        losses[i] = (most + log(sum) - s[i]) * weight
        scaleRow(w, n, by: weight / sum)
        w[i] -= weight
      }
      if isSymmetric {
        columnMost.update(repeating: -.infinity, count: n)
        for i in 0..<n { mapRange(n, columnMost, s + i &* stride, columnMost, largerOrNaN) }
        columnSums.update(repeating: 0, count: n)
        for i in 0..<n {
          mapRange3(n, s + i &* stride, columnMost, columnSums, columnSums) { s, most, sum in
            sum + expOfNegative(s - most)
          }
        }
        for i in 0..<n {
          losses[i] += (columnMost[i] + log(columnSums[i]) - s[i &* stride &+ i]) * weight
        }
        mapRange(n, columnSums, columnSums) { V(repeating: weight) / $0 }
        overRows(n, n) { i in
          let w = w + i &* stride
          mapRange4(n, s + i &* stride, columnMost, columnSums, w, w) { s, most, factor, w in
            fma(expOfNegative(s - most), factor, w)
          }
          w[i] -= weight
        }
      }
      // With w the gradient of the scaled scores: dScale = sum w s / scale, dQ = scale w K.
      for i in 0..<n { dots[i] = rowDot(s + i &* stride, w + i &* stride, n) }
      let dScale = rowSum(dots, n) / scale
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

/// The loss over unit vectors: E_ij = e^((u_i . u_j - 1) scale), r_i = 1 / sum_j E_ij.
private struct NTXentJob {
  var unit: Floats
  var partners: UnsafePointer<Int>
  var scale: Float
  var sums: MutableFloats
  var positives: MutableFloats
  var count: Int
  var size: Int

  /// The gradient is written through the normalisation of z, given each row's inverse length.
  func run(gradient: (dz: MutableFloats, inverse: Floats)?) -> Float {
    let stride = count % 512 == 0 ? count &+ 16 : count
    return Scratch.floats(count &* stride) { e in
      let u = Matrix(unit, stride: size)
      Product.multiply(
        u, Matrix(unit, stride: size, isTransposed: true), into: e, stride: stride, rows: count,
        columns: count, depth: size)
      let (factor, shift) = (V(repeating: scale), V(repeating: -scale))
      overRows(count, count) { i in
        let e = e + i &* stride
        positives[i] = e[partners[i]]
        mapRange(count, e, e) { expOfNegative(fma($0, factor, shift)) }
        e[i] = 0
        sums[i] = rowSum(e, count)
      }
      var loss = 0.0
      for i in 0..<count { loss += Double(log(sums[i]) + scale - positives[i] * scale) }
      if let (dz, inverse) = gradient {
        // dU = scale/count (((r_i + r_j) E_ij) U - 2 partner)
        mapRange(count, sums, sums) { 1 / $0 }
        let weight = scale / Float(count)
        overRows(count, count) { i in
          let own = V(repeating: sums[i])
          let e = e + i &* stride
          mapRange(count, e, sums, e) { e, r in e * ((own + r) * weight) }
          e[partners[i]] -= 2 * weight
        }
        Product.multiply(
          Matrix(e, stride: stride), u, into: dz, stride: size, rows: count, columns: size,
          depth: count)
        Rows.normalizeBackward(
          dz, unit, inverse: inverse, dz, rows: count, columns: size)
      }
      return Float(loss / Double(count))
    }
  }
}
