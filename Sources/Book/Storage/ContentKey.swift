/// A name made from content alone (SHA-256, FIPS 180-4, cut to 128 bits), so that no decision of
/// the build ever depends on a date.
public struct ContentKey: Hashable, Sendable, CustomStringConvertible {
  private var high: UInt64
  private var low: UInt64

  /// The key of everything added, each part delimited by its length: ("ab", "c") ≠ ("a", "bc").
  public init(_ parts: String...) {
    var hasher = ContentHasher()
    for part in parts { hasher.add(part) }
    self = hasher.key
  }

  /// The key of a file's bytes.
  public init(of bytes: [UInt8]) {
    var hasher = ContentHasher()
    hasher.add(bytes)
    self = hasher.key
  }

  /// Exactly 32 hexadecimal digits; nil otherwise.
  public init?(hexadecimal: some StringProtocol) {
    guard hexadecimal.utf8.count == 32, let high = UInt64(hexadecimal.prefix(16), radix: 16),
      let low = UInt64(hexadecimal.suffix(16), radix: 16)
    else { return nil }
    self.high = high
    self.low = low
  }

  fileprivate init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// 32 hexadecimal digits.
  public var description: String {
    func digits(_ word: UInt64) -> String {
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
    return digits(high) + digits(low)
  }
}

/// Builds a `ContentKey` from parts.
public struct ContentHasher: Sendable {
  private var state: SHA256 = SHA256()

  public init() {}

  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  public mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { add($0) }
  }

  public mutating func add(_ number: Int) {
    withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).littleEndian) { state.update($0) }
  }

  public mutating func add(_ key: ContentKey) { add(key.description) }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(bytes.count)
    append(bytes)
  }

  /// A part of bytes that were announced by `add` of their number: together they are one part.
  mutating func append(_ bytes: UnsafeRawBufferPointer) { state.update(bytes) }

  public var key: ContentKey {
    var copy = state
    let words = copy.finish()
    return ContentKey(
      high: UInt64(words[0]) << 32 | UInt64(words[1]),
      low: UInt64(words[2]) << 32 | UInt64(words[3]))
  }
}
