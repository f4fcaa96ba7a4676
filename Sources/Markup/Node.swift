/// One tree for HTML and SVG; the only place where text is escaped.
public enum Node: Equatable, Sendable {
  case element(Element)
  case text(String)
  /// Markup that is trusted as it stands: the author's own HTML, KaTeX's and Prism's output, and
  /// drawings that were checked.
  case raw(String)
  case fragment([Node])

  /// Names are the program's own words; only values and text may come from elsewhere.
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

  /// `Node("a", [("href", "#top")], .text("back"))`
  ///
  /// A node is not made from a string literal: Swift reads `Node("br")` as that literal, and the
  /// element would silently be text.
  public init(_ name: String, _ attributes: [(String, String)] = [], _ children: Node...) {
    self.init(name, attributes, children: children)
  }

  public init(_ name: String, _ attributes: [(String, String)] = [], children: [Node]) {
    self = .element(
      Element(
        name: name, attributes: attributes.map { Attribute($0.0, $0.1) }, children: children))
  }
}
