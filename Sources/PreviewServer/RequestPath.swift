/// The path of a request, as the names of folders and a file below the site.
///
/// A request line is whatever a stranger chose to send. It is decoded once, and refused when it
/// holds anything that a page of the book could not be called: what is left cannot leave the
/// site, whatever the file system makes of it.
package struct RequestPath: Equatable, Sendable {
  /// Plain names, none empty, none beginning with a dot.
  package var components: [String]
  /// The path ended in a slash (or is the root): its folder's `index.html` is meant.
  package var isFolder: Bool

  /// - Parameter target: the path as it came, still percent-encoded, without the query.
  /// - Returns: nil when the target must not be looked up.
  package init?(target: some Collection<UInt8>) {
    var parts = target.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)[...]
    guard parts.count >= 2, parts.removeFirst().isEmpty else { return nil }
    isFolder = parts.last!.isEmpty
    if isFolder { parts.removeLast() }
    components = []
    for part in parts {
      guard let name = Self.decoded(part), Self.isPlain(name) else { return nil }
      guard let text = String(validating: name, as: UTF8.self) else { return nil }
      components.append(text)
    }
  }

  /// One round of percent-decoding: what is encoded twice stays a name with percent signs in it.
  private static func decoded(_ part: some Collection<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = part.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.next().flatMap(hexDigit), let low = rest.next().flatMap(hexDigit)
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// Names with a leading dot are never pages: this covers `.`, `..` and what is hidden.
  private static func isPlain(_ name: [UInt8]) -> Bool {
    guard let first = name.first, first != UInt8(ascii: "."), name.count <= 255 else {
      return false
    }
    return name.allSatisfy {
      $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\")
    }
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
