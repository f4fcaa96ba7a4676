// Arithmetic of vectors as one instruction for each operator.
//
// Most of the standard library's are generic loops over the lanes. The optimiser finds the instruction in
// them, but only after it has decided what to inline: to it, a closure that multiplies and adds once
// is a hundred lines long, and stays a call whose vectors travel through memory.

import Builtin

extension SIMD16<Float> {
  @inline(always)
  static func + (a: V, b: V) -> V {
    V(lanes: Builtin.fadd_Vec16xFPIEEE32(a._storage._value, b._storage._value))
  }

  @inline(always)
  static func - (a: V, b: V) -> V {
    V(lanes: Builtin.fsub_Vec16xFPIEEE32(a._storage._value, b._storage._value))
  }

  @inline(always)
  static func * (a: V, b: V) -> V {
    V(lanes: Builtin.fmul_Vec16xFPIEEE32(a._storage._value, b._storage._value))
  }

  @inline(always)
  static func / (a: V, b: V) -> V {
    V(lanes: Builtin.fdiv_Vec16xFPIEEE32(a._storage._value, b._storage._value))
  }

  @inline(always)
  static func += (a: inout V, b: V) { a = a + b }

  @inline(always)
  static func + (a: V, b: Float) -> V { a + V(repeating: b) }

  @inline(always)
  static func + (a: Float, b: V) -> V { V(repeating: a) + b }

  @inline(always)
  static func - (a: V, b: Float) -> V { a - V(repeating: b) }

  @inline(always)
  static func - (a: Float, b: V) -> V { V(repeating: a) - b }

  @inline(always)
  static func * (a: V, b: Float) -> V { a * V(repeating: b) }

  @inline(always)
  static func * (a: Float, b: V) -> V { V(repeating: a) * b }

  @inline(always)
  static func / (a: V, b: Float) -> V { a / V(repeating: b) }

  @inline(always)
  static func / (a: Float, b: V) -> V { V(repeating: a) / b }

  @inline(always)
  private init(lanes raw: Builtin.Vec16xFPIEEE32) { self = Builtin.reinterpretCast(raw) }
}

extension SIMD16<Double> {
  @inline(always)
  static func + (a: Self, b: Self) -> Self {
    Builtin.reinterpretCast(
      Builtin.fadd_Vec16xFPIEEE64(a._storage._value, b._storage._value))
  }

  @inline(always)
  static func - (a: Self, b: Self) -> Self {
    Builtin.reinterpretCast(
      Builtin.fsub_Vec16xFPIEEE64(a._storage._value, b._storage._value))
  }

  @inline(always)
  static func * (a: Self, b: Self) -> Self {
    Builtin.reinterpretCast(
      Builtin.fmul_Vec16xFPIEEE64(a._storage._value, b._storage._value))
  }

  @inline(always)
  static func / (a: Self, b: Self) -> Self {
    Builtin.reinterpretCast(
      Builtin.fdiv_Vec16xFPIEEE64(a._storage._value, b._storage._value))
  }

  @inline(always)
  static func + (a: Self, b: Double) -> Self { a + Self(repeating: b) }

  @inline(always)
  static func - (a: Self, b: Double) -> Self { a - Self(repeating: b) }

  @inline(always)
  static func * (a: Self, b: Double) -> Self { a * Self(repeating: b) }
}

extension SIMD16<Int32> {
  @inline(always)
  static func &+ (a: Self, b: Int32) -> Self { a &+ Self(repeating: b) }

  @inline(always)
  static func & (a: Self, b: Int32) -> Self {
    Builtin.reinterpretCast(
      Builtin.and_Vec16xInt32(a._storage._value, Self(repeating: b)._storage._value))
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

  @inline(always)
  static func .== (a: Self, b: Int32) -> Mask { a .== Self(repeating: b) }
}

extension SIMD16<UInt32> {
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
