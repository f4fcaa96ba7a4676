// Matrix products. B is copied into panels as wide as the tile (once per call); A is read where it
// lies, except when its rows are so far apart that they collide in the cache. Every element adds
// its products along the depth in order, with one rounding each, so neither the tile nor the
// blocking nor the threads change a bit of the result.

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
    @inline(always)
    func job(_ i: Int) -> ProductJob {
      var (a, b) = (a, b)
      a.start += i &* aStep
      b.start += i &* bStep
      let c = c + i &* cStep
      return ProductJob(
        a: a, b: b, c: c, stride: stride, rows: rows, columns: columns, depth: depth,
        base: accumulate ? Matrix(c, stride: stride) : nil, end: ProductEnd())
    }
    if work > 16_000_000 || count == 1 {
      for i in 0..<count { job(i).run() }
    } else {
      let some = max(1, 1_000_000 / max(1, work))
      Parallel.ranges(count, grain: some, isLong: work &* count > 50_000_000) { from, to in
        for i in from..<to { job(i).runAlone() }
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
  private static let packedLimit = 1 << 21

  private var panels: Int { (columns &+ panelWidth &- 1) / panelWidth }
  private var work: Int { 2 &* rows &* columns &* depth }

  /// On all threads.
  func run() {
    if work < 1_000_000 {
      runAlone()
      return
    }
    let chunkRows = evenParts(rows, of: Self.blockRows, multipleOf: tileRows)
    let rowChunks = (rows &+ chunkRows &- 1) / chunkRows
    withPackedPanels { packed, panels in
      // At least eight chunks, so that threads can share them evenly.
      let wanted = min(panels.count, max(1, (8 &+ rowChunks &- 1) / rowChunks))
      let group = (panels.count &+ wanted &- 1) / wanted
      let groups = (panels.count &+ group &- 1) / group
      Parallel.run(rowChunks &* groups, isLong: work > 50_000_000) { chunk in
        let (rowChunk, part) = (chunk / groups, chunk % groups)
        let from = rowChunk &* chunkRows
        let first = panels.lowerBound &+ part &* group
        multiplyBlock(
          packed, firstPacked: panels.lowerBound, from, min(rows, from &+ chunkRows),
          first..<min(panels.upperBound, first &+ group))
      }
    }
  }

  /// On the caller's thread.
  func runAlone() {
    withPackedPanels(alone: true) { packed, panels in
      var from = 0
      while from < rows {
        let to = min(rows, from &+ Self.blockRows)
        multiplyBlock(packed, firstPacked: panels.lowerBound, from, to, panels)
        from = to
      }
    }
  }

  /// Packs B, as many panels at a time as the limit allows, and calls `body` for them.
  @inline(always)
  private func withPackedPanels(
    alone: Bool = false, _ body: (MutableFloats, Range<Int>) -> Void
  ) {
    let panelSize = depth &* panelWidth
    let some = max(1, min(panels, Self.packedLimit / max(1, panelSize)))
    Scratch.floats(max(1, some &* panelSize)) { packed in
      var first = 0
      while first < panels {
        let last = min(panels, first &+ some)
        let base = first
        if alone || panelSize &* (last &- first) < 1 << 16 {
          for panel in first..<last { pack(panel, into: packed + (panel &- base) &* panelSize) }
        } else {
          Parallel.run(last &- first) { pack(base &+ $0, into: packed + $0 &* panelSize) }
        }
        body(packed, first..<last)
        first = last
      }
    }
  }

  private func pack(_ panel: Int, into packed: MutableFloats) {
    let column = panel &* panelWidth
    packPanel(
      b, from: column, width: min(panelWidth, columns &- column), depth: 0, count: depth,
      into: packed)
  }

  /// Rows from..<to of C in the columns of `panels`.
  private func multiplyBlock(
    _ packed: MutableFloats, firstPacked: Int, _ from: Int, _ to: Int, _ panels: Range<Int>
  ) {
    let isStrip = stripsPay
    let rows = to &- from
    let strips = (rows &+ tileRows &- 1) / tileRows
    let deep = evenParts(depth, of: Self.blockDepth, multipleOf: 1)
    Scratch.floats(isStrip ? strips &* tileRows &* deep : 1) { scratch in
      var done = 0
      repeat {
        let count = min(deep, depth &- done)
        if isStrip {
          for strip in 0..<strips {
            let row = strip &* tileRows
            packStrip(
              a, from: from &+ row, rows: min(tileRows, rows &- row), depth: done, count: count,
              into: scratch + row &* count)
          }
        }
        for panel in panels {
          let column = panel &* panelWidth
          let b =
            packed + ((panel &- firstPacked) &* depth &* panelWidth &+ done &* panelWidth)
          var row = 0
          while row < rows {
            let target = c + ((from &+ row) &* stride &+ column)
            var work = TileWork(
              a: isStrip ? Floats(scratch + row &* count) : a.at(from &+ row, done),
              rowStride: isStrip || a.isTransposed ? 1 : a.stride,
              depthStride: isStrip ? tileRows : a.isTransposed ? a.stride : 1, b: b,
              bStride: panelWidth, depth: count, c: target, cStride: stride, base: nil,
              baseStride: 0)
            if done > 0 {
              work.base = Floats(target)
              work.baseStride = stride
            } else if let base {
              work.base = base.start + ((from &+ row) &* base.stride &+ column)
              work.baseStride = base.stride
            } else if let bias = end.bias {
              work.base = bias + column
            }
            multiplyRows(
              work, rows: min(tileRows, rows &- row),
              columns: min(panelWidth, columns &- column))
            row &+= tileRows
          }
        }
        done &+= count
      } while done < depth
    }
    finish(from, to, panels)
  }

  /// Bias beside a base, and the activation, while the rows are in the cache.
  @inline(always)
  private func finish(_ from: Int, _ to: Int, _ panels: Range<Int>) {
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
        (to &- from) &* width, c + from &* stride,
        derivative: end.derivative.map { $0 + from &* stride })
      return
    }
    for row in from..<to {
      let offset = row &* stride &+ left
      activation.apply(width, c + offset, derivative: end.derivative.map { $0 + offset })
    }
  }

  /// Rows 2 KiB apart fall into a few sets of the first cache, and a block of A beyond the second
  /// cache is read once per panel from far away: then a copy in reading order pays, if it is read
  /// often enough.
  private var stripsPay: Bool {
    guard columns > 2 &* panelWidth else { return false }
    return a.stride % 512 == 0 || (a.isTransposed && depth > 256)
  }
}

/// `total` in parts of about `size`, all but the last alike and a multiple of `unit`.
@inline(always)
func evenParts(_ total: Int, of size: Int, multipleOf unit: Int) -> Int {
  let parts = max(1, (total &+ size &- 1) / size)
  let part = (total &+ parts &- 1) / parts
  return max(unit, (part &+ unit &- 1) / unit &* unit)
}
