/// Something wrong in a Markdown file, with its place. `Book` words it.
public struct MarkdownFault: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The file is not UTF-8; the offset counts bytes from 0. Nothing is parsed.
    case invalidUTF8(byteOffset: Int)
    /// A code fence that the end of its container or of the file closed.
    case unclosedFence
    /// A `:::` block that the end of its container or of the file closed.
    case unclosedContainer(name: String)
    /// `$$` or `\[` opens a line, and a blank line comes before its end.
    case unclosedMath(opener: String)
    /// A `:::` line that closes nothing.
    case strayContainerEnd
    /// A `:::` line that is neither `::: name` nor `::: {.name …}`.
    case malformedContainer
    case duplicateFootnote(label: String, first: SourcePosition)
    case undefinedFootnote(label: String)
    case unusedFootnote(label: String)
    /// A row of a table has more cells than its header, and those behind are no part of it.
    case cellsBeyondHeader(count: Int, width: Int)
    /// Blocks nested deeper than `MarkdownParser.maximumDepth`; what is deeper is shown as text.
    case nestedTooDeep
    /// Every private-use character occurs in the file, so formulas and references stay text.
    case noPlaceholderLeft
    /// An addition and what stands around it undo each other, so it stays text.
    case unsettled
  }

  public var kind: Kind
  public var position: SourcePosition

  public init(_ kind: Kind, at position: SourcePosition) {
    self.kind = kind
    self.position = position
  }
}
