/// A JSON value (RFC 8259). Members keep their order, so that the same value gives the same bytes.
public indirect enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A number without point and exponent that an `Int` holds: beyond 2^53 a `Double` would round it.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  public struct Member: Equatable, Sendable {
    public var name: String
    public var value: JSON
    /// Where the name stood in the text that was read, from 1; 0 for a member made otherwise.
    public internal(set) var line = 0

    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }

    /// Whether name and value are the same; two texts may be broken into lines differently.
    public static func == (a: Member, b: Member) -> Bool { a.name == b.name && a.value == b.value }
  }

  /// The first member of that name; nil for anything but an object.
  public subscript(name: String) -> JSON? {
    members?.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// JSON has no NaN and no infinity: they are the strings `nan`, `inf` and `-inf`.
  public init(_ number: Double) {
    if let integer = Int(exactly: number), number.magnitude < 0x1p53, number.sign == .plus {
      self = .integer(integer)
    } else {
      self = number.isFinite ? .number(number) : .string(number.isNaN ? "nan" : "\(number)")
    }
  }

  public init(_ number: Int) { self = .integer(number) }

  public init(_ texts: [String]) { self = .array(texts.map { .string($0) }) }

  public var double: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    case .string("nan"): .nan
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    default: nil
    }
  }

  public var int: Int? {
    switch self {
    case .integer(let number): number
    case .number(let number): Int(exactly: number)
    default: nil
    }
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

  public var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// nil unless every value is a string.
  public var strings: [String]? { array?.mapAll { $0.string } }
}

extension Array {
  /// nil unless `transform` gives a value for every element.
  public func mapAll<Value>(_ transform: (Element) -> Value?) -> [Value]? {
    let values = compactMap(transform)
    return values.count == count ? values : nil
  }
}
