/// Why a text is not taken as a drawing.
package enum DrawingFault: Error, Equatable, Sendable {
  case notADrawing
  case tooDeep(limit: Int)
  case malformed(offset: Int)
  case element(String)
  case attribute(String, element: String)

  /// A clause: "the element `script` is not allowed in a drawing".
  package var reason: String {
    switch self {
    case .notADrawing: "it is not one `svg` element"
    case .tooDeep(let limit): "its elements are nested more than \(limit) deep"
    case .malformed(let offset): "its markup is not well-formed at byte \(offset)"
    case .element(let name): "the element `\(name)` is not allowed in a drawing"
    case .attribute(let name, let element):
      "the attribute `\(name)` of `\(element)` is not allowed in a drawing"
    }
  }
}
