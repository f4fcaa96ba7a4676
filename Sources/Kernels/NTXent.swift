// NT-Xent of any temperature, loss and gradient together.

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
    return Scratch.floats(count &* (size &+ 3)) { scratch in
      let (inverse, sums) = (scratch + count &* size, scratch + count &* (size &+ 1))
      #if !KERNELS_SMALL
        if temperature >= NTXentTriangle.lowestTemperature {
          let triangle = NTXentTriangle(
            z: z, partners: partners, scale: 1 / temperature, unit: scratch, inverse: inverse,
            sums: sums, rates: sums + count, count: count, size: size)
          return triangle.run(gradient: dz)
        }
      #endif
      overRows(count, size) { row in
        Rows.normalizeRow(z, epsilon: 1e-12, scratch, inverse: inverse, row: row, columns: size)
      }
      return ntXentByRows(
        unit: scratch, inverse: inverse, losses: sums, partners, temperature, dz, count, size)
    }
  }

  /// The loss of each row from all its similarities, the largest of them subtracted before anything
  /// is divided: exact for any temperature, with twice the work of `NTXentTriangle`.
  private static func ntXentByRows(
    unit: Floats, inverse: Floats, losses: MutableFloats, _ partners: UnsafePointer<Int>,
    _ temperature: Float, _ dz: MutableFloats?, _ n: Int, _ size: Int
  ) -> Float {
    Scratch.floats(n &* n) { scores in
      let rows = Matrix(unit, stride: size)
      Product.multiply(
        rows, Matrix(unit, stride: size, isTransposed: true), into: scores, stride: n, rows: n,
        columns: n, depth: size)
      let divisor = V(repeating: temperature)
      overRows(n, n) { row in
        let (s, partner) = (scores + row &* n, partners[row])
        s[row] = -.infinity
        let most = V(repeating: rowPeak(s, n))
        mapRange(n, s, s) { ($0 - most) / divisor }
        let own = s[partner]
        let sum = exponentials(s, s, n, minus: 0)
        losses[row] = log(sum) - own
        scaleRow(s, n, by: 1 / sum)
        s[partner] -= 1
      }
      if let dz {
        // Each similarity is in two rows: the gradient is (W + W') U.
        Product.multiply(
          Matrix(scores, stride: n), rows, into: dz, stride: size, rows: n, columns: size, depth: n)
        Product.multiply(
          Matrix(scores, stride: n, isTransposed: true), rows, into: dz, stride: size, rows: n,
          columns: size, depth: n,
          adding: Matrix(dz, stride: size))
        let divisor = V(repeating: Float(n) * temperature)
        overRows(n, size) { row in
          Rows.normalizeRowBackward(dz, unit, inverse: inverse, dz, row: row, columns: size)
          mapRange(size, dz + row &* size, dz + row &* size) { $0 / divisor }
        }
      }
      return meanLoss(losses, n)
    }
  }

  static func meanLoss(_ losses: Floats, _ count: Int) -> Float {
    var sum = 0.0
    for row in 0..<count { sum += Double(losses[row]) }
    return Float(sum / Double(count))
  }
}
