// What a tile asks for ahead of its use. In a training step the operands of a product come from
// memory or the third cache, and the rows of a tile lie too far apart for the processor to foresee
// them: a product would spend up to a tenth of its time waiting.

/// C = base + A B for one tile of full size, asking meanwhile for the tile after it.
///
/// The first cache waits for two dozen lines at most, so they are asked for in parts, between the
/// steps of the depth.
@inline(never)
func multiplyTile(_ work: TileWork, preparing next: NextTile) {
  var tile = WholeTile()
  if let base = work.base { tile.load(base, work.baseStride) }
  var (a, b) = (work.a, work.b)
  let part = work.depthPart
  var (done, row) = (0, 0)
  while done < work.depth {
    next.prefetch(row, done, work)
    tile.add(min(part, work.depth &- done), &a, &b, work)
    done &+= part
    row &+= 2
  }
  tile.store(work.c, work.cStride)
}

/// The tile after a whole one, with the same strides.
struct NextTile {
  var c: MutableFloats
  /// nil where nothing is added, or the same row everywhere.
  var base: Floats?
  /// nil where A is in the cache already.
  var a: Floats?

  /// - Parameter isReadingA: its rows of A have not been read for an earlier panel.
  init(below work: TileWork, isReadingA: Bool) {
    c = work.c + tileRows &* work.cStride
    base = work.baseStride == 0 ? nil : work.base.map { $0 + tileRows &* work.baseStride }
    a = isReadingA ? work.a + tileRows &* work.rowStride : nil
  }

  /// The tile to the right of the first of a panel, as high as that.
  init(beside work: TileWork) {
    c = work.c + panelWidth
    base = work.baseStride == 0 ? nil : work.base.map { $0 + panelWidth }
    a = nil
  }

  /// Asks for two rows of C and of the base from `row`, and for the part of A that goes with the
  /// depth from `k`.
  @inline(always)
  func prefetch(_ row: Int, _ k: Int, _ work: TileWork) {
    if row < tileRows {
      for row in row..<row &+ 2 {
        prefetchToWrite(c + row &* work.cStride)
        if let base { prefetchPanelRow(base + row &* work.baseStride) }
      }
    }
    if let a { prefetchA(a, row, k, work) }
  }

  @inline(never)
  private func prefetchA(_ a: Floats, _ row: Int, _ k: Int, _ work: TileWork) {
    if work.depthStride > 1 {
      prefetchLines(a + k &* work.depthStride, work.depthPart, stride: work.depthStride)
    } else if work.isDeep {
      for i in stride(from: k, to: k &+ work.depthPart, by: lanes) {
        prefetchLines(a + i, tileRows, stride: work.rowStride)
      }
    } else if row < tileRows {
      for row in row..<row &+ 2 {
        prefetchLines(a + row &* work.rowStride, (work.depth &+ lanes &- 1) / lanes, stride: lanes)
      }
    }
  }
}

extension TileWork {
  /// Two rows of A are too many lines at a time.
  @inline(always)
  fileprivate var isDeep: Bool { depth > 192 }

  /// Steps of the depth between two askings.
  @inline(always)
  fileprivate var depthPart: Int { isDeep ? 2 &* lanes : (depth / ((tileRows &+ 1) / 2) &+ 3) & ~1 }
}

@inline(always)
private func prefetchLines(_ p: Floats, _ count: Int, stride: Int) {
  var p = p
  for _ in 0..<count {
    prefetch(p)
    p += stride
  }
}

/// The lines of one row of a panel.
@inline(always)
private func prefetchPanelRow(_ p: Floats) {
  for i in stride(from: 0, to: panelWidth, by: lanes) { prefetch(p + i) }
}

@inline(always)
private func prefetchToWrite(_ p: MutableFloats) {
  for i in stride(from: 0, to: panelWidth, by: lanes) { prefetchLineToWrite(p + i) }
}
