// The one vector type of this module and the few operations every kernel is written with.

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

@inline(always)
func store(_ v: V, _ p: MutableFloats) {
  UnsafeMutableRawPointer(p).storeBytes(of: v, as: V.self)
}

/// The first `count` numbers at `p` (0 to 15 of them), and `fill` in the other lanes.
@inline(always)
func load(_ p: Floats, first count: Int, else fill: Float = 0) -> V {
  var v = V(repeating: fill)
  for i in 0..<count { v[i] = p[i] }
  return v
}

/// Writes the first `count` lanes (0 to 15).
@inline(always)
func store(_ v: V, _ p: MutableFloats, first count: Int) {
  for i in 0..<count { p[i] = v[i] }
}

/// `a * b + c`, the only place of this module that multiplies and adds.
///
/// Fused (rounded once) where the processor can; where it cannot, `addProduct` would call libm
/// for every lane, so there it is two instructions and the last bit differs.
@inline(always)
func fma(_ a: V, _ b: V, _ c: V) -> V {
  #if KERNELS_FMA || arch(arm64)
    return c.addingProduct(a, b)
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
  let a = v.lowHalf + v.highHalf
  let b = a.lowHalf + a.highHalf
  let c = b.lowHalf + b.highHalf
  return c[0] + c[1]
}

/// The largest lane; a NaN wins.
@inline(always)
func largest(_ v: V) -> Float {
  var m = v[0]
  for i in 1..<lanes { m = largerOrNaN(m, v[i]) }
  return m
}

/// The smallest lane; a NaN wins.
@inline(always)
func smallest(_ v: V) -> Float {
  var m = v[0]
  for i in 1..<lanes { m = smallerOrNaN(m, v[i]) }
  return m
}

@inline(always)
func largerOrNaN(_ a: Float, _ b: Float) -> Float { b > a || b != b ? b : a }

@inline(always)
func smallerOrNaN(_ a: Float, _ b: Float) -> Float { b < a || b != b ? b : a }

extension SIMD16<Float> {
  @inline(always)
  var bits: SIMD16<UInt32> { unsafeBitCast(self, to: SIMD16<UInt32>.self) }

  @inline(always)
  init(bitPattern: SIMD16<UInt32>) { self = unsafeBitCast(bitPattern, to: SIMD16<Float>.self) }
}
