// Rows taken from a table by index, and gradients added back into it.

/// Rows by index.
public enum Gather {
  /// y[i] = table[indices[i]], rows of `columns` numbers. Indices must be in range.
  @inline(never)
  public static func rows(
    _ table: Floats, _ indices: UnsafePointer<Int>, count: Int, columns: Int, _ y: MutableFloats
  ) {
    overRows(count, columns) { row in
      copyRow(table + indices[row] &* columns, y + row &* columns, columns)
    }
  }

  /// table[indices[i]] += x[i], in the order of i.
  @inline(never)
  public static func addRows(
    _ x: Floats, _ indices: UnsafePointer<Int>, count: Int, columns: Int,
    to table: MutableFloats
  ) {
    // Two rows may meet in the table, so threads share the columns, not the rows.
    let width = count &* columns < 1 << 18 ? max(1, columns) : max(64, (columns / 4 &+ 15) & ~15)
    Parallel.ranges(columns, grain: width) { from, to in
      for row in 0..<count {
        let t = table + (indices[row] &* columns &+ from)
        mapRange(to &- from, t, x + (row &* columns &+ from), t) { $0 + $1 }
      }
    }
  }
}

@inline(always)
func copyRow(_ x: Floats, _ y: MutableFloats, _ count: Int) {
  guard count >= lanes else {
    for i in 0..<count { y[i] = x[i] }
    return
  }
  var i = 0
  while i &+ lanes <= count {
    store(load(x + i), y + i)
    i &+= lanes
  }
  if i < count { store(load(x + (count &- lanes)), y + (count &- lanes)) }
}
