import Markdown
import TestSupport
import Testing

@Suite("Positions point at the source")
struct PositionTests {
  /// Lines as CommonMark counts them, without a byte-order mark.
  private static func lines(_ text: String) -> [[UInt8]] {
    var bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    var lines: [[UInt8]] = [[]]
    var i = 0
    while i < bytes.count {
      if bytes[i] == 0x0A || bytes[i] == 0x0D {
        if bytes[i] == 0x0D, i + 1 < bytes.count, bytes[i + 1] == 0x0A { i += 1 }
        lines.append([])
      } else {
        lines[lines.count - 1].append(bytes[i])
      }
      i += 1
    }
    return lines
  }

  /// What must stand in the source where an inline begins.
  private static func isRight(_ inline: Inline, before source: ArraySlice<UInt8>) -> Bool {
    func begins(_ marks: String...) -> Bool { marks.contains { source.starts(with: $0.utf8) } }
    switch inline.kind {
    case .text(let text):
      // An escape, an entity, or NUL stands for another character.
      return source.first == text.utf8.first || begins("\\", "&", "\0")
        // A line break in a caption became a space.
        || source.isEmpty && text.first == " "
    case .softBreak: return source.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    case .lineBreak: return true
    case .code(let code):
      guard begins("`") else { return false }
      let content = source.drop { $0 == UInt8(ascii: "`") }.drop { $0 == 0x20 }
      return code.utf8.drop { $0 == 0x20 }.first.map { $0 == content.first } ?? true
        || content.isEmpty
    case .html: return begins("<")
    case .emphasis, .strong: return begins("*", "_")
    case .link: return begins("[", "<")
    case .image: return begins("![")
    case .math: return begins("$", "\\(")
    case .footnoteReference(let label): return begins("[^\(label)]")
    case .crossReference(let label): return begins("@\(label)")
    case .citation(let citation): return begins(citation.isBracketed ? "[" : "@", "-@")
    }
  }

  private struct Walker {
    let lines: [[UInt8]]
    var wrong: [String] = []
    var codePositions: Set<SourcePosition> = []

    mutating func walk(_ blocks: [Block]) {
      for block in blocks {
        check(block.position, "block")
        switch block.kind {
        case .paragraph(let content): walk(content)
        case .heading(let heading): walk(heading.content)
        case .blockQuote(let blocks): walk(blocks)
        case .list(let list): list.items.forEach { walk($0) }
        case .code(let code):
          if !codePositions.insert(block.position).inserted { wrong.append("code block twice") }
          if !code.literal.isEmpty { check(code.contentPosition, "content") }
        case .table(let table):
          for cell in table.header + table.rows.flatMap({ $0 }) + [table.caption] { walk(cell) }
        case .container(let container):
          walk(container.titleContent)
          walk(container.blocks)
        case .html, .thematicBreak, .math: break
        }
      }
    }

    mutating func walk(_ content: [Inline]) {
      for inline in content {
        if let source = check(inline.position, "\(inline.kind)"), !isRight(inline, before: source) {
          wrong.append("\(inline.position.dump) \(inline.kind)")
        }
        switch inline.kind {
        case .emphasis(let content), .strong(let content), .link(_, _, let content),
          .image(_, _, let content):
          walk(content)
        case .code:
          if !codePositions.insert(inline.position).inserted {
            wrong.append("\(inline.position.dump) twice")
          }
        default: break
        }
      }
    }

    @discardableResult
    private mutating func check(_ position: SourcePosition, _ what: String) -> ArraySlice<UInt8>? {
      guard (1...lines.count).contains(position.line),
        (1...(lines[position.line - 1].count + 1)).contains(position.column)
      else {
        wrong.append("\(position.dump) outside: \(what)")
        return nil
      }
      return lines[position.line - 1][(position.column - 1)...]
    }
  }

  private static func mistakes(in text: String) -> [String] {
    let result = MarkdownParser.parse(Array(text.utf8))
    guard let document = result.document else { return ["not UTF-8"] }
    var walker = Walker(lines: lines(text))
    walker.walk(document.blocks)
    for footnote in document.footnotes { walker.walk(footnote.blocks) }
    return walker.wrong
  }

  private static func expectRight(_ count: Int, _ make: () -> String) {
    var wrong = 0
    var shortest: String?
    for _ in 0..<count {
      let text = make()
      guard !mistakes(in: text).isEmpty else { continue }
      wrong += 1
      if shortest.map({ text.count < $0.count }) ?? true { shortest = text }
    }
    if let shortest {
      Issue.record(
        "\(wrong) wrong, the shortest: \(shortest.debugDescription) \(mistakes(in: shortest))")
    }
  }

  @Test("in CommonMark, nested and broken", arguments: 100..<104)
  func commonMark(seed: UInt64) {
    var generator = MarkdownGenerator(seed: seed)
    Self.expectRight(2000) { generator.document() }
  }

  @Test("among additions, with any line ending", arguments: 200..<204)
  func additions(seed: UInt64) {
    var generator = MarkdownGenerator(seed: seed)
    Self.expectRight(2000) { generator.documentWithAdditions() }
  }
}
