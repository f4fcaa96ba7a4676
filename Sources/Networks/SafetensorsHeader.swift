/// Reads the JSON header of a safetensors file: one object of objects, whose values are strings and
/// lists of whole numbers.
struct SafetensorsHeader {
  /// What the header says of one tensor.
  struct Item {
    var name: String
    var type = ""
    var shape: [Int] = []
    var start = 0
    var end = 0
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  mutating func items() throws(SafetensorsError) -> [Item] {
    var result: [Item] = []
    try expect("{")
    if skip("}") { return result }
    repeat {
      let name = try string()
      try expect(":")
      if name == "__metadata__" {
        try skipMetadata()
      } else {
        result.append(try item(name))
      }
    } while skip(",")
    try expect("}")
    return result
  }

  private mutating func item(_ name: String) throws(SafetensorsError) -> Item {
    var item = Item(name: name)
    var seen = 0
    try expect("{")
    repeat {
      let key = try string()
      try expect(":")
      switch key {
      case "dtype": item.type = try string()
      case "shape": item.shape = try numbers()
      case "data_offsets":
        let offsets = try numbers()
        if offsets.count != 2 { throw .header("\(name) has \(offsets.count) offsets") }
        (item.start, item.end) = (offsets[0], offsets[1])
      default: throw .header("\(name) has an unknown entry")
      }
      seen += 1
    } while skip(",")
    try expect("}")
    if seen != 3 || item.type.isEmpty { throw .header("\(name) is incomplete") }
    return item
  }

  /// An object of strings.
  private mutating func skipMetadata() throws(SafetensorsError) {
    try expect("{")
    if skip("}") { return }
    repeat {
      _ = try string()
      try expect(":")
      _ = try string()
    } while skip(",")
    try expect("}")
  }

  private mutating func numbers() throws(SafetensorsError) -> [Int] {
    var result: [Int] = []
    try expect("[")
    if skip("]") { return result }
    repeat {
      skipSpace()
      var value = 0
      var digits = 0
      while position < bytes.endIndex, case let digit = bytes[position], 48...57 ~= digit {
        let (product, overflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Int(digit) - 48)
        if overflow || carry { throw .header("a number is too large") }
        value = sum
        digits += 1
        position += 1
      }
      if digits == 0 { throw .header("a number is missing") }
      result.append(value)
    } while skip(",")
    try expect("]")
    return result
  }

  private mutating func string() throws(SafetensorsError) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      default: text.append(byte)
      }
    }
    throw .header("a string does not end")
  }

  private mutating func escape(into text: inout [UInt8]) throws(SafetensorsError) {
    guard position < bytes.endIndex else { throw .header("a string does not end") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "u"):
      var value = try hexadecimal()
      if 0xD800..<0xDC00 ~= value, position + 1 < bytes.endIndex, bytes[position] == 92,
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        value = 0x10000 + (value - 0xD800) << 10 + (try hexadecimal()) &- 0xDC00
      }
      guard let scalar = Unicode.Scalar(value) else { throw .header("a character is damaged") }
      text.append(contentsOf: String(Character(scalar)).utf8)
    default: text.append(byte)
    }
  }

  private mutating func hexadecimal() throws(SafetensorsError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.endIndex else { throw .header("a character is damaged") }
      switch bytes[position] {
      case let digit where 48...57 ~= digit: value = value << 4 | UInt32(digit - 48)
      case let digit where 97...102 ~= digit: value = value << 4 | UInt32(digit - 87)
      case let digit where 65...70 ~= digit: value = value << 4 | UInt32(digit - 55)
      default: throw .header("a character is damaged")
      }
      position += 1
    }
    return value
  }

  private mutating func skipSpace() {
    while position < bytes.endIndex, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: character) else {
      return false
    }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsError) {
    if !skip(character) {
      throw .header("\(character) is missing at byte \(position - bytes.startIndex)")
    }
  }
}
