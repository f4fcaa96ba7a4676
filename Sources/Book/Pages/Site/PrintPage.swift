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
    let place = "\u{1}"
    let page = PageTemplate.page(
      .init(kind: .print, facts: facts, assets: assets, path: Self.path, title: "The whole book"),
      body: [
        Node(
          "header", [("class", "book-front chapter-title")], Node("h1", [], .text(facts.title)),
          Node("p", [("class", "authors")], .text(facts.authors.joined(separator: ", ")))),
        .raw(place),
      ])
    guard let index = find(place, in: page) else { return (page, []) }
    return (Array(page[..<index]), Array(page[(index + place.utf8.count)...]))
  }

  /// - Parameter html: the chapter's page.
  public func chapter(_ html: [UInt8], slug: String) -> [UInt8] {
    guard let start = find("<article>", in: html), let end = findLast("</article>", in: html)
    else { return [] }
    var body = Array(#"<section class="print-chapter" id="\#(slug)">"#.utf8)
    append(html[(start + 9)..<end], slug: slug, to: &body)
    body += Array("</section>\n".utf8)
    return body
  }

  /// Attributes that hold names: their values are the only text that changes.
  private static let attributes: [[UInt8]] = [
    Array(" id=\"".utf8), Array(" href=\"".utf8), Array(" popovertarget=\"".utf8),
    Array(" aria-labelledby=\"".utf8),
  ]

  private func append(_ html: ArraySlice<UInt8>, slug: String, to body: inout [UInt8]) {
    let prefix = Array((slug + "--").utf8)
    let attributes = Self.attributes
    let reference = Array("url(#".utf8)
    body.reserveCapacity(body.count + html.count + html.count / 8)
    html.withUnsafeBufferPointer { html in
      func holds(_ text: [UInt8], at index: Int) -> Bool {
        guard index >= 0, index + text.count <= html.count else { return false }
        for offset in text.indices where html[index + offset] != text[offset] { return false }
        return true
      }
      var copied = 0
      var index = 0
      while index < html.count {
        defer { index += 1 }
        let byte = html[index]
        if byte == UInt8(ascii: "("), holds(reference, at: index - 3) {
          body += html[copied...(index + 1)]
          body += prefix
          copied = index + 2
          continue
        }
        guard byte == UInt8(ascii: " "),
          let name = attributes.first(where: { holds($0, at: index) })
        else { continue }
        let start = index + name.count
        guard let end = html[start...].firstIndex(of: UInt8(ascii: "\"")) else { continue }
        body += html[copied..<start]
        let value = ArraySlice(html[start..<end])
        let isLink = name[1] == UInt8(ascii: "h")
        body += isLink ? link(value, prefix) : prefix + value
        copied = end
        index = end
      }
      body += html[copied...]
    }
  }

  /// `#x` → `#here--x`; `there.html#x` → `#there--x`; everything else stays.
  private func link(_ value: ArraySlice<UInt8>, _ prefix: [UInt8]) -> [UInt8] {
    let hash = UInt8(ascii: "#")
    if value.first == hash { return [hash] + prefix + value.dropFirst() }
    let parts = value.split(separator: hash, maxSplits: 1, omittingEmptySubsequences: false)
    guard parts[0].hasSuffix(".html") else { return Array(value) }
    let slug = String(decoding: parts[0].dropLast(5), as: UTF8.self)
    guard slugs.contains(slug) else { return Array(value) }
    let anchor = parts.count > 1 ? "--" + String(decoding: parts[1], as: UTF8.self) : ""
    return Array("#\(slug)\(anchor)".utf8)
  }

  private func find(_ text: String, in html: [UInt8]) -> Int? {
    let pattern = Array(text.utf8)
    guard html.count >= pattern.count else { return nil }
    return (0...html.count - pattern.count).first {
      html[$0] == pattern[0] && html[$0..<$0 + pattern.count].elementsEqual(pattern)
    }
  }

  private func findLast(_ text: String, in html: [UInt8]) -> Int? {
    let pattern = Array(text.utf8)
    guard html.count >= pattern.count else { return nil }
    return (0...html.count - pattern.count).last {
      html[$0] == pattern[0] && html[$0..<$0 + pattern.count].elementsEqual(pattern)
    }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ text: String) -> Bool {
    count >= text.utf8.count && suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
