// How a function of sixteen lanes becomes a loop over a buffer: one, two or three inputs, one or
// two outputs, split over the threads. An output may be one of the inputs.
//
// The last vector overlaps the one before it (a buffer shorter than a vector has only a short last
// one); it is read before anything is written and written after everything else.

/// Elements one chunk handles: a few microseconds of work, and 64 KiB of cache.
private let grain = 16_384

/// Calls `body` with the first place and the count of every chunk of `count` elements.
///
/// The loop over a chunk is written in `body`, function and all: a function handed through a region
/// of the pool would be called for every vector, and vectors cross calls in memory.
@inline(always)
func inChunks(_ count: Int, _ body: (Int, Int) -> Void) {
  Parallel.ranges(count, grain: grain, isLong: count > 1 << 20) { from, to in
    body(from, to &- from)
  }
}

/// Calls `loop` with the count and the places of every chunk of two buffers.
@inline(always)
func inChunks(
  _ x: Floats, _ y: MutableFloats, _ count: Int, _ loop: (Int, Floats, MutableFloats) -> Void
) {
  inChunks(count) { i, n in loop(n, x + i, y + i) }
}

/// Calls `loop` with the count and the places of every chunk of three buffers.
@inline(always)
func inChunks(
  _ x: Floats, _ y: Floats, _ z: MutableFloats, _ count: Int,
  _ loop: (Int, Floats, Floats, MutableFloats) -> Void
) {
  inChunks(count) { i, n in loop(n, x + i, y + i, z + i) }
}

/// Calls `body` for each vector of `count` numbers with its place and width; a short one is the last.
@inline(always)
func overVectors(_ count: Int, _ body: (Int, Int) -> Void) {
  var i = 0
  while i &+ lanes <= count {
    body(i, lanes)
    i &+= lanes
  }
  if i < count { body(i, count &- i) }
}

#if !KERNELS_SMALL

  /// The vector at `end`, the last of `count` numbers; short if they do not fill one.
  @inline(always)
  private func lastVector(_ x: Floats, _ end: Int, _ count: Int) -> V {
    count >= lanes ? load(x + end) : load(x, first: count)
  }

  @inline(always)
  private func storeLast(_ v: V, _ y: MutableFloats, _ end: Int, _ count: Int) {
    if count >= lanes { store(v, y + end) } else { store(v, y, first: count) }
  }

  /// y = f(x) on one thread.
  @inline(always)
  func mapRange(_ count: Int, _ x: Floats, _ y: MutableFloats, _ f: (V) -> V) {
    guard count > 0 else { return }
    let end = max(0, count &- lanes)
    let last = lastVector(x, end, count)
    var i = 0
    while i < end {
      store(f(load(x + i)), y + i)
      i &+= lanes
    }
    storeLast(f(last), y, end, count)
  }

  /// z = f(x, y) on one thread.
  @inline(always)
  func mapRange(_ count: Int, _ x: Floats, _ y: Floats, _ z: MutableFloats, _ f: (V, V) -> V) {
    guard count > 0 else { return }
    let end = max(0, count &- lanes)
    let last = (lastVector(x, end, count), lastVector(y, end, count))
    var i = 0
    while i < end {
      store(f(load(x + i), load(y + i)), z + i)
      i &+= lanes
    }
    storeLast(f(last.0, last.1), z, end, count)
  }

  /// z = f(x, y) on one thread, for an f so short that memory is what takes the time: four vectors of
  /// each operand are read before any is written, so that no read waits for a write to nearly the same
  /// place of a page.
  @inline(always)
  func mapLightly(_ count: Int, _ x: Floats, _ y: Floats, _ z: MutableFloats, _ f: (V, V) -> V) {
    @inline(always)
    func four(_ p: Floats) -> (V, V, V, V) {
      (load(p), load(p + lanes), load(p + 2 &* lanes), load(p + 3 &* lanes))
    }
    var i = 0
    while i &+ 4 &* lanes <= count {
      let (a, b) = (four(x + i), four(y + i))
      store(f(a.0, b.0), z + i)
      store(f(a.1, b.1), z + (i &+ lanes))
      store(f(a.2, b.2), z + (i &+ 2 &* lanes))
      store(f(a.3, b.3), z + (i &+ 3 &* lanes))
      i &+= 4 &* lanes
    }
    mapRange(count &- i, x + i, y + i, z + i, f)
  }

  /// w = f(x, y, z) on one thread.
  @inline(always)
  func mapRange3(
    _ count: Int, _ x: Floats, _ y: Floats, _ z: Floats, _ w: MutableFloats,
    _ f: (V, V, V) -> V
  ) {
    guard count > 0 else { return }
    let end = max(0, count &- lanes)
    let last = (
      lastVector(x, end, count), lastVector(y, end, count), lastVector(z, end, count)
    )
    var i = 0
    while i < end {
      store(f(load(x + i), load(y + i), load(z + i)), w + i)
      i &+= lanes
    }
    storeLast(f(last.0, last.1, last.2), w, end, count)
  }

  /// v = f(x, y, z, w) on one thread.
  @inline(always)
  func mapRange4(
    _ count: Int, _ x: Floats, _ y: Floats, _ z: Floats, _ w: Floats, _ v: MutableFloats,
    _ f: (V, V, V, V) -> V
  ) {
    guard count > 0 else { return }
    let end = max(0, count &- lanes)
    let last = (
      lastVector(x, end, count), lastVector(y, end, count), lastVector(z, end, count),
      lastVector(w, end, count)
    )
    var i = 0
    while i < end {
      store(f(load(x + i), load(y + i), load(z + i), load(w + i)), v + i)
      i &+= lanes
    }
    storeLast(f(last.0, last.1, last.2, last.3), v, end, count)
  }

  /// (y, z) = f(x) on one thread.
  @inline(always)
  func mapRange(
    _ count: Int, _ x: Floats, _ y: MutableFloats, _ z: MutableFloats, _ f: (V) -> (V, V)
  ) {
    guard count > 0 else { return }
    let end = max(0, count &- lanes)
    let last = lastVector(x, end, count)
    var i = 0
    while i < end {
      let (a, b) = f(load(x + i))
      store(a, y + i)
      store(b, z + i)
      i &+= lanes
    }
    let (a, b) = f(last)
    storeLast(a, y, end, count)
    storeLast(b, z, end, count)
  }

#endif
