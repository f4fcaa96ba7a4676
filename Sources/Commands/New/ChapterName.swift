import Book

/// Where a new chapter goes, from what was typed: `noise`, `noise.md` and `chapters/noise.md` are
/// one.
package struct ChapterName: Equatable {
  /// Relative to the book.
  package let path: String

  /// nil when it cannot be a chapter: its name also names a page, and goes into addresses.
  package init?(_ typed: String) {
    var parts = typed.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts.first == "." { parts.removeFirst() }
    if parts.first == "chapters" { parts.removeFirst() }
    guard var file = parts.popLast() else { return nil }
    if file.hasSuffix(".md") { file.removeLast(3) }
    guard file != "SUMMARY", (parts + [file]).allSatisfy(Self.isPlain) else { return nil }
    path = (["chapters"] + parts + [file + ".md"]).joined(separator: "/")
  }

  /// The name of its page.
  var slug: String { String(FileSystem.name(of: path).dropLast(3)) }

  /// As SUMMARY.md, which lies beside it, says it.
  var destination: String { String(path.dropFirst("chapters/".count)) }

  static func isPlain(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, first != "-", first != ".", name.utf8.count <= 200
    else { return false }
    return name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || $0.properties.numericType != nil
        || $0.properties.generalCategory == .nonspacingMark || $0 == "-" || $0 == "_" || $0 == "."
    }
  }

  /// `chapters/noise-contrast.md` → `Noise contrast`
  package static func title(from path: String) -> String {
    var name = path.split(separator: "/").last.map(String.init) ?? path
    if name.hasSuffix(".md") { name.removeLast(3) }
    let words = name.replacing("-", with: " ").replacing("_", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
