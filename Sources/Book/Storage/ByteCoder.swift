/// Appends numbers, texts and lists to bytes; `ByteReader` reads them back in the same order.
/// Compact and fast: the state of thousands of chapters is read at every build.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ number: Int) {
    // Zigzag, then seven bits a byte.
    var rest = UInt64(bitPattern: Int64((number << 1) ^ (number >> 63)))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func write(_ flag: Bool) { write(flag ? 1 : 0) }

  mutating func write(_ number: Double) { write(Int(bitPattern: UInt(number.bitPattern))) }

  mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func write(raw: some Collection<UInt8>) {
    write(raw.count)
    bytes.append(contentsOf: raw)
  }

  mutating func write<T>(_ list: [T], _ element: (inout ByteWriter, T) -> Void) {
    write(list.count)
    for item in list { element(&self, item) }
  }
}

/// Damaged bytes are an error, never a crash.
struct ByteReader {
  struct Damaged: Error {}

  private let bytes: [UInt8]
  /// How many bytes have been read.
  private(set) var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { offset == bytes.count }
  var remaining: Int { bytes.count - offset }

  mutating func int() throws(Damaged) -> Int {
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

  mutating func bool() throws(Damaged) -> Bool { try int() != 0 }

  mutating func double() throws(Damaged) -> Double {
    Double(bitPattern: UInt64(UInt(bitPattern: try int())))
  }

  mutating func string() throws(Damaged) -> String {
    let count = try int()
    guard count >= 0, count <= bytes.count - offset else { throw Damaged() }
    defer { offset += count }
    return String(decoding: bytes[offset..<offset + count], as: UTF8.self)
  }

  mutating func raw() throws(Damaged) -> [UInt8] {
    let count = try int()
    guard count >= 0, count <= bytes.count - offset else { throw Damaged() }
    defer { offset += count }
    return Array(bytes[offset..<offset + count])
  }

  mutating func list<T>(_ element: (inout ByteReader) throws(Damaged) -> T) throws(Damaged) -> [T] {
    let count = try int()
    // Every element takes a byte at least, so a damaged count cannot ask for all the memory.
    guard count >= 0, count <= bytes.count - offset else { throw Damaged() }
    var result: [T] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try element(&self)) }
    return result
  }
}
