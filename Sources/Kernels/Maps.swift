// How a function of sixteen lanes becomes a loop over a buffer: one, two or three inputs, one or
// two outputs, split over the threads. An output may be one of the inputs.

/// Elements one chunk handles: a few microseconds of work, and 64 KiB of cache.
private let grain = 16_384

/// y = f(x), element by element.
@inline(always)
func map(_ count: Int, _ x: Floats, _ y: MutableFloats, _ f: (V) -> V) {
  Parallel.ranges(count, grain: grain, isLong: count > 1 << 20) { from, to in
    mapRange(to &- from, x + from, y + from, f)
  }
}

@inline(always)
func mapRange(_ count: Int, _ x: Floats, _ y: MutableFloats, _ f: (V) -> V) {
  guard count >= lanes else {
    if count > 0 { store(f(load(x, first: count)), y, first: count) }
    return
  }
  // The last vector overlaps the one before it; it is read before anything is written.
  let end = count &- lanes
  let last = load(x + end)
  var i = 0
  while i < end {
    store(f(load(x + i)), y + i)
    i &+= lanes
  }
  store(f(last), y + end)
}

/// z = f(x, y), element by element.
@inline(always)
func map(_ count: Int, _ x: Floats, _ y: Floats, _ z: MutableFloats, _ f: (V, V) -> V) {
  Parallel.ranges(count, grain: grain, isLong: count > 1 << 20) { from, to in
    mapRange(to &- from, x + from, y + from, z + from, f)
  }
}

@inline(always)
func mapRange(_ count: Int, _ x: Floats, _ y: Floats, _ z: MutableFloats, _ f: (V, V) -> V) {
  guard count >= lanes else {
    if count > 0 { store(f(load(x, first: count), load(y, first: count)), z, first: count) }
    return
  }
  let end = count &- lanes
  let last = (load(x + end), load(y + end))
  var i = 0
  while i < end {
    store(f(load(x + i), load(y + i)), z + i)
    i &+= lanes
  }
  store(f(last.0, last.1), z + end)
}

/// w = f(x, y, z), element by element.
@inline(always)
func map(
  _ count: Int, _ x: Floats, _ y: Floats, _ z: Floats, _ w: MutableFloats,
  _ f: (V, V, V) -> V
) {
  Parallel.ranges(count, grain: grain, isLong: count > 1 << 20) { from, to in
    mapRange3(to &- from, x + from, y + from, z + from, w + from, f)
  }
}

@inline(always)
func mapRange3(
  _ count: Int, _ x: Floats, _ y: Floats, _ z: Floats, _ w: MutableFloats,
  _ f: (V, V, V) -> V
) {
  guard count >= lanes else {
    if count > 0 {
      store(
        f(load(x, first: count), load(y, first: count), load(z, first: count)), w, first: count)
    }
    return
  }
  let end = count &- lanes
  let last = (load(x + end), load(y + end), load(z + end))
  var i = 0
  while i < end {
    store(f(load(x + i), load(y + i), load(z + i)), w + i)
    i &+= lanes
  }
  store(f(last.0, last.1, last.2), w + end)
}

/// v = f(x, y, z, w), element by element, on one thread.
@inline(always)
func mapRange4(
  _ count: Int, _ x: Floats, _ y: Floats, _ z: Floats, _ w: Floats, _ v: MutableFloats,
  _ f: (V, V, V, V) -> V
) {
  var i = 0
  while i &+ lanes <= count {
    store(f(load(x + i), load(y + i), load(z + i), load(w + i)), v + i)
    i &+= lanes
  }
  let rest = count &- i
  if rest > 0 {
    let last = f(
      load(x + i, first: rest), load(y + i, first: rest), load(z + i, first: rest),
      load(w + i, first: rest))
    store(last, v + i, first: rest)
  }
}

/// (y, z) = f(x), element by element.
@inline(always)
func map(
  _ count: Int, _ x: Floats, _ y: MutableFloats, _ z: MutableFloats, _ f: (V) -> (V, V)
) {
  Parallel.ranges(count, grain: grain, isLong: count > 1 << 20) { from, to in
    mapRange(to &- from, x + from, y + from, z + from, f)
  }
}

@inline(always)
func mapRange(
  _ count: Int, _ x: Floats, _ y: MutableFloats, _ z: MutableFloats, _ f: (V) -> (V, V)
) {
  guard count >= lanes else {
    guard count > 0 else { return }
    let (a, b) = f(load(x, first: count))
    store(a, y, first: count)
    store(b, z, first: count)
    return
  }
  let end = count &- lanes
  let last = load(x + end)
  var i = 0
  while i < end {
    let (a, b) = f(load(x + i))
    store(a, y + i)
    store(b, z + i)
    i &+= lanes
  }
  let (a, b) = f(last)
  store(a, y + end)
  store(b, z + end)
}
