// The one vector type of this module and the few operations every kernel is written with.
//
// The standard library writes most operations of a SIMD type as a loop over its lanes and leaves it
// to the optimiser to find the one instruction; in long kernels it does not. So the operations come
// from the compiler's `Builtin` module, which the standard library itself is made of: each is one
// LLVM instruction. Only this file, Vector16.swift, Vector4.swift, Philox.swift and
// NormalQuantile.swift import it.

import Builtin

/// Numbers a kernel reads.
public typealias Floats = UnsafePointer<Float>

/// Numbers a kernel writes.
public typealias MutableFloats = UnsafeMutablePointer<Float>

/// A comparison of two vectors.
typealias Mask = SIMDMask<Integers>

@inline(always)
func load(_ p: Floats) -> V { UnsafeRawPointer(p).loadUnaligned(as: V.self) }

@inline(always)
func load(_ p: MutableFloats) -> V { UnsafeRawPointer(p).loadUnaligned(as: V.self) }

/// Asks for the cache line at `p`.
@inline(always)
func prefetch(_ p: Floats) {
  let (read, all, data): (Int32, Int32, Int32) = (0, 3, 1)
  Builtin.int_prefetch_RawPointer(
    UnsafeRawPointer(p)._rawValue, read._value, all._value, data._value)
}

/// Asks for the cache line at `p`, to be written.
@inline(always)
func prefetchLineToWrite(_ p: MutableFloats) {
  let (write, all, data): (Int32, Int32, Int32) = (1, 3, 1)
  Builtin.int_prefetch_RawPointer(
    UnsafeRawPointer(p)._rawValue, write._value, all._value, data._value)
}

@inline(always)
func store(_ v: V, _ p: MutableFloats) {
  UnsafeMutableRawPointer(p).storeBytes(of: v, as: V.self)
}

/// The first `count` numbers at `p` (fewer than there are lanes), and `fill` in the other lanes.
#if KERNELS_SMALL
  @inline(never)
#else
  @inline(always)
#endif
func load(_ p: Floats, first count: Int, else fill: Float = 0) -> V {
  #if KERNELS_FMA
    return Builtin.reinterpretCast(
      Builtin.int_masked_load_Vec16xFPIEEE32_RawPointer(
        UnsafeRawPointer(p)._rawValue, floatAlignment._value, firstLanes(count),
        V(repeating: fill)._storage._value))
  #else
    var v = V(repeating: fill)
    for i in 0..<count { v[i] = p[i] }
    return v
  #endif
}

/// Writes the first `count` lanes (0 to all but one).
#if KERNELS_SMALL
  @inline(never)
#else
  @inline(always)
#endif
func store(_ v: V, _ p: MutableFloats, first count: Int) {
  #if KERNELS_FMA
    Builtin.int_masked_store_Vec16xFPIEEE32_RawPointer(
      v._storage._value, UnsafeMutableRawPointer(p)._rawValue, floatAlignment._value,
      firstLanes(count))
  #else
    for i in 0..<count { p[i] = v[i] }
  #endif
}

#if KERNELS_FMA
  @inline(always)
  private var floatAlignment: Int32 { 4 }

  @inline(always)
  private func firstLanes(_ count: Int) -> Builtin.Vec16xInt1 {
    let limit = Integers(repeating: Int32(truncatingIfNeeded: count))
    return Builtin.cmp_slt_Vec16xInt32(laneNumbers._storage._value, limit._storage._value)
  }
#endif

@inline(always)
private var laneNumbers: Integers {
  #if KERNELS_SMALL
    Integers(0, 1, 2, 3)
  #else
    Integers(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
  #endif
}

/// The lanes before `count`, which may be any number.
@inline(always)
func lanesBefore(_ count: Int) -> Mask {
  laneNumbers .< Integers(repeating: Int32(truncatingIfNeeded: count))
}

/// A vector of the `count` numbers at `p`, zeros beyond them.
@inline(always)
func loadPart(_ p: Floats, _ count: Int) -> V {
  count >= lanes ? load(p) : load(p, first: count)
}

/// Writes a vector of `count` numbers.
@inline(always)
func storePart(_ v: V, _ p: MutableFloats, _ count: Int) {
  if count >= lanes { store(v, p) } else { store(v, p, first: count) }
}

extension V {
  @inline(always)
  var bits: Bits { unsafeBitCast(self, to: Bits.self) }

  @inline(always)
  init(bitPattern: Bits) { self = unsafeBitCast(bitPattern, to: V.self) }

  @inline(always)
  init(bitPattern: Integers) { self = unsafeBitCast(bitPattern, to: V.self) }

  /// The bits as signed integers.
  @inline(always)
  var signedBits: Integers { unsafeBitCast(self, to: Integers.self) }

  @inline(always)
  func replacing(with other: Float, where mask: Mask) -> V {
    replacing(with: V(repeating: other), where: mask)
  }
}

/// `a * b + c`, the only place of this module that multiplies and adds.
///
/// Fused (rounded once) where the processor can; where it cannot, a fused operation would call libm
/// for every lane, so there it is two instructions and the last bit differs.
@inline(always)
func fma(_ a: V, _ b: V, _ c: V) -> V {
  #if KERNELS_FMA || arch(arm64)
    return a.fused(b, c)
  #else
    return a * b + c
  #endif
}

@inline(always)
func fma(_ a: Float, _ b: Float, _ c: Float) -> Float {
  #if KERNELS_FMA || arch(arm64)
    return c.addingProduct(a, b)
  #else
    return a * b + c
  #endif
}

/// The larger of two in each lane; a NaN in `a` stays, one in `b` does not.
@inline(always)
func larger(_ a: V, _ b: V) -> V { a.replacing(with: b, where: b .> a) }

/// The smaller of two in each lane; a NaN in `a` stays, one in `b` does not.
@inline(always)
func smaller(_ a: V, _ b: V) -> V { a.replacing(with: b, where: b .< a) }

/// `a` where it is larger or NaN, `b` where `a` is not.
@inline(always)
func largerOrNaN(_ a: V, _ b: V) -> V {
  larger(a, b).replacing(with: b, where: b .!= b)
}

/// `a` where it is smaller or NaN, `b` where `a` is not.
@inline(always)
func smallerOrNaN(_ a: V, _ b: V) -> V {
  smaller(a, b).replacing(with: b, where: b .!= b)
}

@inline(always)
func magnitude(_ a: V) -> V {
  V(bitPattern: a.bits & Bits(repeating: 0x7fff_ffff))
}

/// `size` with the sign of `sign`; `size` must not be negative.
@inline(always)
func copySign(_ size: V, _ sign: V) -> V {
  V(bitPattern: size.bits | (sign.bits & Bits(repeating: 0x8000_0000)))
}

/// The sum of all lanes, always by the same tree: 16 to 8 to 4 to 2 to 1.
@inline(always)
func total(_ v: V) -> Float {
  let (e, f) = unsafeBitCast(fourTotals(v), to: (SIMD2<Float>, SIMD2<Float>).self)
  let g = e + f
  return g[0] + g[1]
}

/// The largest lane; NaN if one is.
@inline(always)
func largest(_ v: V) -> Float {
  let e = fourLargest(v)
  let (f, g) = (e[1] > e[0] ? e[1] : e[0], e[3] > e[2] ? e[3] : e[2])
  return (v .!= v).isAny ? .nan : g > f ? g : f
}

/// The smallest lane; NaN if one is.
@inline(always)
func smallest(_ v: V) -> Float { -largest(-v) }

@inline(always)
func largerOrNaN(_ a: Float, _ b: Float) -> Float { b > a || b != b ? b : a }

@inline(always)
func smallerOrNaN(_ a: Float, _ b: Float) -> Float { b < a || b != b ? b : a }
