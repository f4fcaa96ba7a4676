/// Prints a tree. The walk keeps its own stack, so that a tree as deep as memory allows prints.
///
/// HTML's void elements end in ` />` as cmark prints them; an empty element inside `svg` ends in
/// `/>`, so that an `svg` element is also a well-formed XML file.
struct NodePrinter {
  private(set) var bytes: [UInt8] = []
  /// How many `svg` elements are open.
  private var svgDepth = 0
  private var stack: [Level] = []

  /// A list of siblings, and how far the walk has come in it.
  private struct Level {
    var nodes: [Node]
    var next = 0
    /// The element that ends when the list does; nil for a fragment.
    var name: String?
  }

  mutating func print(_ nodes: [Node]) {
    stack.append(Level(nodes: nodes))
    while let top = stack.indices.last {
      if stack[top].next < stack[top].nodes.count {
        let node = stack[top].nodes[stack[top].next]
        stack[top].next += 1
        visit(node)
      } else {
        let ended = stack.removeLast()
        if let name = ended.name { close(name) }
      }
    }
  }

  private mutating func visit(_ node: Node) {
    switch node {
    case .text(let text): append(escaping: text)
    case .raw(let markup): append(markup)
    case .fragment(let nodes): stack.append(Level(nodes: nodes))
    case .element(let element): open(element)
    }
  }

  private mutating func open(_ element: Node.Element) {
    let isSVG = svgDepth > 0 || ElementNames.isSVGRoot(element.name)
    bytes.append(UInt8(ascii: "<"))
    append(element.name)
    if isSVG { svgDepth += 1 }
    for attribute in element.attributes {
      bytes.append(UInt8(ascii: " "))
      append(attribute.name)
      bytes.append(UInt8(ascii: "="))
      bytes.append(UInt8(ascii: "\""))
      append(escaping: attribute.value)
      bytes.append(UInt8(ascii: "\""))
    }
    if isSVG && element.children.isEmpty {
      append("/>")
      svgDepth -= 1
    } else if !isSVG && ElementNames.isVoid(element.name) {
      append(" />")
    } else {
      bytes.append(UInt8(ascii: ">"))
      stack.append(Level(nodes: element.children, name: element.name))
    }
  }

  private mutating func close(_ name: String) {
    append("</")
    append(name)
    bytes.append(UInt8(ascii: ">"))
    if svgDepth > 0 { svgDepth -= 1 }
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Text and attribute values alike, as cmark's HTML renderer escapes them.
  private mutating func append(escaping text: String) {
    var text = text
    let isSVG = svgDepth > 0
    text.withUTF8 { source in
      var start = 0
      for index in source.indices {
        guard let replacement = Escapes.replacement(of: source[index], isSVG: isSVG) else {
          continue
        }
        bytes.append(contentsOf: source[start..<index])
        bytes.append(contentsOf: replacement.utf8Start, count: replacement.utf8CodeUnitCount)
        start = index + 1
      }
      bytes.append(contentsOf: source[start...])
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(contentsOf start: UnsafePointer<UInt8>, count: Int) {
    append(contentsOf: UnsafeBufferPointer(start: start, count: count))
  }
}

/// What a byte of text is written as.
enum Escapes {
  static func replacement(of byte: UInt8, isSVG: Bool) -> StaticString? {
    switch byte {
    case UInt8(ascii: "&"): return "&amp;"
    case UInt8(ascii: "<"): return "&lt;"
    case UInt8(ascii: ">"): return "&gt;"
    case UInt8(ascii: "\""): return "&quot;"
    case 0: return "\u{FFFD}"
    // XML has no way to write the other control characters; HTML passes them, as cmark does.
    case 0x01...0x08, 0x0B, 0x0C, 0x0E...0x1F: return isSVG ? "\u{FFFD}" : nil
    default: return nil
    }
  }
}

/// Element names that decide how an element is printed, compared as bytes.
enum ElementNames {
  private static let void: [StaticString] = [
    "br", "hr", "img", "meta", "link", "input", "area", "base", "col", "embed", "source", "track",
    "wbr",
  ]

  static func isSVGRoot(_ name: String) -> Bool { equal(name, "svg") }

  static func isVoid(_ name: String) -> Bool {
    for candidate in void where equal(name, candidate) { return true }
    return false
  }

  static func equal(_ name: String, _ other: StaticString) -> Bool {
    guard name.utf8.count == other.utf8CodeUnitCount else { return false }
    return name.utf8.elementsEqual(
      UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
  }
}

extension Node {
  /// The markup as UTF-8.
  public var renderedBytes: [UInt8] { [self].renderedBytes }

  /// The markup.
  public var rendered: String { [self].rendered }
}

extension [Node] {
  /// The markup of all nodes, one after the other, as UTF-8.
  public var renderedBytes: [UInt8] {
    var printer = NodePrinter()
    printer.print(self)
    return printer.bytes
  }

  /// The markup of all nodes, one after the other.
  public var rendered: String { String(decoding: renderedBytes, as: UTF8.self) }
}
