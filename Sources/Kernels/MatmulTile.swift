// The innermost part of a matrix product: a tile of C that stays in registers while the depth
// runs. A tile is a tree of nested structs, one leaf per row, because the compiler keeps every
// field of such a value in a register.

/// Some rows of a tile of C, `panelWidth` columns wide or half of it.
protocol TileRows {
  static var count: Int { get }
  /// Vectors per row.
  static var vectors: Int { get }
  init()
  mutating func load(_ c: Floats, _ stride: Int)
  /// Adds a[r stride] times the vectors of B, for each row r.
  mutating func step(_ a: Floats, _ stride: Int, _ b0: V, _ b1: V)
  func store(_ c: MutableFloats, _ stride: Int)
}

/// One row of one vector.
struct Row1: TileRows {
  static var count: Int { 1 }
  static var vectors: Int { 1 }
  private var x = V.zero

  init() {}

  @inline(always)
  mutating func load(_ c: Floats, _ stride: Int) { x = Kernels.load(c) }

  @inline(always)
  mutating func step(_ a: Floats, _ stride: Int, _ b0: V, _ b1: V) {
    x = fma(V(repeating: a[0]), b0, x)
  }

  @inline(always)
  func store(_ c: MutableFloats, _ stride: Int) { Kernels.store(x, c) }
}

/// One row of two vectors.
struct Row2: TileRows {
  static var count: Int { 1 }
  static var vectors: Int { 2 }
  private var x = V.zero
  private var y = V.zero

  init() {}

  @inline(always)
  mutating func load(_ c: Floats, _ stride: Int) {
    x = Kernels.load(c)
    y = Kernels.load(c + lanes)
  }

  @inline(always)
  mutating func step(_ a: Floats, _ stride: Int, _ b0: V, _ b1: V) {
    let a = V(repeating: a[0])
    x = fma(a, b0, x)
    y = fma(a, b1, y)
  }

  @inline(always)
  func store(_ c: MutableFloats, _ stride: Int) {
    Kernels.store(x, c)
    Kernels.store(y, c + lanes)
  }
}

/// The rows of `A` and below them the rows of `B`.
struct Cat<A: TileRows, B: TileRows>: TileRows {
  @inline(always) static var count: Int { A.count &+ B.count }
  @inline(always) static var vectors: Int { A.vectors }
  private var a = A()
  private var b = B()

  init() {}

  @inline(always)
  mutating func load(_ c: Floats, _ stride: Int) {
    a.load(c, stride)
    b.load(c + A.count &* stride, stride)
  }

  @inline(always)
  mutating func step(_ p: Floats, _ stride: Int, _ b0: V, _ b1: V) {
    a.step(p, stride, b0, b1)
    b.step(p + A.count &* stride, stride, b0, b1)
  }

  @inline(always)
  func store(_ c: MutableFloats, _ stride: Int) {
    a.store(c, stride)
    b.store(c + A.count &* stride, stride)
  }
}

extension TileRows {
  /// Adds the next `count` steps of the depth, and moves on in A and B.
  @inline(always)
  mutating func add(_ count: Int, _ a: inout Floats, _ b: inout Floats, _ w: TileWork) {
    let (rowStride, depthStride, bStride) = (w.rowStride, w.depthStride, w.bStride)
    for _ in 0..<count {
      let (b0, b1) = (Kernels.load(b), Self.vectors == 2 ? Kernels.load(b + lanes) : V.zero)
      step(a, rowStride, b0, b1)
      a += depthStride
      b += bStride
    }
  }
}

/// What one call of a tile needs.
struct TileWork {
  /// The first element of A, the distance of its rows and of its depth.
  var a: Floats
  var rowStride: Int
  var depthStride: Int
  /// The depth is `runs` runs of `depth`, the first elements of A `runStride` apart.
  var runs = 1
  var runStride = 0
  /// The first row of a panel of B, and the distance of the next.
  var b: Floats
  var bStride: Int
  var depth: Int
  var c: MutableFloats
  var cStride: Int
  /// What the product is added to; row stride 0 repeats one row.
  var base: Floats?
  var baseStride: Int
}

/// C = base + A B for one tile, adding along the depth in order.
@inline(never)
func multiplyTile<T: TileRows>(_ type: T.Type, _ w: TileWork) {
  var tile = T()
  if let base = w.base { tile.load(base, w.baseStride) }
  var b = w.b
  for run in 0..<w.runs {
    var a = w.a + run &* w.runStride
    tile.add(w.depth, &a, &b, w)
  }
  tile.store(w.c, w.cStride)
}

#if KERNELS_AVX512
  /// Columns of a packed panel of B.
  let panelWidth = 32
  /// Rows of the largest tile: 24 accumulators of the 32 registers.
  let tileRows = 12
#else
  let panelWidth = lanes
  #if KERNELS_SMALL
    let tileRows = 8
  #elseif arch(wasm32)
    let tileRows = 3
  #else
    let tileRows = 6
  #endif
#endif

typealias Two<T: TileRows> = Cat<T, T>
typealias Three<T: TileRows> = Cat<Two<T>, T>
typealias Four<T: TileRows> = Cat<Two<T>, Two<T>>
typealias Six<T: TileRows> = Cat<Four<T>, Two<T>>
typealias Eight<T: TileRows> = Cat<Four<T>, Four<T>>
typealias Twelve<T: TileRows> = Cat<Eight<T>, Four<T>>

/// The largest tile.
#if KERNELS_AVX512
  typealias WholeTile = Cat<Eight<Row2>, Four<Row2>>
#elseif KERNELS_SMALL
  typealias WholeTile = Cat<Four<Row1>, Four<Row1>>
#elseif arch(wasm32)
  typealias WholeTile = Cat<Two<Row1>, Row1>
#else
  typealias WholeTile = Cat<Four<Row1>, Two<Row1>>
#endif

/// `rows` (1...tileRows) rows of a panel of which `columns` are wanted: whole tiles go straight to
/// C, a narrow one through a scratch tile.
@inline(always)
func multiplyRows(_ work: TileWork, rows: Int, columns: Int) {
  #if KERNELS_SMALL
    if rows == tileRows && columns == panelWidth {
      multiplyTile(Eight<Row1>.self, work)
    } else {
      multiplyRest(work, rows: rows, columns: columns)
    }
  #else
    let isHalf = panelWidth == 2 &* lanes && columns <= lanes
    if columns == panelWidth || (isHalf && columns == lanes) {
      multiplyWholeRows(work, rows: rows, isHalf: isHalf)
    } else {
      multiplyNarrowRows(work, rows: rows, columns: columns, isHalf: isHalf)
    }
  #endif
}

#if KERNELS_SMALL
  /// What is left of a matrix at its edges: one function for the shapes that have tiles of their own.
  @inline(never)
  private func multiplyRest(_ work: TileWork, rows: Int, columns: Int) {
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = work.base.map { $0[row &* work.baseStride &+ column] } ?? 0
        var b = work.b + column
        for run in 0..<work.runs {
          var a = work.a + (row &* work.rowStride &+ run &* work.runStride)
          for _ in 0..<work.depth {
            sum = fma(a[0], b[0], sum)
            a += work.depthStride
            b += work.bStride
          }
        }
        work.c[row &* work.cStride &+ column] = sum
      }
    }
  }
#endif

@inline(never)
private func multiplyNarrowRows(_ work: TileWork, rows: Int, columns: Int, isHalf: Bool) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: tileRows &* panelWidth) { scratch in
    guard let tile = scratch.baseAddress else { return }
    var inner = work
    inner.c = tile
    inner.cStride = panelWidth
    if let base = work.base {
      for row in 0..<rows {
        copyPadded(base + row &* work.baseStride, columns, tile + row &* panelWidth)
      }
      inner.base = Floats(tile)
      inner.baseStride = panelWidth
    }
    multiplyWholeRows(inner, rows: rows, isHalf: isHalf)
    for row in 0..<rows {
      let (from, to) = (tile + row &* panelWidth, work.c + row &* work.cStride)
      for i in stride(from: 0, to: columns, by: lanes) {
        storePart(load(from + i), to + i, columns &- i)
      }
    }
  }
}

/// `count` numbers and zeros to the width of a panel.
@inline(always)
func copyPadded(_ x: Floats, _ count: Int, _ y: MutableFloats) {
  for i in stride(from: 0, to: panelWidth, by: lanes) {
    store(i < count ? loadPart(x + i, count &- i) : V.zero, y + i)
  }
}

/// Largest tiles first; what remains is cut into 8, 4 and up to 3 rows.
@inline(always)
private func multiplyWholeRows(_ work: TileWork, rows: Int, isHalf: Bool) {
  if rows == tileRows {
    #if KERNELS_AVX512
      if isHalf {
        multiplyTile(Twelve<Row1>.self, work)
      } else {
        multiplyTile(Twelve<Row2>.self, work)
      }
    #elseif arch(wasm32)
      multiplyTile(Three<Row1>.self, work)
    #else
      multiplyTile(Six<Row1>.self, work)
    #endif
    return
  }
  multiplyFewRows(work, rows: rows, isHalf: isHalf)
}

@inline(never)
private func multiplyFewRows(_ work: TileWork, rows: Int, isHalf: Bool) {
  var (work, rows) = (work, rows)
  while rows > 0 {
    let done: Int
    #if KERNELS_AVX512
      if rows >= 8 {
        if isHalf {
          multiplyTile(Eight<Row1>.self, work)
        } else {
          multiplyTile(Eight<Row2>.self, work)
        }
        done = 8
      } else if rows >= 4 {
        if isHalf {
          multiplyTile(Four<Row1>.self, work)
        } else {
          multiplyTile(Four<Row2>.self, work)
        }
        done = 4
      } else if rows == 3 {
        if isHalf {
          multiplyTile(Three<Row1>.self, work)
        } else {
          multiplyTile(Three<Row2>.self, work)
        }
        done = 3
      } else if rows == 2 {
        if isHalf {
          multiplyTile(Two<Row1>.self, work)
        } else {
          multiplyTile(Two<Row2>.self, work)
        }
        done = 2
      } else {
        if isHalf { multiplyTile(Row1.self, work) } else { multiplyTile(Row2.self, work) }
        done = 1
      }
    #else
      if rows >= 4 {
        multiplyTile(Four<Row1>.self, work)
        done = 4
      } else if rows == 3 {
        multiplyTile(Three<Row1>.self, work)
        done = 3
      } else if rows == 2 {
        multiplyTile(Two<Row1>.self, work)
        done = 2
      } else {
        multiplyTile(Row1.self, work)
        done = 1
      }
    #endif
    work.a += done &* work.rowStride
    work.c += done &* work.cStride
    if let base = work.base { work.base = base + done &* work.baseStride }
    rows &-= done
  }
}
