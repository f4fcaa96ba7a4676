// Rearranging the operands of a matrix product so that the tile reads them in order.

/// Columns from..<from + width of a depth x columns matrix B as one panel: for each depth
/// `panelWidth` numbers side by side, zeros beyond `width`.
func packPanel(
  _ b: Matrix, from column: Int, width: Int, depth from: Int, count: Int,
  into panel: MutableFloats
) {
  if b.isTransposed {
    let rows = b.start + column &* b.stride + from
    packTransposed(rows, stride: b.stride, rows: width, count: count, panelWidth, into: panel)
    return
  }
  var (p, q) = (b.start + from &* b.stride + column, panel)
  if width == panelWidth {
    for _ in 0..<count {
      for v in 0..<panelWidth / lanes { store(load(p + v &* lanes), q + v &* lanes) }
      p += b.stride
      q += panelWidth
    }
  } else {
    for _ in 0..<count {
      copyPadded(p, width, q)
      p += b.stride
      q += panelWidth
    }
  }
}

/// `rows` rows of `count` numbers become `count` groups of `width`: group i holds number i of
/// every row, then zeros.
@inline(always)
func packTransposed(
  _ x: Floats, stride: Int, rows: Int, count: Int, _ width: Int, into y: MutableFloats
) {
  // Vectors that no whole one of the rows will fill.
  for column in Swift.stride(from: rows / lanes &* lanes, to: width, by: lanes) {
    for i in 0..<count { store(V.zero, y + (i &* width &+ column)) }
  }
  var row = 0
  while row &+ 4 <= rows {
    let p = x + row &* stride
    var i = 0
    while i &+ 4 <= count {
      transpose4(p + i, stride, y + (i &* width &+ row), width)
      i &+= 4
    }
    while i < count {
      for r in 0..<4 { y[i &* width &+ row &+ r] = p[r &* stride &+ i] }
      i &+= 1
    }
    row &+= 4
  }
  while row < rows {
    let p = x + row &* stride
    for i in 0..<count { y[i &* width &+ row] = p[i] }
    row &+= 1
  }
}

/// Four rows of four numbers become four columns.
@inline(always)
func transpose4(_ x: Floats, _ stride: Int, _ y: MutableFloats, _ yStride: Int) {
  @inline(always)
  func row(_ i: Int) -> SIMD4<Float> {
    UnsafeRawPointer(x + i &* stride).loadUnaligned(as: SIMD4<Float>.self)
  }
  let (a, b, c, d) = (row(0), row(1), row(2), row(3))
  @inline(always)
  func put(_ i: Int) {
    UnsafeMutableRawPointer(y + i &* yStride)
      .storeBytes(of: SIMD4(a[i], b[i], c[i], d[i]), as: SIMD4<Float>.self)
  }
  put(0)
  put(1)
  put(2)
  put(3)
}

/// All panels of B, one behind the other.
func packPanels(_ b: Matrix, depth: Int, columns: Int, into packed: MutableFloats) {
  var (column, panel) = (0, packed)
  while column < columns {
    packPanel(
      b, from: column, width: min(panelWidth, columns &- column), depth: 0, count: depth,
      into: panel)
    column &+= panelWidth
    panel += depth &* panelWidth
  }
}

/// B as the tile reads it: panels `step` floats apart, their rows `stride` apart.
struct Panels {
  fileprivate var start: Floats
  fileprivate let step: Int
  fileprivate let stride: Int

  /// Packed panels of `depth` rows.
  init(packed: Floats, depth: Int) {
    (start, step, stride) = (packed, depth &* panelWidth, panelWidth)
  }

  /// Rows where they lie, as wide as whole panels.
  init(rows: Floats, stride: Int) {
    (start, step, self.stride) = (rows, panelWidth, stride)
  }

  /// Without the first `depth` rows.
  func from(_ depth: Int) -> Panels {
    var rest = self
    rest.start += depth &* stride
    return rest
  }
}

/// C = A B, C += A B or, with a `bias`, C = A B + bias in every row, with B already in panels of
/// `packedDepth`, of which the first `depth` are used; on the caller's thread, for operands that
/// fit in the second cache.
func multiplyPacked(
  _ a: Matrix, _ packed: Floats, packedDepth: Int, into c: MutableFloats, stride: Int, rows: Int,
  columns: Int, depth: Int, accumulate: Bool = false, bias: Floats? = nil
) {
  multiplyPanels(
    a, Panels(packed: packed, depth: packedDepth), into: c, stride: stride, rows: rows,
    columns: columns, depth: depth, accumulate: accumulate, bias: bias)
}

/// The same with panels of either kind.
func multiplyPanels(
  _ a: Matrix, _ b: Panels, into c: MutableFloats, stride: Int, rows: Int, columns: Int,
  depth: Int, accumulate: Bool = false, bias: Floats? = nil
) {
  var (column, panel) = (0, b.start)
  while column < columns {
    let width = min(panelWidth, columns &- column)
    var row = 0
    while row < rows {
      let target = c + (row &* stride &+ column)
      let work = TileWork(
        a: a.at(row, 0), rowStride: a.isTransposed ? 1 : a.stride,
        depthStride: a.isTransposed ? a.stride : 1, b: panel, bStride: b.stride, depth: depth,
        c: target, cStride: stride, base: accumulate ? Floats(target) : bias.map { $0 + column },
        baseStride: accumulate ? stride : 0)
      multiplyRows(work, rows: min(tileRows, rows &- row), columns: width)
      row &+= tileRows
    }
    column &+= panelWidth
    panel += b.step
  }
}
