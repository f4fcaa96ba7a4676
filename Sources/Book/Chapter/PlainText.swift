import Markdown

/// The words of inline content, without its markup: titles, anchors, search.
public enum PlainText {
  /// - Parameter spans: what values and claims show, by their nodes, where it is known already.
  public static func of(_ content: [Inline], spans: [Int: String] = [:]) -> String {
    var text = ""
    for inline in content { append(inline, spans, to: &text) }
    return text
  }

  private static func append(_ inline: Inline, _ spans: [Int: String], to text: inout String) {
    switch inline.kind {
    case .text(let string): text += string
    case .softBreak, .lineBreak: text += " "
    case .code(let code): text += spans[inline.id] ?? visible(code)
    case .html, .footnoteReference: break
    case .emphasis(let content), .strong(let content), .link(_, _, let content),
      .image(_, _, let content):
      text += of(content, spans: spans)
    case .math(let tex, _): text += tex
    case .crossReference(let label): text += label
    case .citation(let citation):
      let keys = citation.entries.map(\.key).joined(separator: ", ")
      text += citation.isBracketed ? keys : "@" + keys
    }
  }

  /// What a code span shows: of `{claim} f(x) ≈ 0.29 ± 0.01` the number, of `{swift} x` nothing,
  /// since its value is known only after the run.
  private static func visible(_ code: String) -> String {
    if code.hasPrefix("{swift}") { return "" }
    guard code.hasPrefix("{claim}") else { return code }
    let stated = code.split(whereSeparator: { "=≈<≤>≥".contains($0) }).last ?? ""
    return stated.prefix { $0 != "±" }.split(separator: " ").joined(separator: " ")
  }
}
