/// Why a text is not taken as a drawing.
public enum SVGRefusal: Error, Equatable, Sendable {
  case tooLarge(bytes: Int, limit: Int)
  case tooDeep(limit: Int)
  case malformed(offset: Int)
  case notADrawing
  case element(String)
  case attribute(String, element: String)
  case value(attribute: String, element: String)
  case entity(offset: Int)
  case notText(offset: Int)

  /// The reason as a clause: "the element `script` is not part of a drawing".
  public var reason: String {
    switch self {
    case .tooLarge(let bytes, let limit):
      return "it has \(bytes) bytes, and a drawing may have at most \(limit)"
    case .tooDeep(let limit): return "its elements are nested more than \(limit) deep"
    case .malformed(let offset): return "it is not well-formed XML at byte \(offset)"
    case .notADrawing: return "it is not one `svg` element"
    case .element(let name): return "the element `\(name)` is not allowed in a drawing"
    case .attribute(let name, let element):
      return "the attribute `\(name)` of `\(element)` is not allowed in a drawing"
    case .value(let attribute, let element):
      return
        "the value of the attribute `\(attribute)` of `\(element)` could reach outside the drawing"
    case .entity(let offset): return "it uses an unknown entity at byte \(offset)"
    case .notText(let offset): return "it is not valid UTF-8 text at byte \(offset)"
    }
  }
}
