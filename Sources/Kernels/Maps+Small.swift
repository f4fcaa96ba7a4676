// The loops of Maps.swift with the function written out once instead of twice to six times: a little
// slower, and a third of the size.

#if KERNELS_SMALL

  /// Calls `body` with the first place of every vector, and how many numbers are left there.
  @inline(always)
  private func overParts(_ count: Int, _ body: (Int, Int) -> Void) {
    var i = 0
    while i < count {
      body(i, count &- i)
      i &+= lanes
    }
  }

  /// y = f(x) on one thread.
  @inline(always)
  func mapRange(_ count: Int, _ x: Floats, _ y: MutableFloats, _ f: (V) -> V) {
    overParts(count) { i, rest in storePart(f(loadPart(x + i, rest)), y + i, rest) }
  }

  /// z = f(x, y) on one thread.
  @inline(always)
  func mapRange(_ count: Int, _ x: Floats, _ y: Floats, _ z: MutableFloats, _ f: (V, V) -> V) {
    overParts(count) { i, rest in
      storePart(f(loadPart(x + i, rest), loadPart(y + i, rest)), z + i, rest)
    }
  }

  /// z = f(x, y) on one thread.
  @inline(always)
  func mapLightly(_ count: Int, _ x: Floats, _ y: Floats, _ z: MutableFloats, _ f: (V, V) -> V) {
    mapRange(count, x, y, z, f)
  }

  /// w = f(x, y, z) on one thread.
  @inline(always)
  func mapRange3(
    _ count: Int, _ x: Floats, _ y: Floats, _ z: Floats, _ w: MutableFloats, _ f: (V, V, V) -> V
  ) {
    overParts(count) { i, rest in
      let (a, b) = (loadPart(x + i, rest), loadPart(y + i, rest))
      storePart(f(a, b, loadPart(z + i, rest)), w + i, rest)
    }
  }

  /// v = f(x, y, z, w) on one thread.
  @inline(always)
  func mapRange4(
    _ count: Int, _ x: Floats, _ y: Floats, _ z: Floats, _ w: Floats, _ v: MutableFloats,
    _ f: (V, V, V, V) -> V
  ) {
    overParts(count) { i, rest in
      let (a, b) = (loadPart(x + i, rest), loadPart(y + i, rest))
      let (c, d) = (loadPart(z + i, rest), loadPart(w + i, rest))
      storePart(f(a, b, c, d), v + i, rest)
    }
  }

  /// (y, z) = f(x) on one thread.
  @inline(always)
  func mapRange(
    _ count: Int, _ x: Floats, _ y: MutableFloats, _ z: MutableFloats, _ f: (V) -> (V, V)
  ) {
    overParts(count) { i, rest in
      let (a, b) = f(loadPart(x + i, rest))
      storePart(a, y + i, rest)
      storePart(b, z + i, rest)
    }
  }

#endif
