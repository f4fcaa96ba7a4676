/// Markdown text to `Document`.
public enum MarkdownParser {
  /// Blocks and inlines nest this deep at most, so that no walk over a tree can run out of stack.
  public static let maximumDepth = 100

  public struct Result: Sendable {
    /// nil if the file is not UTF-8.
    public var document: Document?
    /// In order of position.
    public var faults: [MarkdownFault]
  }

  public static func parse(_ bytes: [UInt8]) -> Result {
    if let offset = SourceText.firstInvalidUTF8(in: bytes) {
      return Result(document: nil, faults: [invalidUTF8(at: offset, in: bytes)])
    }
    let masking = Masking(SourceText(bytes))
    var lifter = TreeLifter(masking.map, masking.mask)
    let blocks = lifter.blocks()
    let footnotes = lifter.orderedFootnotes(masking.mask.footnotes)
    let faults = masking.faults + lifter.faults
    return Result(
      document: Document(blocks: blocks, footnotes: footnotes).numbered(),
      faults: faults.sorted { $0.position < $1.position })
  }

  /// One text without blocks, such as a caption, whose lines begin at these places of its file.
  /// Line breaks become spaces.
  public static func inlines(_ lines: [(text: String, position: SourcePosition)]) -> [Inline] {
    let text = lines.map(\.text).joined(separator: "\n")
    let source = SourceText(Array(text.utf8), origins: lines.map(\.position))
    var run = Excerpt()
    for line in 0..<source.lineCount {
      if line > 0 { run.bytes.append(0x20) }
      run.append(source.lineStarts[line]..<source.lineEnds[line], of: source, line: line)
    }
    let masking = Masking(source, phrases: [run])
    var lifter = TreeLifter(masking.map, masking.mask)
    return lifter.phrase(0)
  }

  public static func inlines(_ text: String, at position: SourcePosition) -> [Inline] {
    inlines([(text, position)])
  }

  private static func invalidUTF8(at offset: Int, in bytes: [UInt8]) -> MarkdownFault {
    let source = SourceText(Array(bytes[...offset]))
    let line = max(source.lineCount - 1, 0)
    return MarkdownFault(
      .invalidUTF8(byteOffset: offset), at: source.position(line: line, offset: offset))
  }
}
