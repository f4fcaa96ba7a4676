// Vectors of four lanes, one register of wasm: for a small file instead of a fast program. With sixteen
// lanes every operation is four instructions; with four, kernels weigh less than half. Sums have another
// tree than with sixteen lanes (Vector16.swift), so their last digit may be another.

#if KERNELS_SMALL
  import Builtin

  /// The numbers a kernel works on at a time.
  typealias V = SIMD4<Float>

  /// As many numbers of double precision.
  typealias D = SIMD4<Double>

  /// As many signed integers.
  typealias Integers = SIMD4<Int32>

  /// As many patterns of bits.
  typealias Bits = SIMD4<UInt32>

  /// Lanes of `V`.
  let lanes = 4

  extension V {
    @inline(always)
    static func + (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fadd_Vec4xFPIEEE32(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func - (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fsub_Vec4xFPIEEE32(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func * (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fmul_Vec4xFPIEEE32(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func / (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fdiv_Vec4xFPIEEE32(a._storage._value, b._storage._value))
    }

    @inline(always)
    static prefix func - (x: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fneg_Vec4xFPIEEE32(x._storage._value))
    }

    /// Correctly rounded.
    @inline(always)
    func squareRoot() -> Self {
      Builtin.reinterpretCast(Builtin.int_sqrt_Vec4xFPIEEE32(_storage._value))
    }

    /// `self * b + c`, rounded once.
    @inline(always)
    func fused(_ b: Self, _ c: Self) -> Self {
      Builtin.reinterpretCast(
        Builtin.int_fma_Vec4xFPIEEE32(_storage._value, b._storage._value, c._storage._value))
    }

    /// The nearest numbers to integers.
    @inline(always)
    init(converting n: Integers) {
      self = Builtin.reinterpretCast(
        Builtin.sitofp_Vec4xInt32_Vec4xFPIEEE32(n._storage._value))
    }

    /// `other` in the lanes of `mask`.
    @inline(always)
    func replacing(with other: Self, where mask: Mask) -> Self {
      let isOther = Builtin.trunc_Vec4xInt32_Vec4xInt1(mask.lanes._storage._value)
      return Builtin.reinterpretCast(
        Builtin.select_Vec4xInt1_Vec4xFPIEEE32(isOther, other._storage._value, _storage._value))
    }
  }

  extension D {
    @inline(always)
    static func + (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fadd_Vec4xFPIEEE64(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func - (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fsub_Vec4xFPIEEE64(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func * (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fmul_Vec4xFPIEEE64(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func / (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.fdiv_Vec4xFPIEEE64(a._storage._value, b._storage._value))
    }

    @inline(always)
    init(widening x: V) {
      self = Builtin.reinterpretCast(Builtin.fpext_Vec4xFPIEEE32_Vec4xFPIEEE64(x._storage._value))
    }

    @inline(always)
    init(converting n: Integers) {
      self = Builtin.reinterpretCast(Builtin.sitofp_Vec4xInt32_Vec4xFPIEEE64(n._storage._value))
    }

    /// The nearest numbers of single precision.
    @inline(always)
    var narrowed: V {
      Builtin.reinterpretCast(Builtin.fptrunc_Vec4xFPIEEE64_Vec4xFPIEEE32(_storage._value))
    }

    /// The low 32 bits of every lane.
    @inline(always)
    var lowBits: Integers {
      let wide = unsafeBitCast(self, to: SIMD4<Int64>.self)
      return Builtin.reinterpretCast(Builtin.trunc_Vec4xInt64_Vec4xInt32(wide._storage._value))
    }

    /// No more than `limit` away from 0; a NaN becomes `limit`.
    @inline(always)
    func limited(to limit: Double) -> D {
      let (high, low) = (D(repeating: limit), D(repeating: -limit))
      let x = _storage._value
      let below = Builtin.select_Vec4xInt1_Vec4xFPIEEE64(
        Builtin.fcmp_olt_Vec4xFPIEEE64(x, high._storage._value), x, high._storage._value)
      let inside = Builtin.select_Vec4xInt1_Vec4xFPIEEE64(
        Builtin.fcmp_ogt_Vec4xFPIEEE64(below, low._storage._value), below, low._storage._value)
      return Builtin.reinterpretCast(inside)
    }
  }

  extension Integers {
    @inline(always)
    static func & (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.and_Vec4xInt32(a._storage._value, b._storage._value))
    }

    /// By less than 32.
    @inline(always)
    static func &<< (a: Self, b: Int32) -> Self {
      Builtin.reinterpretCast(
        Builtin.shl_Vec4xInt32(a._storage._value, Self(repeating: b)._storage._value))
    }

    /// By less than 32, filling with the sign.
    @inline(always)
    static func &>> (a: Self, b: Int32) -> Self {
      Builtin.reinterpretCast(
        Builtin.ashr_Vec4xInt32(a._storage._value, Self(repeating: b)._storage._value))
    }
  }

  extension Bits {
    @inline(always)
    static func & (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.and_Vec4xInt32(a._storage._value, b._storage._value))
    }

    @inline(always)
    static func | (a: Self, b: Self) -> Self {
      Builtin.reinterpretCast(Builtin.or_Vec4xInt32(a._storage._value, b._storage._value))
    }

    /// By less than 32.
    @inline(always)
    static func &<< (a: Self, b: UInt32) -> Self {
      Builtin.reinterpretCast(
        Builtin.shl_Vec4xInt32(a._storage._value, Self(repeating: b)._storage._value))
    }
  }

  extension Mask {
    /// -1 where true, 0 where false.
    @inline(always)
    var lanes: Integers { unsafeBitCast(self, to: Integers.self) }

    /// One bit for each lane.
    @inline(always)
    private var bits: UInt8 {
      let bits = Builtin.trunc_Vec4xInt32_Vec4xInt1(lanes._storage._value)
      let byte: Builtin.Int8 = Builtin.zextOrBitCast_Int4_Int8(Builtin.bitcast_Vec4xInt1_Int4(bits))
      return UInt8(byte)
    }

    /// Whether any lane is true.
    @inline(always)
    var isAny: Bool { bits != 0 }

    /// Whether all lanes are true.
    @inline(always)
    var isAll: Bool { bits == 15 }
  }

  /// The lanes as they are: there are only four.
  @inline(always)
  func fourTotals(_ v: V) -> SIMD4<Float> { v }

  /// The lanes as they are: there are only four.
  @inline(always)
  func fourLargest(_ v: V) -> SIMD4<Float> { v }
#endif
