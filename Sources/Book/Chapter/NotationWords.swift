import Markdown

/// The first word of a fence: only `swift` and `derivation`, written so, are read.
enum FenceWord {
  private static let words = ["swift", "derivation"]

  static func fault(in info: String) -> (ChapterFault, Diagnostic.Severity)? {
    guard let written = info.split(whereSeparator: \.isWhitespace).first else { return nil }
    if words.contains(String(written)) { return nil }
    let isBraced = written.first == "{"
    let bare = written.drop { $0 == "{" || $0 == "." || $0 == "=" }
    let name = bare.prefix { $0.isLetter }.lowercased()
    let tail = bare.dropFirst(name.count).drop { !$0.isLetter }.prefix { $0.isLetter }
    if words.contains(name), tail.isEmpty || ["norun", "text", "run"].contains(tail) {
      return (.misspeltFence(String(written), right: name), .error)
    }
    if isBraced, ItemReader.blocks.contains(name) {
      return (.blockAsFence(name), .warning)
    }
    guard name.count >= 5, tail.isEmpty, let nearest = Spelling.nearest(to: name, among: words)
    else { return nil }
    return (.misspeltFence(String(written), right: nearest), .warning)
  }
}

/// The beginning of a code span that was to be a value or a claim.
enum SpanWord {
  private static let words = ["swift", "claim"]
  private static let otherNames = ["value": "swift", "val": "swift", "check": "claim"]

  static func fault(in code: String) -> ChapterFault? {
    let text = code.drop(while: \.isWhitespace)
    let inside = text.drop { "{([<".contains($0) || $0.isWhitespace }
    let opening = text[..<inside.startIndex].filter { !$0.isWhitespace }
    let name = inside.prefix { $0.isLetter }
    let behind = inside[name.endIndex...]
    let rest = behind.drop { "})]>:".contains($0) || $0.isWhitespace }
    guard !rest.isEmpty, !name.isEmpty else { return nil }
    let written = String(text[..<rest.startIndex]).trimmingSuffix(while: \.isWhitespace)
    if opening == "{" || opening == "{{" {
      // Only a slip: `{a, b}` and `{python}` are code like any other.
      if words.contains(String(name)), written == "{\(name)}" {
        return .spanWithoutSpace(String(name))
      }
      let isClosed = behind.drop(while: \.isWhitespace).first.map { "}:".contains($0) } ?? false
      let word = name.lowercased()
      let nearest = word.utf8.count >= 4 ? Spelling.nearest(to: word, among: words) : nil
      guard let meant = isClosed ? otherNames[word] ?? nearest : words.first(where: { $0 == word })
      else { return nil }
      return .misspeltSpan(String(written), nearest: meant)
    }
    guard words.contains(String(name)) else { return nil }
    let isBracketed =
      ["(", "["].contains(opening) && written == "\(opening)\(name)\(behind.prefix(1))"
    // `claim x = 3`, as no command reads.
    let isClaim =
      opening.isEmpty && name == "claim" && behind.first == " " && ClaimParser.hasRelation(rest)
    return isBracketed || isClaim ? .misspeltSpan(String(written), nearest: String(name)) : nil
  }
}

extension String {
  fileprivate func trimmingSuffix(while condition: (Character) -> Bool) -> Substring {
    var text = self[...]
    while let last = text.last, condition(last) { text.removeLast() }
    return text
  }
}

/// What stands behind `:::`.
enum BlockWord {
  /// By what other tools call a block.
  private static let otherNames = ["panel-tabset": "tabs", "hint": "tip", "attention": "warning"]

  /// Any other name is the author's own, for a style of the book; a slip would lose the number.
  static func faults(of container: Container) -> [ChapterFault] {
    var faults: [ChapterFault] = []
    if !ItemReader.blocks.contains(container.name) {
      let name = container.name.hasPrefix("callout-") ? container.name.dropFirst(8) : nil
      let nearest =
        otherNames[container.name] ?? name.map(String.init)
        ?? Outline.Kind.named(byPrefixOf: container.name + "-")?.rawValue
        ?? Spelling.nearest(to: container.name, among: ItemReader.blocks)
      if let nearest, ItemReader.blocks.contains(nearest) {
        faults.append(.misspeltBlock(container.name, nearest: nearest))
      }
    }
    for attribute in container.attributes where attribute.key != "class" {
      faults.append(
        .unknownAttribute(
          attribute.key, nearest: Spelling.nearest(to: attribute.key, among: ["title"])))
    }
    return faults
  }
}

/// `---`, `title: …`, `---` at the beginning of a file, as other tools want it.
enum FrontMatter {
  static func position(in bytes: [UInt8]) -> SourcePosition? {
    let lines = String(decoding: bytes.prefix(4096), as: UTF8.self)
      .trimmingPrefix("\u{FEFF}")
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard let first = lines.first, first == "---" || first == "+++",
      let end = lines.dropFirst().firstIndex(where: { $0 == first || $0 == "..." }),
      lines[1..<end].contains(where: { $0.prefixMatch(of: #/[A-Za-z_][\w-]* *[:=]/#) != nil })
    else { return nil }
    return SourcePosition(line: 1, column: 1)
  }
}
