/// A JSON value (RFC 8259). Members keep their order, so that the same value gives the same bytes.
public indirect enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  public struct Member: Equatable, Sendable {
    public var name: String
    public var value: JSON

    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// The first member of that name; nil for anything but an object.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// JSON has no NaN and no infinity: they are the strings `nan`, `inf` and `-inf`.
  public init(_ number: Double) {
    self = number.isFinite ? .number(number) : .string(number.isNaN ? "nan" : "\(number)")
  }

  public init(_ number: Int) { self = .number(Double(number)) }

  public var double: Double? {
    switch self {
    case .number(let number): number
    case .string("nan"): .nan
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    default: nil
    }
  }

  public var int: Int? {
    guard case .number(let number) = self else { return nil }
    return Int(exactly: number)
  }

  public var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  public var bool: Bool? {
    guard case .bool(let flag) = self else { return nil }
    return flag
  }

  public var array: [JSON]? {
    guard case .array(let values) = self else { return nil }
    return values
  }
}
