import Tensors
import Transcript

/// A single number that can be claimed, shown and written in prose: `Double`, `Float`, an integer,
/// or a tensor of one element.
public protocol RealValue: ProseValue {
  /// The number in double precision.
  var realValue: Double { get }
  /// The distance to the next number of this type: 0 for an integer.
  var realSpacing: Double { get }
  /// An integer in full; nil for every other number.
  var realInteger: Int128? { get }
}

/// What `{swift} …` may write into a sentence, and what may stand in a table.
public protocol ProseValue {
  /// The value as a sentence or a table's cell shows it.
  var prose: String { get }
}

extension RealValue {
  /// Three significant digits, as `format` writes them.
  public var prose: String { format(self) }
  /// nil: only integers have one.
  public var realInteger: Int128? { nil }

  var number: Event.Number { .init(realValue, spacing: realSpacing, integer: realInteger) }
}

extension Double: RealValue {
  public var realValue: Double { self }
  public var realSpacing: Double { isFinite ? ulp : 0 }
}

extension Float: RealValue {
  public var realValue: Double { Double(self) }
  public var realSpacing: Double { isFinite ? Double(ulp) : 0 }
}

extension BinaryInteger where Self: RealValue {
  public var realValue: Double { Double(self) }
  public var realSpacing: Double { 0 }
  public var realInteger: Int128? { Int128(exactly: self) }
  public var prose: String { self < 0 ? "−\(self.magnitude)" : "\(self)" }
}

extension Int: RealValue {}
extension Int64: RealValue {}
extension Int32: RealValue {}
extension UInt64: RealValue {}
extension UInt32: RealValue {}
extension UInt8: RealValue {}

extension String: ProseValue {
  public var prose: String { self }
}

extension Substring: ProseValue {
  public var prose: String { String(self) }
}

extension Character: ProseValue {
  public var prose: String { String(self) }
}

extension Bool: ProseValue {
  public var prose: String { "\(self)" }
}

/// Only a tensor of one element is a number; another stops the cell with its shape.
extension Tensor: RealValue {
  public var realValue: Double { scalar.realValue }
  public var realSpacing: Double { scalar.realSpacing }
}
