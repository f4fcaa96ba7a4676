// Matrix products. B is copied into panels as wide as the tile, where it does not lie well already;
// A is read where it lies, which measured faster than copying it, transposed or not, but where its
// rows collide. Every element adds its products along the depth in order, with one rounding each, so
// neither the tile nor the blocking nor the threads change a bit of the result.

/// A matrix in memory: rows `stride` floats apart, or the transpose of such a matrix.
public struct Matrix {
  public var start: Floats
  public var stride: Int
  /// The rows in memory are the columns of the matrix.
  public var isTransposed: Bool

  public init(_ start: Floats, stride: Int, isTransposed: Bool = false) {
    self.start = start
    self.stride = stride
    self.isTransposed = isTransposed
  }

  /// The same numbers with rows for columns.
  var transposed: Matrix { Matrix(start, stride: stride, isTransposed: !isTransposed) }

  @inline(always)
  func advanced(by count: Int) -> Matrix {
    Matrix(start + count, stride: stride, isTransposed: isTransposed)
  }

  /// The part that begins at `row` and `column`.
  @inline(always)
  func at(_ row: Int, _ column: Int) -> Floats {
    isTransposed ? start + column &* stride + row : start + row &* stride + column
  }
}

/// What happens to a product before it is stored.
public struct ProductEnd {
  /// Added to every row; as many numbers as there are columns.
  public var bias: Floats?
  /// Applied last.
  public var activation: Activation?
  /// Receives the activation's derivative, with the row stride of C.
  public var derivative: MutableFloats?

  public init(
    bias: Floats? = nil, activation: Activation? = nil, derivative: MutableFloats? = nil
  ) {
    self.bias = bias
    self.activation = activation
    self.derivative = derivative
  }
}

/// Matrix products.
public enum Product {
  /// C = A B, or C += A B, or an activation of A B + bias.
  ///
  /// - Parameters:
  ///   - a: rows x depth.
  ///   - b: depth x columns.
  ///   - c: rows x columns, rows `stride` apart; must not overlap `a` or `b`.
  ///   - base: rows x columns, what the product is added to (a residual, or `c` itself).
  ///   - end: bias and activation.
  @inline(never)
  public static func multiply(
    _ a: Matrix, _ b: Matrix, into c: MutableFloats, stride: Int, rows: Int, columns: Int,
    depth: Int, adding base: Matrix? = nil, end: ProductEnd = ProductEnd()
  ) {
    guard rows > 0, columns > 0 else { return }
    let job = ProductJob(
      a: a, b: b, c: c, stride: stride, rows: rows, columns: columns, depth: depth, base: base,
      end: end)
    job.run()
  }

  /// `count` products of one shape, matrices `aStep`, `bStep` and `cStep` floats apart (0 uses
  /// one operand for all).
  @inline(never)
  public static func multiplyBatch(
    _ count: Int, _ a: Matrix, step aStep: Int, _ b: Matrix, step bStep: Int,
    into c: MutableFloats, stride: Int, step cStep: Int, rows: Int, columns: Int, depth: Int,
    accumulate: Bool = false
  ) {
    guard rows > 0, columns > 0, count > 0 else { return }
    let work = 2 &* rows &* columns &* depth
    if work > 16_000_000 || count == 1 {
      for i in 0..<count {
        let c = c + i &* cStep
        multiply(
          a.advanced(by: i &* aStep), b.advanced(by: i &* bStep), into: c, stride: stride,
          rows: rows, columns: columns, depth: depth,
          adding: accumulate ? Matrix(c, stride: stride) : nil)
      }
      return
    }
    let some = max(1, 1_000_000 / max(1, work))
    let packedSize = (columns &+ panelWidth &- 1) / panelWidth &* panelWidth &* depth
    Parallel.ranges(count, grain: some, isLong: work &* count > 50_000_000) { from, to in
      Scratch.floats(max(1, packedSize)) { packed in
        for i in from..<to {
          if i == from || bStep != 0 {
            packPanels(b.advanced(by: i &* bStep), depth: depth, columns: columns, into: packed)
          }
          multiplyPacked(
            a.advanced(by: i &* aStep), packed, packedDepth: depth, into: c + i &* cStep,
            stride: stride, rows: rows, columns: columns, depth: depth, accumulate: accumulate)
        }
      }
    }
  }
}

/// One product and how it is cut.
struct ProductJob {
  var a: Matrix
  var b: Matrix
  var c: MutableFloats
  var stride: Int
  var rows: Int
  var columns: Int
  var depth: Int
  var base: Matrix?
  var end: ProductEnd

  /// Depth of one block: a panel of B this deep stays in the first or second cache.
  private static let blockDepth = 512
  /// Rows of one chunk; a block of A this high stays in the second cache.
  private static let blockRows = 96
  /// Floats of B packed at a time.
  private static let packedLimit = 1 << 20

  /// Whether B is copied into panels. Rows of whole panels are as good where they lie, unless they are
  /// so far apart that too many fall into the same sets of the caches.
  fileprivate var isPacked: Bool {
    b.isTransposed || columns % panelWidth != 0 || b.stride >= 1024
  }

  private var work: Int { 2 &* rows &* columns &* depth }

  /// On all threads.
  func run() { run(alone: work < 1_000_000) }

  /// On the caller's thread.
  func runAlone() { run(alone: true) }

  /// Blocks of columns, in each blocks of the depth: B is packed, then the rows pass in chunks.
  @inline(never)
  private func run(alone: Bool) {
    let panels = (columns &+ panelWidth &- 1) / panelWidth
    let deep = evenParts(depth, of: Self.blockDepth, multipleOf: 1)
    let some = max(1, min(panels, Self.packedLimit / (deep &* panelWidth)))
    Scratch.floats(isPacked ? some &* deep &* panelWidth : 0) { packed in
      var first = 0
      while first < panels {
        let last = min(panels, first &+ some)
        var done = 0
        repeat {
          let block = ProductBlock(
            job: self, packed: packed, panels: first..<last, done: done,
            count: min(deep, depth &- done))
          if alone || Parallel.isSerial { block.runAlone() } else { block.run() }
          done &+= deep
        } while done < depth
        first = last
      }
    }
  }

  fileprivate static var chunkRows: Int { blockRows }
}

/// A block of the depth of a product, for a block of its columns.
private struct ProductBlock {
  var job: ProductJob
  var packed: MutableFloats
  var panels: Range<Int>
  /// Depth that earlier blocks have added to C, and depth of this one.
  var done: Int
  var count: Int

  private var panelSize: Int { count &* panelWidth }

  func run() {
    if job.isPacked {
      if panelSize &* panels.count < 1 << 15 {
        for panel in panels { pack(panel) }
      } else {
        Parallel.run(panels.count) { pack(panels.lowerBound &+ $0) }
      }
    }
    // Few rows are cut finer: a thread that has run out of chunks waits for the other's last.
    let size = min(ProductJob.chunkRows, max(24, job.rows / 40))
    let chunkRows = evenParts(job.rows, of: size, multipleOf: tileRows)
    let rowChunks = (job.rows &+ chunkRows &- 1) / chunkRows
    // At least sixteen chunks, so that threads can share them evenly.
    let wanted = min(panels.count, max(1, (16 &+ rowChunks &- 1) / rowChunks))
    let group = (panels.count &+ wanted &- 1) / wanted
    let groups = (panels.count &+ group &- 1) / group
    let isLong = 2 &* job.rows &* panels.count &* panelSize > 50_000_000
    Parallel.run(rowChunks &* groups, isLong: isLong) { chunk in
      let (rowChunk, part) = (chunk / groups, chunk % groups)
      let from = rowChunk &* chunkRows
      let first = panels.lowerBound &+ part &* group
      multiply(
        from, min(job.rows, from &+ chunkRows),
        first..<min(panels.upperBound, first &+ group))
    }
  }

  func runAlone() {
    if job.isPacked { for panel in panels { pack(panel) } }
    var from = 0
    while from < job.rows {
      let to = min(job.rows, from &+ ProductJob.chunkRows)
      multiply(from, to, panels)
      from = to
    }
  }

  private func pack(_ panel: Int) {
    let column = panel &* panelWidth
    packPanel(
      job.b, from: column, width: min(panelWidth, job.columns &- column), depth: done,
      count: count, into: packed + (panel &- panels.lowerBound) &* panelSize)
  }

  /// Rows 4 KiB apart fall into the same set of the first cache, which holds fewer of them than a
  /// tile has; for eight panels a copy without that pays.
  private func isCopied(_ panels: Range<Int>) -> Bool {
    !job.a.isTransposed && job.a.stride % 1024 == 0 && panels.count >= 8
  }

  /// Smaller operands stay in the second cache, and a shallow tile is done before what it asks for
  /// comes. A browser has no instruction to ask with.
  private var isPrefetched: Bool {
    #if arch(wasm32)
      false
    #else
      job.depth >= 32 && job.rows &* (job.columns &+ job.depth) > 1 << 18
    #endif
  }

  /// Rows from..<to of C in the columns of `panels`.
  private func multiply(_ from: Int, _ to: Int, _ panels: Range<Int>) {
    let a = Matrix(job.a.at(from, done), stride: job.a.stride, isTransposed: job.a.isTransposed)
    if isCopied(panels) {
      let (rows, stride) = (to &- from, (count &+ 15) & ~15 &+ 16)
      Scratch.floats(rows &* stride) { copy in
        for row in 0..<rows { copyRow(a.at(row, 0), copy + row &* stride, count) }
        multiply(Matrix(copy, stride: stride), from, to, panels)
      }
    } else {
      multiply(a, from, to, panels)
    }
    if done &+ count == job.depth { job.finish(from, to, panels) }
  }

  private func multiply(_ a: Matrix, _ from: Int, _ to: Int, _ panels: Range<Int>) {
    let rows = to &- from
    let (rowStride, depthStride) = a.isTransposed ? (1, a.stride) : (a.stride, 1)
    for panel in panels {
      let column = panel &* panelWidth
      var work = TileWork(
        a: a.start, rowStride: rowStride, depthStride: depthStride,
        b: job.isPacked
          ? Floats(packed + (panel &- self.panels.lowerBound) &* panelSize)
          : job.b.at(done, column),
        bStride: job.isPacked ? panelWidth : job.b.stride,
        depth: count, c: job.c + (from &* job.stride &+ column), cStride: job.stride, base: nil,
        baseStride: 0)
      if done > 0 {
        work.base = Floats(work.c)
        work.baseStride = job.stride
      } else if let base = job.base {
        work.base = base.start + (from &* base.stride &+ column)
        work.baseStride = base.stride
      } else if let bias = job.end.bias {
        work.base = bias + column
      }
      let width = min(panelWidth, job.columns &- column)
      let first = work
      var row = 0
      while row < rows {
        if isPrefetched, width == panelWidth, row &+ tileRows <= rows {
          let next =
            row &+ 2 &* tileRows <= rows
            ? NextTile(below: work, isReadingA: panel == panels.lowerBound)
            : NextTile(beside: first)
          multiplyTile(work, preparing: next)
        } else {
          multiplyRows(work, rows: min(tileRows, rows &- row), columns: width)
        }
        work.a += tileRows &* rowStride
        work.c += tileRows &* job.stride
        if let base = work.base { work.base = base + tileRows &* work.baseStride }
        row &+= tileRows
      }
    }
  }
}

extension ProductJob {
  /// Bias beside a base, and the activation, while the rows are in the cache.
  @inline(always)
  fileprivate func finish(_ from: Int, _ to: Int, _ panels: Range<Int>) {
    let left = panels.lowerBound &* panelWidth
    let width = min(columns, panels.upperBound &* panelWidth) &- left
    if base != nil, let bias = end.bias {
      for row in from..<to {
        let c = c + (row &* stride &+ left)
        mapRange(width, c, bias + left, c) { $0 + $1 }
      }
    }
    guard let activation = end.activation else { return }
    if width == stride {
      activation.apply(
        (to &- from) &* width, c + from &* stride, c + from &* stride,
        derivative: end.derivative.map { $0 + from &* stride })
      return
    }
    for row in from..<to {
      let offset = row &* stride &+ left
      activation.apply(
        width, c + offset, c + offset, derivative: end.derivative.map { $0 + offset })
    }
  }
}
