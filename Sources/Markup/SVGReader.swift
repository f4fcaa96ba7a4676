/// Reads the drawing that a chapter's program handed over, which may be anything.
///
/// A small strict XML reader: elements, attributes, text, the five entities and numbers, comments.
/// What `SVGVocabulary` does not name is refused, and so are processing instructions, document
/// types and CDATA. The open elements are kept in an array, so depth costs no stack.
struct SVGReader {
  static let sizeLimit = 16 << 20
  static let depthLimit = 64

  private let bytes: [UInt8]
  private var offset = 0
  private var open: [Node.Element] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func read() throws(SVGRefusal) -> Node {
    guard bytes.count <= Self.sizeLimit else {
      throw .tooLarge(bytes: bytes.count, limit: Self.sizeLimit)
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    skipBlanks()
    if follows("<?xml ") { try skip(past: "?>") }
    while true {
      try skipBlanksAndComments()
      guard follows("<svg") else { throw .notADrawing }
      if let root = try readTag() {
        return try ended(with: root)
      }
      break
    }
    while true {
      try readText()
      guard offset < bytes.count else { throw .malformed(offset: offset) }
      if follows("<!--") {
        try skip(past: "-->")
      } else if follows("</") {
        if let root = try readEnd() { return try ended(with: root) }
      } else if let root = try readTag() {
        return try ended(with: root)
      }
    }
  }

  /// Nothing but blanks and comments may follow the root.
  private mutating func ended(with root: Node) throws(SVGRefusal) -> Node {
    try skipBlanksAndComments()
    guard offset == bytes.count else { throw .notADrawing }
    return root
  }

  /// `<name a="b">` or `<name/>`; the root when it is complete.
  private mutating func readTag() throws(SVGRefusal) -> Node? {
    offset += 1
    let name = try readName()
    guard SVGVocabulary.allows(element: name) else { throw .element(name) }
    guard open.count < Self.depthLimit else { throw .tooDeep(limit: Self.depthLimit) }
    var element = Node.Element(name: name)
    while true {
      let blanks = offset
      skipBlanks()
      guard offset < bytes.count else { throw .malformed(offset: offset) }
      if bytes[offset] == UInt8(ascii: ">") {
        offset += 1
        open.append(element)
        return nil
      }
      if follows("/>") {
        offset += 2
        return place(element)
      }
      guard offset > blanks else { throw .malformed(offset: offset) }
      let attribute = try readAttribute(of: name)
      for earlier in element.attributes where earlier.name.utf8.elementsEqual(attribute.name.utf8) {
        throw .malformed(offset: offset)
      }
      element.attributes.append(attribute)
    }
  }

  private mutating func readAttribute(of element: String) throws(SVGRefusal) -> Node.Attribute {
    let name = try readName()
    guard SVGVocabulary.allows(attribute: name) else {
      throw .attribute(name, element: element)
    }
    skipBlanks()
    guard follows("=") else { throw .malformed(offset: offset) }
    offset += 1
    skipBlanks()
    guard follows("\"") || follows("'") else { throw .malformed(offset: offset) }
    let quote = bytes[offset]
    offset += 1
    let value = try readCharacters { $0 == quote }
    guard offset < bytes.count else { throw .malformed(offset: offset) }
    offset += 1
    guard SVGVocabulary.allows(value: value, of: name) else {
      throw .value(attribute: name, element: element)
    }
    return Node.Attribute(name, value)
  }

  private mutating func readEnd() throws(SVGRefusal) -> Node? {
    let start = offset
    offset += 2
    let name = try readName()
    skipBlanks()
    guard follows(">"), let element = open.popLast(), element.name.utf8.elementsEqual(name.utf8)
    else { throw .malformed(offset: start) }
    offset += 1
    return place(element)
  }

  /// Puts a finished element where it belongs; returns it when it is the root.
  private mutating func place(_ element: Node.Element) -> Node? {
    guard let parent = open.indices.last else { return .element(element) }
    open[parent].children.append(.element(element))
    return nil
  }

  private mutating func readText() throws(SVGRefusal) {
    let text = try readCharacters { $0 == UInt8(ascii: "<") }
    if !text.utf8.isEmpty, let parent = open.indices.last {
      open[parent].children.append(.text(text))
    }
  }

  /// Text up to a byte that ends it, with entities resolved.
  private mutating func readCharacters(until isEnd: (UInt8) -> Bool) throws(SVGRefusal) -> String {
    var characters: [UInt8] = []
    let start = offset
    while offset < bytes.count, !isEnd(bytes[offset]) {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "<") { throw .malformed(offset: offset) }
      if byte == UInt8(ascii: "&") {
        characters.append(contentsOf: String(try readEntity()).utf8)
      } else {
        characters.append(byte)
        offset += 1
      }
    }
    guard let text = String(validating: characters, as: UTF8.self) else {
      throw .notText(offset: start)
    }
    return text
  }

  private mutating func readEntity() throws(SVGRefusal) -> Character {
    let start = offset
    for (name, value) in Self.entities where follows(name) {
      offset += name.utf8CodeUnitCount
      return value
    }
    guard follows("&#") else { throw .entity(offset: start) }
    offset += 2
    let isHexadecimal = follows("x")
    if isHexadecimal { offset += 1 }
    var value: UInt32 = 0
    let first = offset
    while offset < bytes.count, let digit = Self.digit(bytes[offset], isHexadecimal) {
      value = value * (isHexadecimal ? 16 : 10) + digit
      guard value <= 0x10FFFF else { throw .entity(offset: start) }
      offset += 1
    }
    guard offset > first, follows(";"), let scalar = Unicode.Scalar(value), value != 0 else {
      throw .entity(offset: start)
    }
    offset += 1
    return Character(scalar)
  }

  private static let entities: [(StaticString, Character)] = [
    ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"),
  ]

  private static func digit(_ byte: UInt8, _ isHexadecimal: Bool) -> UInt32? {
    switch byte {
    case 0x30...0x39: return UInt32(byte - 0x30)
    case 0x61...0x66 where isHexadecimal: return UInt32(byte - 0x61 + 10)
    case 0x41...0x46 where isHexadecimal: return UInt32(byte - 0x41 + 10)
    default: return nil
    }
  }

  private mutating func readName() throws(SVGRefusal) -> String {
    let start = offset
    while offset < bytes.count, Self.isNameByte(bytes[offset]) { offset += 1 }
    guard offset > start, offset - start <= 64 else { throw .malformed(offset: start) }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x61...0x7A, 0x41...0x5A, 0x30...0x39: return true
    case UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "."): return true
    default: return false
    }
  }

  private mutating func skipBlanks() {
    while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
  }

  private mutating func skipBlanksAndComments() throws(SVGRefusal) {
    skipBlanks()
    while follows("<!--") {
      try skip(past: "-->")
      skipBlanks()
    }
  }

  private mutating func skip(past end: StaticString) throws(SVGRefusal) {
    let start = offset
    while offset < bytes.count {
      if follows(end) {
        offset += end.utf8CodeUnitCount
        return
      }
      offset += 1
    }
    throw .malformed(offset: start)
  }

  private func follows(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard bytes.count - offset >= count else { return false }
    for index in 0..<count where bytes[offset + index] != word.utf8Start[index] { return false }
    return true
  }
}

extension Node {
  /// The drawing in `text`, one `svg` element of shapes and text.
  ///
  /// Refused are scripts, event handlers, foreign content, links, references to anything outside
  /// the drawing, unknown elements and attributes, more than 64 levels, and more than 16 MiB.
  public init(svg text: String) throws(SVGRefusal) {
    var reader = SVGReader([UInt8](text.utf8))
    self = try reader.read()
  }
}
