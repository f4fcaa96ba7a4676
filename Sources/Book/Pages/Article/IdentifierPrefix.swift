/// Puts a prefix before the identifiers in a piece of HTML or SVG, and before what refers to them,
/// so that several pieces share a page. Nothing but values of attributes changes.
struct IdentifierPrefix {
  let prefix: [UInt8]
  /// Where a link that does not begin with `#` leads to.
  let link: (ArraySlice<UInt8>) -> [UInt8]

  init(_ prefix: String, link: @escaping (ArraySlice<UInt8>) -> [UInt8] = { Array($0) }) {
    self.prefix = Array(prefix.utf8)
    self.link = link
  }

  func applied(to bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 8)
    var copied = 0
    var reader = TagReader(bytes)
    while let piece = reader.next() {
      guard case .attribute(let name, let value) = piece, !value.isEmpty,
        let kind = Self.kind(bytes[name])
      else { continue }
      result += bytes[copied..<value.lowerBound]
      result += prefixed(bytes[value], kind)
      copied = value.upperBound
    }
    return result + bytes[copied...]
  }

  private enum Kind { case identifiers, link, paint }

  private func prefixed(_ value: ArraySlice<UInt8>, _ kind: Kind) -> [UInt8] {
    switch kind {
    case .identifiers:
      let blank = UInt8(ascii: " ")
      return Array(value.split(separator: blank).map { prefix + $0 }.joined(separator: [blank]))
    case .link:
      return value.first == UInt8(ascii: "#")
        ? value.prefix(1) + prefix + value.dropFirst() : link(value)
    case .paint:
      var result: [UInt8] = []
      var rest = value
      while let found = rest.range(of: "url(#") {
        result += rest[..<found.upperBound] + prefix
        rest = rest[found.upperBound...]
      }
      return result + rest
    }
  }

  private static let kinds: [(names: [StaticString], kind: Kind)] = [
    (
      ["id", "popovertarget", "aria-labelledby", "aria-describedby", "aria-controls"], .identifiers
    ),
    (["href", "xlink:href"], .link),
    (
      [
        "style", "fill", "stroke", "clip-path", "mask", "filter", "marker-start", "marker-mid",
        "marker-end",
      ], .paint
    ),
  ]

  private static func kind(_ name: ArraySlice<UInt8>) -> Kind? {
    for (names, kind) in kinds {
      for known in names where known.utf8CodeUnitCount == name.count {
        let bytes = UnsafeBufferPointer(start: known.utf8Start, count: name.count)
        if name.elementsEqual(bytes) { return kind }
      }
    }
    return nil
  }
}
