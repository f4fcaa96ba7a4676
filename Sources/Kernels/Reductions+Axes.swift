// Reductions along the rows or the columns of a rows x columns buffer.

extension Reduce {
  /// y[r] = the sum of row r.
  @inline(never)
  public static func rowSums(_ x: Floats, rows: Int, columns: Int, _ y: MutableFloats) {
    overRows(rows, columns) { row in
      let x = x + row &* columns
      y[row] = columns <= 4096 ? rowSum(x, columns) : sum(x, count: columns)
    }
  }

  /// y[r] = the largest number of row r; NaN if it has one.
  @inline(never)
  public static func rowMax(_ x: Floats, rows: Int, columns: Int, _ y: MutableFloats) {
    overRows(rows, columns) { row in y[row] = rowLargest(x + row &* columns, columns) }
  }

  /// y[r] = the smallest number of row r; NaN if it has one.
  @inline(never)
  public static func rowMin(_ x: Floats, rows: Int, columns: Int, _ y: MutableFloats) {
    overRows(rows, columns) { row in y[row] = rowSmallest(x + row &* columns, columns) }
  }

  /// y[r] = the first place of the largest number in row r.
  @inline(never)
  public static func rowArgmax(
    _ x: Floats, rows: Int, columns: Int, _ y: UnsafeMutablePointer<Int>
  ) {
    overRows(rows, columns) { row in
      let x = x + row &* columns
      y[row] = place(of: rowLargest(x, columns), in: x, columns)
    }
  }

  /// y[c] = the sum of column c.
  @inline(never)
  public static func columnSums(_ x: Floats, rows: Int, columns: Int, _ y: MutableFloats) {
    y.update(repeating: 0, count: columns)
    inRowBlocks(rows, columns, addingTo: y) { from, count, sums in
      addRows(x + from &* columns, count, columns, columns, to: sums)
    }
  }

  /// y = a b, and sums[c] = the sum of column c of y: one pass for what the backward pass of a biased
  /// layer with an activation needs of its gradient.
  @inline(never)
  public static func productAndColumnSums(
    _ a: Floats, _ b: Floats, _ y: MutableFloats, rows: Int, columns: Int, sums: MutableFloats
  ) {
    #if KERNELS_SMALL
      Binary.multiply(a, b, y, count: rows &* columns)
      columnSums(y, rows: rows, columns: columns, sums)
    #else
      sums.update(repeating: 0, count: columns)
      inRowBlocks(rows, columns, addingTo: sums) { from, count, sums in
        multiplyRows(a, b, y, from: from, count, columns, addingTo: sums)
      }
    #endif
  }

  /// y[c] = the largest number of column c; NaN if it has one.
  @inline(never)
  public static func columnMax(_ x: Floats, rows: Int, columns: Int, _ y: MutableFloats) {
    y.update(repeating: -.infinity, count: columns)
    for row in 0..<rows { mapRange(columns, y, x + row &* columns, y, largerOrNaN) }
  }

  /// y[c] = the smallest number of column c; NaN if it has one.
  @inline(never)
  public static func columnMin(_ x: Floats, rows: Int, columns: Int, _ y: MutableFloats) {
    y.update(repeating: .infinity, count: columns)
    for row in 0..<rows { mapRange(columns, y, x + row &* columns, y, smallerOrNaN) }
  }
}

#if !KERNELS_SMALL
  /// y = a b in `count` rows from `first`, and sums += each of them.
  private func multiplyRows(
    _ a: Floats, _ b: Floats, _ y: MutableFloats, from first: Int, _ count: Int, _ columns: Int,
    addingTo sums: MutableFloats
  ) {
    for row in first..<first &+ count {
      let offset = row &* columns
      let (a, b, y) = (a + offset, b + offset, y + offset)
      overVectors(columns) { c, n in
        let product = loadPart(a + c, n) * loadPart(b + c, n)
        storePart(product, y + c, n)
        storePart(loadPart(sums + c, n) + product, sums + c, n)
      }
    }
  }
#endif

/// Adds to y what `body` adds to zeros for each block of rows, given its first row and their count.
///
/// Blocks of rows are summed apart and then added in order: the error grows with the number of blocks
/// and the length of one, not with the number of rows. Of millions of short rows the length would be
/// what matters.
@inline(always)
private func inRowBlocks(
  _ rows: Int, _ columns: Int, addingTo y: MutableFloats,
  _ body: (_ from: Int, _ count: Int, _ sums: MutableFloats) -> Void
) {
  let longest = rows > 1 << 20 ? 512 : 16_384
  let block = max(64, min(longest, 16_384 / max(1, columns)))
  let blocks = (rows &+ block &- 1) / block
  if blocks <= 1 {
    body(0, rows, y)
    return
  }
  let group = min(blocks, max(1, (1 << 18) / max(1, columns)), 256)
  Scratch.floats(group &* columns) { partial in
    var first = 0
    while first < blocks {
      let (some, base) = (min(group, blocks &- first), first)
      Parallel.run(some, isLong: rows &* columns > 1 << 22) { chunk in
        let from = (base &+ chunk) &* block
        let sums = partial + chunk &* columns
        sums.update(repeating: 0, count: columns)
        body(from, min(rows &- from, block), sums)
      }
      addRowsInPairs(partial, some, columns)
      mapRange(columns, y, partial, y) { $0 + $1 }
      first &+= some
    }
  }
}

/// Calls `body` for every row, rows of one chunk together worth some 16 384 elements.
@inline(always)
func overRows(_ rows: Int, _ columns: Int, _ body: (Int) -> Void) {
  let grain = max(1, 16_384 / max(1, columns))
  Parallel.ranges(rows, grain: grain, isLong: rows &* columns > 1 << 20) { from, to in
    for row in from..<to { body(row) }
  }
}

@inline(always)
func rowDot(_ x: Floats, _ y: Floats, _ count: Int) -> Float {
  var (a, b) = (V.zero, V.zero)
  var i = 0
  while i &+ 2 &* lanes <= count {
    a = fma(load(x + i), load(y + i), a)
    b = fma(load(x + (i &+ lanes)), load(y + (i &+ lanes)), b)
    i &+= 2 &* lanes
  }
  if i &+ lanes <= count {
    a = fma(load(x + i), load(y + i), a)
    i &+= lanes
  }
  if i < count { b = fma(load(x + i, first: count &- i), load(y + i, first: count &- i), b) }
  return total(a + b)
}

/// y[c] += the sum of column c over `rows` rows that are `stride` apart.
#if KERNELS_SMALL
  @inline(never)
#else
  @inline(always)
#endif
func addRows(_ x: Floats, _ rows: Int, _ columns: Int, _ stride: Int, to y: MutableFloats) {
  var c = 0
  while c &+ 4 &* lanes <= columns {
    var (s0, s1, s2, s3) = (V.zero, V.zero, V.zero, V.zero)
    var p = x + c
    for _ in 0..<rows {
      s0 += load(p)
      s1 += load(p + lanes)
      s2 += load(p + 2 &* lanes)
      s3 += load(p + 3 &* lanes)
      p += stride
    }
    store(load(y + c) + s0, y + c)
    store(load(y + (c &+ lanes)) + s1, y + (c &+ lanes))
    store(load(y + (c &+ 2 &* lanes)) + s2, y + (c &+ 2 &* lanes))
    store(load(y + (c &+ 3 &* lanes)) + s3, y + (c &+ 3 &* lanes))
    c &+= 4 &* lanes
  }
  while c < columns {
    let n = min(lanes, columns &- c)
    var s = V.zero
    var p = x + c
    if n == lanes {
      for _ in 0..<rows {
        s += load(p)
        p += stride
      }
      store(load(y + c) + s, y + c)
    } else {
      for _ in 0..<rows {
        s += load(p, first: n)
        p += stride
      }
      store(load(y + c, first: n) + s, y + c, first: n)
    }
    c &+= lanes
  }
}

/// Leaves the sum of all rows in the first, adding rows in pairs, then pairs of pairs.
func addRowsInPairs(_ x: MutableFloats, _ rows: Int, _ columns: Int) {
  Parallel.ranges(columns, grain: Swift.max(256, (1 << 16) / Swift.max(1, rows))) { from, to in
    var step = 1
    while step < rows {
      var row = 0
      while row &+ step < rows {
        let a = x + (row &* columns &+ from)
        mapRange(to &- from, a, a + step &* columns, a) { $0 + $1 }
        row &+= 2 &* step
      }
      step &*= 2
    }
  }
}
