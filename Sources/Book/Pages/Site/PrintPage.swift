import Markup

/// `print.html`: the whole book as one page, made from the chapters' finished pages.
///
/// Names that are unique in a chapter are not unique in the book, so each gets its chapter's name
/// in front; links between chapters become links inside the page.
public struct PrintPage {
  public static let path = "print.html"

  private let facts: BookFacts
  private let assets: PageAssets
  private let slugs: Set<String>

  public init(_ chapters: [ChapterEntry], facts: BookFacts, assets: PageAssets) {
    self.facts = facts
    self.assets = assets
    slugs = Set(chapters.map(\.entry.slug))
  }

  /// What stands before the first chapter and after the last.
  public func frame() -> (start: [UInt8], end: [UInt8]) {
    // No other text holds this: the printer replaces control characters.
    let place: StaticString = "\u{1}"
    let page = PageTemplate.page(
      .init(kind: .print, facts: facts, assets: assets, path: Self.path, title: "The whole book"),
      body: [
        Node(
          "header", [("class", "book-front chapter-title")], Node("h1", [], .text(facts.title)),
          Node("p", [("class", "authors")], .text(facts.authors.joined(separator: ", ")))),
        .raw("\(place)"),
      ])
    guard let found = page[...].range(of: place) else { return (page, []) }
    return (Array(page[..<found.lowerBound]), Array(page[found.upperBound...]))
  }

  /// - Parameter html: the chapter's page.
  public func chapter(_ html: [UInt8], slug: String) -> [UInt8] {
    guard let start = html[...].range(of: "<article>")?.upperBound,
      let end = html[...].lastRange(of: "</article>")?.lowerBound, start <= end
    else { return [] }
    let prefix = IdentifierPrefix(slug + "--", link: link)
    return Array(#"<section class="print-chapter" id="\#(slug)">"#.utf8)
      + prefix.applied(to: Array(html[start..<end])) + Array("</section>\n".utf8)
  }

  /// `there.html#x` → `#there--x`; everything else stays.
  private func link(_ value: ArraySlice<UInt8>) -> [UInt8] {
    let hash = UInt8(ascii: "#")
    let parts = value.split(separator: hash, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].hasSuffix(".html") else { return Array(value) }
    let slug = String(decoding: parts[0].dropLast(5), as: UTF8.self)
    guard slugs.contains(slug) else { return Array(value) }
    let anchor = parts.count > 1 ? "--" + String(decoding: parts[1], as: UTF8.self) : ""
    return Array("#\(slug)\(anchor)".utf8)
  }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ text: String) -> Bool {
    count >= text.utf8.count && suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
