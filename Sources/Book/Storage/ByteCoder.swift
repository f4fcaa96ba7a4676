/// A value that is kept in files: it writes what it is made of to bytes and reads it back in the same
/// order. Compact and fast: the state of thousands of chapters is read at every build.
///
/// Damaged bytes are an error, never a crash.
protocol Stored {
  init(from reader: inout ByteReader) throws(Damaged)
  func write(to writer: inout ByteWriter)
}

struct Damaged: Error {}

/// Appends values to bytes.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  init<each Value: Stored>(_ values: repeat each Value) { write(repeat each values) }

  mutating func write<each Value: Stored>(_ values: repeat each Value) {
    repeat (each values).write(to: &self)
  }

  /// A number: zigzag, then seven bits a byte.
  fileprivate mutating func append(_ number: Int) {
    var rest = UInt64(bitPattern: Int64((number << 1) ^ (number >> 63)))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func write(raw: some Collection<UInt8>) {
    append(raw.count)
    bytes.append(contentsOf: raw)
  }
}

/// Reads values from bytes.
struct ByteReader {
  private let bytes: [UInt8]
  /// How many bytes have been read.
  private(set) var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }
  var remaining: Int { bytes.count - offset }

  /// For a parameter or a property, which says the type; where an optional would do as well, as after
  /// `try?`, name the type: `Value(from: &reader)`.
  mutating func read<Value: Stored>() throws(Damaged) -> Value { try Value(from: &self) }

  fileprivate mutating func number() throws(Damaged) -> Int {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      guard offset < bytes.count, shift < 64 else { throw Damaged() }
      let byte = bytes[offset]
      offset += 1
      result |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    return Int(bitPattern: UInt(result >> 1)) ^ -Int(result & 1)
  }

  /// How many elements follow. Every element takes a byte at least, so a damaged count cannot ask for
  /// all the memory.
  fileprivate mutating func count() throws(Damaged) -> Int {
    let count = try number()
    guard count >= 0, count <= remaining else { throw Damaged() }
    return count
  }

  mutating func raw() throws(Damaged) -> ArraySlice<UInt8> {
    let count = try count()
    defer { offset += count }
    return bytes[offset..<offset + count]
  }
}

extension Int: Stored {
  init(from reader: inout ByteReader) throws(Damaged) { self = try reader.number() }
  func write(to writer: inout ByteWriter) { writer.append(self) }
}

extension Bool: Stored {
  init(from reader: inout ByteReader) throws(Damaged) { self = try reader.number() != 0 }
  func write(to writer: inout ByteWriter) { writer.append(self ? 1 : 0) }
}

extension UInt64: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    self.init(bitPattern: Int64(try reader.number()))
  }
  func write(to writer: inout ByteWriter) { writer.append(Int(Int64(bitPattern: self))) }
}

extension Double: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    self.init(bitPattern: try UInt64(from: &reader))
  }
  func write(to writer: inout ByteWriter) { bitPattern.write(to: &writer) }
}

extension String: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    self.init(decoding: try reader.raw(), as: UTF8.self)
  }
  func write(to writer: inout ByteWriter) { writer.write(raw: utf8) }
}

extension Stored where Self: RawRepresentable, RawValue: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    guard let value = Self(rawValue: try reader.read()) else { throw Damaged() }
    self = value
  }
  func write(to writer: inout ByteWriter) { rawValue.write(to: &writer) }
}

extension Optional: Stored where Wrapped: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    self = try Bool(from: &reader) ? try reader.read() as Wrapped : nil
  }
  func write(to writer: inout ByteWriter) {
    writer.append(self == nil ? 0 : 1)
    self?.write(to: &writer)
  }
}

extension Array: Stored where Element: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    let count = try reader.count()
    self = []
    reserveCapacity(count)
    for _ in 0..<count { append(try reader.read()) }
  }
  func write(to writer: inout ByteWriter) {
    writer.append(count)
    for element in self { element.write(to: &writer) }
  }
}

/// In ascending order, so that equal sets are equal bytes.
extension Set: Stored where Element: Stored & Comparable {
  init(from reader: inout ByteReader) throws(Damaged) { self.init(try reader.read() as [Element]) }
  func write(to writer: inout ByteWriter) { sorted().write(to: &writer) }
}

extension Dictionary: Stored where Key: Stored & Comparable, Value: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    let count = try reader.count()
    self.init(minimumCapacity: count)
    for _ in 0..<count {
      let key: Key = try reader.read()
      updateValue(try reader.read(), forKey: key)
    }
  }
  func write(to writer: inout ByteWriter) {
    writer.append(count)
    for (key, value) in sorted(by: { $0.key < $1.key }) { writer.write(key, value) }
  }
}
