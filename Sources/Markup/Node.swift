/// One tree for HTML and SVG; the only place where text is escaped.
public enum Node: Equatable, Sendable {
  case element(Element)
  case text(String)
  /// Markup that is trusted as it stands: the author's own HTML, KaTeX's and Prism's output.
  case raw(String)
  case fragment([Node])

  public struct Element: Equatable, Sendable {
    public var name: String
    public var attributes: [Attribute]
    public var children: [Node]

    public init(name: String, attributes: [Attribute] = [], children: [Node] = []) {
      self.name = name
      self.attributes = attributes
      self.children = children
    }
  }

  public struct Attribute: Equatable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// `Node("a", [("href", "#top")], "back")`
  public init(_ name: String, _ attributes: [(String, String)] = [], _ children: Node...) {
    self = .element(
      Element(
        name: name, attributes: attributes.map { Attribute($0.0, $0.1) }, children: children))
  }

  public init(_ name: String, _ attributes: [(String, String)] = [], children: [Node]) {
    self = .element(
      Element(
        name: name, attributes: attributes.map { Attribute($0.0, $0.1) }, children: children))
  }
}

extension Node: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self = .text(value) }
}
