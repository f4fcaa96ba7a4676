// The one vector type of this module and the few operations every kernel is written with.
//
// The standard library writes most operations of a SIMD type as a loop over its lanes and leaves it
// to the optimiser to find the one instruction; in long kernels it does not. So the operations come
// from the compiler's `Builtin` module, which the standard library itself is made of: each is one
// LLVM instruction. Only this file, VectorArithmetic.swift and Trigonometry.swift import it.

import Builtin

/// Numbers a kernel reads.
public typealias Floats = UnsafePointer<Float>

/// Numbers a kernel writes.
public typealias MutableFloats = UnsafeMutablePointer<Float>

/// Sixteen lanes on every machine: one AVX-512 register, two of AVX, four of NEON or wasm. The
/// compiler splits it without loss, so the sums below have the same tree everywhere.
typealias V = SIMD16<Float>

/// A comparison of two vectors.
typealias Mask = SIMDMask<SIMD16<Int32>>

/// Lanes of `V`.
let lanes = 16

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

@inline(always)
func store(_ v: V, _ p: MutableFloats) {
  UnsafeMutableRawPointer(p).storeBytes(of: v, as: V.self)
}

/// The first `count` numbers at `p` (0 to 15 of them), and `fill` in the other lanes.
@inline(always)
func load(_ p: Floats, first count: Int, else fill: Float = 0) -> V {
  #if KERNELS_FMA
    return V(
      raw: Builtin.int_masked_load_Vec16xFPIEEE32_RawPointer(
        UnsafeRawPointer(p)._rawValue, floatAlignment._value, firstLanes(count),
        V(repeating: fill).raw))
  #else
    var v = V(repeating: fill)
    for i in 0..<count { v[i] = p[i] }
    return v
  #endif
}

/// Writes the first `count` lanes (0 to 15).
@inline(always)
func store(_ v: V, _ p: MutableFloats, first count: Int) {
  #if KERNELS_FMA
    Builtin.int_masked_store_Vec16xFPIEEE32_RawPointer(
      v.raw, UnsafeMutableRawPointer(p)._rawValue, floatAlignment._value, firstLanes(count))
  #else
    for i in 0..<count { p[i] = v[i] }
  #endif
}

#if KERNELS_FMA
  @inline(always)
  private var floatAlignment: Int32 { 4 }

  @inline(always)
  private func firstLanes(_ count: Int) -> Builtin.Vec16xInt1 {
    let limit = SIMD16<Int32>(repeating: Int32(truncatingIfNeeded: count))
    return Builtin.cmp_slt_Vec16xInt32(laneNumbers._storage._value, limit._storage._value)
  }
#endif

@inline(always)
private var laneNumbers: SIMD16<Int32> {
  SIMD16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
}

/// The lanes before `count`, which may be any number.
@inline(always)
func lanesBefore(_ count: Int) -> Mask {
  laneNumbers .< SIMD16(repeating: Int32(truncatingIfNeeded: count))
}

/// Up to sixteen of the `count` numbers at `p`, zeros beyond them.
@inline(always)
func loadPart(_ p: Floats, _ count: Int) -> V {
  count >= lanes ? load(p) : load(p, first: count)
}

/// Writes up to sixteen of `count` numbers.
@inline(always)
func storePart(_ v: V, _ p: MutableFloats, _ count: Int) {
  if count >= lanes { store(v, p) } else { store(v, p, first: count) }
}

extension SIMD16<Float> {
  @inline(always)
  fileprivate var raw: Builtin.Vec16xFPIEEE32 { _storage._value }

  @inline(always)
  fileprivate init(raw: Builtin.Vec16xFPIEEE32) { self = Builtin.reinterpretCast(raw) }

  @inline(always)
  var bits: SIMD16<UInt32> { unsafeBitCast(self, to: SIMD16<UInt32>.self) }

  @inline(always)
  init(bitPattern: SIMD16<UInt32>) { self = unsafeBitCast(bitPattern, to: SIMD16<Float>.self) }

  @inline(always)
  init(bitPattern: SIMD16<Int32>) { self = unsafeBitCast(bitPattern, to: SIMD16<Float>.self) }

  /// The bits as signed integers.
  @inline(always)
  var signedBits: SIMD16<Int32> { unsafeBitCast(self, to: SIMD16<Int32>.self) }

  /// The nearest numbers to integers.
  @inline(always)
  init(converting n: SIMD16<Int32>) {
    self.init(raw: Builtin.sitofp_Vec16xInt32_Vec16xFPIEEE32(n._storage._value))
  }

  /// `other` in the lanes of `mask`.
  @inline(always)
  func replacing(with other: V, where mask: Mask) -> V {
    let isOther = Builtin.trunc_Vec16xInt32_Vec16xInt1(mask.lanes._storage._value)
    return V(raw: Builtin.select_Vec16xInt1_Vec16xFPIEEE32(isOther, other.raw, raw))
  }

  @inline(always)
  func replacing(with other: Float, where mask: Mask) -> V {
    replacing(with: V(repeating: other), where: mask)
  }

  /// Correctly rounded.
  @inline(always)
  func squareRoot() -> V { V(raw: Builtin.int_sqrt_Vec16xFPIEEE32(raw)) }

  @inline(always)
  static prefix func - (x: V) -> V { V(raw: Builtin.fneg_Vec16xFPIEEE32(x.raw)) }
}

extension SIMDMask<SIMD16<Int32>> {
  /// -1 where true, 0 where false.
  @inline(always)
  var lanes: SIMD16<Int32> { unsafeBitCast(self, to: SIMD16<Int32>.self) }

  /// Whether any lane is true.
  @inline(always)
  var isAny: Bool {
    let bits = Builtin.trunc_Vec16xInt32_Vec16xInt1(lanes._storage._value)
    return UInt16(Builtin.bitcast_Vec16xInt1_Int16(bits)) != 0
  }

  /// Whether all lanes are true.
  @inline(always)
  var isAll: Bool {
    let bits = Builtin.trunc_Vec16xInt32_Vec16xInt1(lanes._storage._value)
    return UInt16(Builtin.bitcast_Vec16xInt1_Int16(bits)) == .max
  }
}

/// `a * b + c`, the only place of this module that multiplies and adds.
///
/// Fused (rounded once) where the processor can; where it cannot, a fused operation would call libm
/// for every lane, so there it is two instructions and the last bit differs.
@inline(always)
func fma(_ a: V, _ b: V, _ c: V) -> V {
  #if KERNELS_FMA || arch(arm64)
    return V(raw: Builtin.int_fma_Vec16xFPIEEE32(a.raw, b.raw, c.raw))
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
  V(bitPattern: a.bits & SIMD16<UInt32>(repeating: 0x7fff_ffff))
}

/// `size` with the sign of `sign`; `size` must not be negative.
@inline(always)
func copySign(_ size: V, _ sign: V) -> V {
  V(bitPattern: size.bits | (sign.bits & SIMD16<UInt32>(repeating: 0x8000_0000)))
}

/// The sum of all lanes, always by the same tree: 16 to 8 to 4 to 2 to 1.
@inline(always)
func total(_ v: V) -> Float {
  let (a, b) = unsafeBitCast(v, to: (SIMD8<Float>, SIMD8<Float>).self)
  let (c, d) = unsafeBitCast(a + b, to: (SIMD4<Float>, SIMD4<Float>).self)
  let (e, f) = unsafeBitCast(c + d, to: (SIMD2<Float>, SIMD2<Float>).self)
  let g = e + f
  return g[0] + g[1]
}

/// The largest lane; NaN if one is.
@inline(always)
func largest(_ v: V) -> Float {
  let (a, b) = unsafeBitCast(v, to: (SIMD8<Float>, SIMD8<Float>).self)
  let (c, d) = unsafeBitCast(larger(a, b), to: (SIMD4<Float>, SIMD4<Float>).self)
  let e = larger(c, d)
  let (f, g) = (e[1] > e[0] ? e[1] : e[0], e[3] > e[2] ? e[3] : e[2])
  return (v .!= v).isAny ? .nan : g > f ? g : f
}

/// The smallest lane; NaN if one is.
@inline(always)
func smallest(_ v: V) -> Float { -largest(-v) }

@inline(always)
private func larger(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> {
  let (x, y) = (a._storage._value, b._storage._value)
  return Builtin.reinterpretCast(
    Builtin.select_Vec8xInt1_Vec8xFPIEEE32(Builtin.fcmp_ogt_Vec8xFPIEEE32(y, x), y, x))
}

@inline(always)
private func larger(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> {
  let (x, y) = (a._storage._value, b._storage._value)
  return Builtin.reinterpretCast(
    Builtin.select_Vec4xInt1_Vec4xFPIEEE32(Builtin.fcmp_ogt_Vec4xFPIEEE32(y, x), y, x))
}

@inline(always)
func largerOrNaN(_ a: Float, _ b: Float) -> Float { b > a || b != b ? b : a }

@inline(always)
func smallerOrNaN(_ a: Float, _ b: Float) -> Float { b < a || b != b ? b : a }
