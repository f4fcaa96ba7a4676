// Vectors of sixteen lanes, on every machine: one AVX-512 register, two of AVX, four of NEON or wasm.
// The compiler splits them without loss, so sums over lanes have the same tree everywhere.
//
// The same functions for four lanes are in Vector4.swift.

#if !KERNELS_SMALL
  import Builtin

  /// The numbers a kernel works on at a time.
  typealias V = SIMD16<Float>

  /// As many numbers of double precision.
  typealias D = SIMD16<Double>

  /// As many signed integers.
  typealias Integers = SIMD16<Int32>

  /// As many patterns of bits.
  typealias Bits = SIMD16<UInt32>

  /// Lanes of `V`.
  let lanes = 16

  extension V {
    @inline(always)
    static func + (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fadd_Vec16xFPIEEE32(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func - (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fsub_Vec16xFPIEEE32(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func * (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fmul_Vec16xFPIEEE32(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func / (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fdiv_Vec16xFPIEEE32(a._storage._value, b._storage._value))
    }

    @inline(always)
    static prefix func - (x: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fneg_Vec16xFPIEEE32(x._storage._value))
    }

    /// Correctly rounded.
    @inline(always)
    func squareRoot() -> Self {
      Builtin.reinterpretCast(Builtin.int_sqrt_Vec16xFPIEEE32(_storage._value))
    }

    /// `self * b + c`, rounded once.
    @inline(always)
    func fused(_ b: Self, _ c: Self) -> Self {
      Builtin.reinterpretCast(
        Builtin.int_fma_Vec16xFPIEEE32(_storage._value, b._storage._value, c._storage._value))
    }

    /// The nearest numbers to integers.
    @inline(always)
    init(converting n: Integers) {
      self = Builtin.reinterpretCast(
        Builtin.sitofp_Vec16xInt32_Vec16xFPIEEE32(n._storage._value))
    }

    /// `other` in the lanes of `mask`.
    @inline(always)
    func replacing(with other: Self, where mask: Mask) -> Self {
      let isOther = Builtin.trunc_Vec16xInt32_Vec16xInt1(mask.lanes._storage._value)
      return Builtin.reinterpretCast(
        Builtin.select_Vec16xInt1_Vec16xFPIEEE32(isOther, other._storage._value, _storage._value))
    }
  }

  extension D {
    @inline(always)
    static func + (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fadd_Vec16xFPIEEE64(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func - (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fsub_Vec16xFPIEEE64(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func * (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fmul_Vec16xFPIEEE64(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func / (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fdiv_Vec16xFPIEEE64(a._storage._value, b._storage._value))
    }

    @inline(always)
    init(widening x: V) {
      self = Builtin.reinterpretCast(Builtin.fpext_Vec16xFPIEEE32_Vec16xFPIEEE64(x._storage._value))
    }

    @inline(always)
    init(converting n: Integers) {
      self = Builtin.reinterpretCast(Builtin.sitofp_Vec16xInt32_Vec16xFPIEEE64(n._storage._value))
    }

    /// The nearest numbers of single precision.
    @inline(always)
    var narrowed: V {
      Builtin.reinterpretCast(Builtin.fptrunc_Vec16xFPIEEE64_Vec16xFPIEEE32(_storage._value))
    }

    /// The low 32 bits of every lane.
    @inline(always)
    var lowBits: Integers {
      let wide = unsafeBitCast(self, to: SIMD16<Int64>.self)
      return Builtin.reinterpretCast(Builtin.trunc_Vec16xInt64_Vec16xInt32(wide._storage._value))
    }

    /// No more than `limit` away from 0; a NaN becomes `limit`.
    @inline(always)
    func limited(to limit: Double) -> D {
      let (high, low) = (D(repeating: limit), D(repeating: -limit))
      let x = _storage._value
      let below = Builtin.select_Vec16xInt1_Vec16xFPIEEE64(
        Builtin.fcmp_olt_Vec16xFPIEEE64(x, high._storage._value), x, high._storage._value)
      let inside = Builtin.select_Vec16xInt1_Vec16xFPIEEE64(
        Builtin.fcmp_ogt_Vec16xFPIEEE64(below, low._storage._value), below, low._storage._value)
      return Builtin.reinterpretCast(inside)
    }
  }

  extension Integers {
    @inline(always)
    static func & (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.and_Vec16xInt32(a._storage._value, b._storage._value))
    }

    /// By less than 32.
    @inline(always)
    static func &<< (a: Self, b: Int32) -> Self {
      Builtin.reinterpretCast(
        Builtin.shl_Vec16xInt32(a._storage._value, Self(repeating: b)._storage._value))
    }

    /// By less than 32, filling with the sign.
    @inline(always)
    static func &>> (a: Self, b: Int32) -> Self {
      Builtin.reinterpretCast(
        Builtin.ashr_Vec16xInt32(a._storage._value, Self(repeating: b)._storage._value))
    }
  }

  extension Bits {
    @inline(always)
    static func & (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.and_Vec16xInt32(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func | (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.or_Vec16xInt32(a._storage._value, b._storage._value))
    }

    /// By less than 32.
    @inline(always)
    static func &<< (a: Self, b: UInt32) -> Self {
      Builtin.reinterpretCast(
        Builtin.shl_Vec16xInt32(a._storage._value, Self(repeating: b)._storage._value))
    }
  }

  extension Mask {
    /// -1 where true, 0 where false.
    @inline(always)
    var lanes: Integers { unsafeBitCast(self, to: Integers.self) }

    /// One bit for each lane.
    @inline(always)
    private var bits: UInt16 {
      let bits = Builtin.trunc_Vec16xInt32_Vec16xInt1(lanes._storage._value)
      return UInt16(Builtin.bitcast_Vec16xInt1_Int16(bits))
    }

    /// Whether any lane is true.
    @inline(always)
    var isAny: Bool { bits != 0 }

    /// Whether all lanes are true.
    @inline(always)
    var isAll: Bool { bits == .max }
  }

  /// The sums of lanes 8 apart, and of those the sums of lanes 4 apart.
  @inline(always)
  func fourTotals(_ v: V) -> SIMD4<Float> {
    let (a, b) = unsafeBitCast(v, to: (SIMD8<Float>, SIMD8<Float>).self)
    let (c, d) = unsafeBitCast(a + b, to: (SIMD4<Float>, SIMD4<Float>).self)
    return c + d
  }

  /// The largest of lanes 8 apart, and of those the largest of lanes 4 apart.
  @inline(always)
  func fourLargest(_ v: V) -> SIMD4<Float> {
    let (a, b) = unsafeBitCast(v, to: (SIMD8<Float>, SIMD8<Float>).self)
    let (x, y) = (a._storage._value, b._storage._value)
    let larger: SIMD8<Float> = Builtin.reinterpretCast(
      Builtin.select_Vec8xInt1_Vec8xFPIEEE32(Builtin.fcmp_ogt_Vec8xFPIEEE32(y, x), y, x))
    let (c, d) = unsafeBitCast(larger, to: (SIMD4<Float>, SIMD4<Float>).self)
    let (p, q) = (c._storage._value, d._storage._value)
    return Builtin.reinterpretCast(
      Builtin.select_Vec4xInt1_Vec4xFPIEEE32(Builtin.fcmp_ogt_Vec4xFPIEEE32(q, p), q, p))
  }
#endif
