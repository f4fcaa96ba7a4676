import Markdown
import Testing

/// A tree on one line per block: `1:1 p text(1:1 "a") …`, what tests compare.
func dump(_ markdown: String) -> String {
  let result = MarkdownParser.parse(Array(markdown.utf8))
  guard let document = result.document else { return "no document" }
  var lines: [String] = []
  dump(document.blocks, indent: "", &lines)
  for footnote in document.footnotes {
    lines.append("\(footnote.position.dump) footnote \(footnote.label)")
    dump(footnote.blocks, indent: "  ", &lines)
  }
  return lines.joined(separator: "\n")
}

/// The tree, and a line for each fault.
func dumpWithFaults(_ markdown: String) -> String {
  ([dump(markdown)] + faults(markdown).map { "! \($0)" }).joined(separator: "\n")
}

/// A text and the tree it must give.
struct Case: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var markdown: String
  var tree: String

  init(_ description: String, _ markdown: String, _ tree: String) {
    testDescription = description
    self.markdown = markdown
    self.tree = tree
  }
}

/// Each fault as `line:column kind`.
func faults(_ markdown: [UInt8]) -> [String] {
  MarkdownParser.parse(markdown).faults.map { "\($0.position.dump) \($0.kind)" }
}

func faults(_ markdown: String) -> [String] { faults(Array(markdown.utf8)) }

private func dump(_ blocks: [Block], indent: String, _ lines: inout [String]) {
  for block in blocks {
    let start = "\(indent)\(block.position.dump) "
    let inner = indent + "  "
    switch block.kind {
    case .paragraph(let content): lines.append(start + "p " + dump(content))
    case .heading(let heading):
      let identifier = heading.identifier.map { " #\($0)" } ?? ""
      let unnumbered = heading.isUnnumbered ? " unnumbered" : ""
      lines.append(start + "h\(heading.level)\(identifier)\(unnumbered) " + dump(heading.content))
    case .blockQuote(let blocks):
      lines.append(start + "quote")
      dump(blocks, indent: inner, &lines)
    case .list(let list):
      let kind = list.start.map { "ol \($0)" } ?? "ul"
      lines.append(start + kind + (list.isTight ? " tight" : " loose"))
      for item in list.items {
        lines.append(inner + "-")
        dump(item, indent: inner + "  ", &lines)
      }
    case .code(let code):
      let info = code.info.map { " \($0.debugDescription)" } ?? ""
      lines.append(
        start + "code\(info)\(code.isUnclosed ? " unclosed" : "") \(code.contentPosition.dump) "
          + code.literal.debugDescription)
    case .html(let html): lines.append(start + "html " + html.debugDescription)
    case .thematicBreak: lines.append(start + "hr")
    case .math(let math):
      let identifier = math.identifier.map { " #\($0)" } ?? ""
      lines.append(start + "math\(identifier) " + math.tex.debugDescription)
    case .table(let table):
      let identifier = table.identifier.map { " #\($0)" } ?? ""
      let alignments = table.alignments.map(\.rawValue).joined(separator: ",")
      lines.append(start + "table\(identifier) \(alignments)")
      for row in [table.header] + table.rows {
        lines.append(inner + row.map { dump($0) }.joined(separator: " | "))
      }
      if !table.caption.isEmpty { lines.append(inner + "caption " + dump(table.caption)) }
    case .container(let container):
      let identifier = container.identifier.map { " #\($0)" } ?? ""
      let title = container.titleContent.isEmpty ? "" : " title " + dump(container.titleContent)
      let pairs = container.attributes.map { " \($0.key)=\($0.value)" }.joined()
      let unclosed = container.isUnclosed ? " unclosed" : ""
      lines.append(start + "::: \(container.name)\(identifier)\(pairs)\(unclosed)\(title)")
      dump(container.blocks, indent: inner, &lines)
    }
  }
}

func dump(_ content: [Inline]) -> String {
  content.map { inline in
    let start = inline.position.dump
    switch inline.kind {
    case .text(let text): return "\(start)\(text.debugDescription)"
    case .softBreak: return "soft"
    case .lineBreak: return "br"
    case .code(let code): return "\(start) code(\(code))"
    case .html(let html): return "\(start) html(\(html))"
    case .emphasis(let content): return "\(start) em(\(dump(content)))"
    case .strong(let content): return "\(start) strong(\(dump(content)))"
    case .link(let destination, let title, let content):
      let title = title.isEmpty ? "" : " '\(title)'"
      return "\(start) link<\(destination)\(title)>(\(dump(content)))"
    case .image(let source, let title, let alt):
      let title = title.isEmpty ? "" : " '\(title)'"
      return "\(start) image<\(source)\(title)>(\(dump(alt)))"
    case .math(let tex, let isDisplay): return "\(start) \(isDisplay ? "display" : "math")(\(tex))"
    case .footnoteReference(let label): return "\(start) ^\(label)"
    case .crossReference(let label): return "\(start) @\(label)"
    case .citation(let citation):
      let entries = citation.entries.map {
        ($0.prefix.isEmpty ? "" : $0.prefix + " ") + ($0.isYearOnly ? "-" : "") + $0.key
          + ($0.locator.isEmpty ? "" : ", " + $0.locator)
      }.joined(separator: "; ")
      return
        "\(start) cite\(citation.isBracketed ? "[" : "(")\(entries)\(citation.isBracketed ? "]" : ")")"
    }
  }.joined(separator: " ")
}

extension SourcePosition {
  var dump: String { "\(line):\(column)" }
}
