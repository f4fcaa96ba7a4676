// Softmax cross-entropy: the loss and its gradient in one visit of the logits.

/// The cross-entropy of logits with class indices.
public enum CrossEntropy {
  /// losses[r] = log(sum e^x) - x[target] of row r; 0 where the target is negative (ignored).
  @inline(never)
  public static func losses(
    _ x: Floats, targets: UnsafePointer<Int>, _ losses: MutableFloats, rows: Int, columns: Int
  ) {
    overRows(rows, columns) { row in
      let (x, target) = (x + row &* columns, targets[row])
      guard target >= 0 else {
        losses[row] = 0
        return
      }
      let (most, sum) = rowExponentials(x, columns)
      losses[row] = log(sum) - (x[target] - most)
    }
  }

  /// dx = g[r] (softmax(x) - one-hot(target)) in row r, 0 where the target is negative.
  @inline(never)
  public static func backward(
    _ g: Floats, _ x: Floats, targets: UnsafePointer<Int>, _ dx: MutableFloats, rows: Int,
    columns: Int
  ) {
    overRows(rows, columns) { row in
      let (x, dx, target) = (x + row &* columns, dx + row &* columns, targets[row])
      guard target >= 0 else { return dx.update(repeating: 0, count: columns) }
      let sum = exponentials(x, dx, columns, minus: rowPeak(x, columns))
      scaleRow(dx, columns, by: g[row] / sum)
      dx[target] -= g[row]
    }
  }

  /// The losses, and dx = scale (softmax(x) - one-hot(target)) in each row (0 where the target is
  /// negative). `dx` may be `x`. For the mean over rows, `scale` is 1 / their number.
  @inline(never)
  public static func lossesAndGradient(
    _ x: Floats, targets: UnsafePointer<Int>, scale: Float, _ losses: MutableFloats,
    _ dx: MutableFloats, rows: Int, columns: Int
  ) {
    overRows(rows, columns) { row in
      let (x, dx, target) = (x + row &* columns, dx + row &* columns, targets[row])
      guard target >= 0 else {
        losses[row] = 0
        dx.update(repeating: 0, count: columns)
        return
      }
      let wanted = x[target]
      let most = rowPeak(x, columns)
      let sum = exponentials(x, dx, columns, minus: most)
      // The largest number is subtracted first: added to the logarithm, it would round it.
      losses[row] = log(sum) - (wanted - most)
      scaleRow(dx, columns, by: scale / sum)
      dx[target] -= scale
    }
  }
}
