// Arithmetic of vectors with single numbers.
//
// Vector16.swift and Vector4.swift have that of two vectors, as one instruction for each operator. Most of the
// standard library's are generic loops over the lanes. The optimiser finds the instruction in
// them, but only after it has decided what to inline: to it, a closure that multiplies and adds once
// is a hundred lines long, and stays a call whose vectors travel through memory.

extension V {
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
  static func += (a: inout V, b: V) { a = a + b }
}

extension D {
  @inline(always)
  static func + (a: D, b: Double) -> D { a + D(repeating: b) }

  @inline(always)
  static func - (a: D, b: Double) -> D { a - D(repeating: b) }

  @inline(always)
  static func * (a: D, b: Double) -> D { a * D(repeating: b) }
}

extension Integers {
  @inline(always)
  static func &+ (a: Integers, b: Int32) -> Integers { a &+ Integers(repeating: b) }

  @inline(always)
  static func & (a: Integers, b: Int32) -> Integers { a & Integers(repeating: b) }

  @inline(always)
  static func .== (a: Integers, b: Int32) -> Mask { a .== Integers(repeating: b) }
}
