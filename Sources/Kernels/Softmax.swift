// Softmax, its logarithm and the log-sum-exp of every row, forward and backward.

/// Operations on the rows of a rows x columns buffer.
public enum Rows {
  /// y = e^x / sum e^x in each row; rows of -infinity alone become NaN. `y` may be `x`.
  @inline(never)
  public static func softmax(_ x: Floats, _ y: MutableFloats, rows: Int, columns: Int) {
    overRows(rows, columns) { row in
      let (x, y) = (x + row &* columns, y + row &* columns)
      let sum = exponentials(x, y, columns, minus: rowPeak(x, columns))
      scaleRow(y, columns, by: 1 / sum)
    }
  }

  /// dx = y (g - sum(g y)) in each row, with y = softmax(x). `dx` may be `g` or `y`.
  @inline(never)
  public static func softmaxBackward(
    _ g: Floats, _ y: Floats, _ dx: MutableFloats, rows: Int, columns: Int
  ) {
    overRows(rows, columns) { row in
      let offset = row &* columns
      let dot = V(repeating: rowDot(g + offset, y + offset, columns))
      mapLightly(columns, g + offset, y + offset, dx + offset) { g, y in y * (g - dot) }
    }
  }

  /// y = x - log(sum e^x) in each row. `y` may be `x`.
  @inline(never)
  public static func logSoftmax(_ x: Floats, _ y: MutableFloats, rows: Int, columns: Int) {
    overRows(rows, columns) { row in
      let x = x + row &* columns
      let (most, sum) = rowExponentials(x, columns)
      let (first, second) = (V(repeating: most), V(repeating: log(sum)))
      // In this order: the logarithm of a sum is small, and would be rounded beside a large number.
      mapRange(columns, x, y + row &* columns) { $0 - first - second }
    }
  }

  /// dx = g - e^y sum(g) in each row, with y = logSoftmax(x). `dx` may be `g` or `y`.
  @inline(never)
  public static func logSoftmaxBackward(
    _ g: Floats, _ y: Floats, _ dx: MutableFloats, rows: Int, columns: Int
  ) {
    overRows(rows, columns) { row in
      let offset = row &* columns
      let sum = V(repeating: rowSum(g + offset, columns))
      @inline(always)
      func slope(_ g: V, _ y: V) -> V { fma(expOfNegative(y), -sum, g) }
      mapRange(columns, g + offset, y + offset, dx + offset, slope)
    }
  }

  /// y[r] = log(sum e^x) of row r, without overflow; -infinity of nothing.
  @inline(never)
  public static func logSumExp(_ x: Floats, _ y: MutableFloats, rows: Int, columns: Int) {
    overRows(rows, columns) { row in y[row] = rowLogSumExp(x + row &* columns, columns) }
  }

  /// dx = g[r] e^(x - y[r]) in each row, with y = logSumExp(x); 0 in a row of -infinity alone.
  @inline(never)
  public static func logSumExpBackward(
    _ g: Floats, _ x: Floats, _ y: Floats, _ dx: MutableFloats, rows: Int, columns: Int
  ) {
    overRows(rows, columns) { row in
      let g = V(repeating: g[row])
      let y = V(repeating: y[row] == -.infinity ? 0 : y[row])
      @inline(always)
      func slope(_ x: V) -> V { g * expOfNegative(x - y) }
      mapRange(columns, x + row &* columns, dx + row &* columns, slope)
    }
  }
}

/// log(sum e^x): the largest number is taken out first, so nothing overflows.
@inline(always)
private func rowLogSumExp(_ x: Floats, _ count: Int) -> Float {
  let (most, sum) = rowExponentials(x, count)
  // Of an infinite largest number the sum is NaN, whether or not there was one.
  return most.magnitude < .infinity ? most + log(sum) : rowLargest(x, count)
}

/// The largest number of a row, and the sum of e^(x - largest).
@inline(always)
func rowExponentials(_ x: Floats, _ count: Int) -> (most: Float, sum: Float) {
  let most = rowPeak(x, count)
  let shift = V(repeating: most)
  var (a, b) = (V.zero, V.zero)
  var i = 0
  while i &+ 2 &* lanes <= count {
    a += expOfNegative(load(x + i) - shift)
    b += expOfNegative(load(x + (i &+ lanes)) - shift)
    i &+= 2 &* lanes
  }
  if i &+ lanes <= count {
    a += expOfNegative(load(x + i) - shift)
    i &+= lanes
  }
  if i < count {
    b += expOfNegative(load(x + i, first: count &- i, else: -.infinity) - shift)
  }
  return (most, total(a + b))
}

/// y = e^(x - shift), and the sum of it.
@inline(always)
func exponentials(_ x: Floats, _ y: MutableFloats, _ count: Int, minus shift: Float) -> Float {
  let shift = V(repeating: shift)
  var (a, b) = (V.zero, V.zero)
  var i = 0
  while i &+ 2 &* lanes <= count {
    let (e, f) = (
      expOfNegative(load(x + i) - shift), expOfNegative(load(x + (i &+ lanes)) - shift)
    )
    store(e, y + i)
    store(f, y + (i &+ lanes))
    a += e
    b += f
    i &+= 2 &* lanes
  }
  if i &+ lanes <= count {
    let e = expOfNegative(load(x + i) - shift)
    store(e, y + i)
    a += e
    i &+= lanes
  }
  if i < count {
    let e = expOfNegative(load(x + i, first: count &- i, else: -.infinity) - shift)
    store(e, y + i, first: count &- i)
    b += e
  }
  return total(a + b)
}

@inline(always)
func scaleRow(_ y: MutableFloats, _ count: Int, by scale: Float) {
  scaleRow(y, y, count, by: scale)
}

/// y = scale x
@inline(always)
func scaleRow(_ x: Floats, _ y: MutableFloats, _ count: Int, by scale: Float) {
  let scale = V(repeating: scale)
  mapRange(count, x, y) { $0 * scale }
}

/// The logarithm of one number, the same bits as on sixteen lanes.
@inline(always)
func log(_ x: Float) -> Float { log(V(repeating: x))[0] }

/// e^x of one number, the same bits as on sixteen lanes.
@inline(always)
func exp(_ x: Float) -> Float { exp(V(repeating: x))[0] }
