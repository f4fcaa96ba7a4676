extension JSON {
  /// The first place at which a text is not JSON.
  public struct Fault: Error, Equatable, Sendable {
    public var reason: Reason
    /// From 1; the column counts bytes of UTF-8.
    public var line: Int
    public var column: Int

    public enum Reason: Sendable {
      case value, name, colon, endOfArray, endOfObject, unended, control, escape, encoding, number
      case depth, rest
    }

    /// What is wrong, without the place.
    public var message: String {
      switch reason {
      case .value: "a value is missing"
      case .name: "a name in double quotes is missing"
      case .colon: "':' is missing"
      case .endOfArray: "',' or ']' is missing"
      case .endOfObject: "',' or '}' is missing"
      case .unended: "a string does not end"
      case .control: "a string holds a line break or another control character"
      case .escape: "'\\' is not followed by a character that it may precede"
      case .encoding: "a string is not valid UTF-8"
      case .number: "a number is not written as JSON writes it"
      case .depth: "values are nested more than 64 deep"
      case .rest: "something follows the value"
      }
    }
  }

  /// The bytes must be one whole JSON value, in UTF-8, nested at most 64 deep.
  public init(reading bytes: [UInt8]) throws(Fault) {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSON, Fault> in
      var reader = Reader(bytes: buffer)
      do throws(Reader.Failure) {
        let value = try reader.value(depth: 0)
        if reader.next() != nil { throw reader.failure(.rest) }
        return .success(value)
      } catch {
        return .failure(reader.fault(error))
      }
    }
    self = try result.get()
  }

  private struct Reader {
    struct Failure: Error {
      var reason: Fault.Reason
      var position: Int
    }

    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    var line = 1
    var lineStart = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
      self.bytes = bytes
      // A byte order mark, which some editors write.
      if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    func failure(_ reason: Fault.Reason, at place: Int? = nil) -> Failure {
      Failure(reason: reason, position: place ?? position)
    }

    func fault(_ failure: Failure) -> Fault {
      Fault(reason: failure.reason, line: line, column: failure.position - lineStart + 1)
    }

    /// The first byte behind white space, which stays to be read.
    mutating func next() -> UInt8? {
      while position < bytes.count {
        switch bytes[position] {
        case 0x20, 0x09, 0x0d: position += 1
        case 0x0a:
          position += 1
          line += 1
          lineStart = position
        default: return bytes[position]
        }
      }
      return nil
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard next() == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func take(word: StaticString) -> Bool {
      let count = word.utf8CodeUnitCount
      guard bytes.count - position >= count else { return false }
      for offset in 0..<count where bytes[position + offset] != word.utf8Start[offset] {
        return false
      }
      position += count
      return true
    }

    mutating func value(depth: Int) throws(Failure) -> JSON {
      guard let first = next() else { throw failure(.value) }
      guard depth <= 64 else { throw failure(.depth) }
      switch first {
      case UInt8(ascii: "{"): return try object(depth: depth)
      case UInt8(ascii: "["): return try array(depth: depth)
      case UInt8(ascii: "\""): return .string(try string())
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
      default:
        if take(word: "true") { return .bool(true) }
        if take(word: "false") { return .bool(false) }
        if take(word: "null") { return .null }
        throw failure(.value)
      }
    }

    mutating func object(depth: Int) throws(Failure) -> JSON {
      position += 1
      var members: [Member] = []
      if take("}") { return .object(members) }
      repeat {
        guard next() == UInt8(ascii: "\"") else { throw failure(.name) }
        let place = line
        let name = try string()
        guard take(":") else { throw failure(.colon) }
        var member = Member(name, try value(depth: depth + 1))
        member.line = place
        members.append(member)
      } while take(",")
      guard take("}") else { throw failure(.endOfObject) }
      return .object(members)
    }

    mutating func array(depth: Int) throws(Failure) -> JSON {
      position += 1
      var values: [JSON] = []
      if take("]") { return .array(values) }
      repeat { values.append(try value(depth: depth + 1)) } while take(",")
      guard take("]") else { throw failure(.endOfArray) }
      return .array(values)
    }

    mutating func number() throws(Failure) -> JSON {
      let start = position
      if bytes[position] == UInt8(ascii: "-") { position += 1 }
      let first = position
      var isWhole = true
      var isValid = digits() && (bytes[first] != UInt8(ascii: "0") || position == first + 1)
      if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
        position += 1
        isWhole = false
        isValid = digits() && isValid
      }
      if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
        position += 1
        if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position])
        {
          position += 1
        }
        isWhole = false
        isValid = digits() && isValid
      }
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      if isValid, isWhole, let integer = Int(text), integer != 0 || first == start {
        return .integer(integer)
      }
      guard isValid, let number = DecimalDigits.value(of: text), number.isFinite else {
        throw failure(.number, at: start)
      }
      return .number(number)
    }

    /// Whether there was a digit.
    mutating func digits() -> Bool {
      let start = position
      while position < bytes.count, 0x30...0x39 ~= bytes[position] { position += 1 }
      return position > start
    }

    mutating func string() throws(Failure) -> String {
      let quote = position
      position += 1
      let start = position
      while position < bytes.count, bytes[position] >= 0x20 {
        switch bytes[position] {
        case UInt8(ascii: "\""):
          defer { position += 1 }
          return try text(bytes[start..<position], at: quote)
        case UInt8(ascii: "\\"): return try stringWithEscapes(from: start, quote: quote)
        default: position += 1
        }
      }
      throw position < bytes.count ? failure(.control) : failure(.unended, at: quote)
    }

    func text(_ bytes: some Collection<UInt8>, at quote: Int) throws(Failure) -> String {
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw failure(.encoding, at: quote)
      }
      return text
    }

    /// Continues at the first backslash.
    mutating func stringWithEscapes(from start: Int, quote: Int) throws(Failure) -> String {
      var text = Array(bytes[start..<position])
      while position < bytes.count, bytes[position] >= 0x20 {
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return try self.text(text, at: quote)
        case UInt8(ascii: "\\"): try escape(into: &text)
        default: text.append(byte)
        }
      }
      throw position < bytes.count ? failure(.control) : failure(.unended, at: quote)
    }

    mutating func escape(into text: inout [UInt8]) throws(Failure) {
      let place = position - 1
      guard position < bytes.count else { throw failure(.unended, at: place) }
      let escape = bytes[position]
      position += 1
      switch escape {
      case UInt8(ascii: "n"): text.append(0x0a)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0d)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0c)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escape)
      case UInt8(ascii: "u"):
        guard let scalar = unicodeEscape() else { throw failure(.escape, at: place) }
        text.append(contentsOf: String(Character(scalar)).utf8)
      default: throw failure(.escape, at: place)
      }
    }

    mutating func unicodeEscape() -> Unicode.Scalar? {
      guard let high = codeUnit() else { return nil }
      guard 0xd800...0xdbff ~= high else { return Unicode.Scalar(high) }
      guard take(word: "\\u"), let low = codeUnit(), 0xdc00...0xdfff ~= low else { return nil }
      return Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
    }

    mutating func codeUnit() -> UInt32? {
      guard bytes.count - position >= 4 else { return nil }
      var unit: UInt32 = 0
      for _ in 0..<4 {
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 + UInt32(byte - 48)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 + UInt32(byte - 87)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 + UInt32(byte - 55)
        default: return nil
        }
      }
      return unit
    }
  }
}
