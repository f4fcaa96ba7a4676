// Copies between layouts.

/// Copies of blocks with row strides, and transposes.
public enum Copy {
  /// rows x columns numbers from rows `xStride` apart to rows `yStride` apart; no overlap.
  @inline(never)
  public static func rows(
    _ x: Floats, stride xStride: Int, _ y: MutableFloats, stride yStride: Int, rows: Int,
    columns: Int
  ) {
    overRows(rows, columns) { row in copyRow(x + row &* xStride, y + row &* yStride, columns) }
  }

  /// y (columns x rows) = the transpose of x (rows x columns); no overlap.
  @inline(never)
  public static func transpose(
    _ x: Floats, stride xStride: Int, _ y: MutableFloats, stride yStride: Int, rows: Int,
    columns: Int
  ) {
    // Strips of 16 columns: their rows of y stay in the cache while the rows of x pass.
    let grain = max(16, (16_384 / max(1, rows) &+ 15) & ~15)
    Parallel.ranges(columns, grain: grain, isLong: rows &* columns > 1 << 20) { from, to in
      var column = from
      while column < to {
        let width = min(16, to &- column)
        transposeStrip(
          x + column, xStride, y + column &* yStride, yStride, rows: rows, columns: width)
        column &+= 16
      }
    }
  }
}

@inline(always)
private func transposeStrip(
  _ x: Floats, _ xStride: Int, _ y: MutableFloats, _ yStride: Int, rows: Int, columns: Int
) {
  var row = 0
  while row &+ 4 <= rows {
    var column = 0
    while column &+ 4 <= columns {
      transpose4(
        x + (row &* xStride &+ column), xStride, y + (column &* yStride &+ row), yStride)
      column &+= 4
    }
    while column < columns {
      for r in 0..<4 { y[column &* yStride &+ row &+ r] = x[(row &+ r) &* xStride &+ column] }
      column &+= 1
    }
    row &+= 4
  }
  while row < rows {
    for column in 0..<columns { y[column &* yStride &+ row] = x[row &* xStride &+ column] }
    row &+= 1
  }
}
