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
      losses[row] = target < 0 ? 0 : rowLogSumExp(x, columns) - x[target]
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
      losses[row] = most + log(sum) - wanted
      scaleRow(dx, columns, by: scale / sum)
      dx[target] -= scale
    }
  }
}
