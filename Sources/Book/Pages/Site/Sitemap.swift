import Markup

/// `sitemap.xml`, for search engines; written only when the book says where it will stand.
public enum Sitemap {
  static let path = "sitemap.xml"

  /// The absolute address of a page; nil when the book has no address.
  static func address(of path: String, facts: BookFacts) -> String? {
    guard facts.baseURL.hasPrefix("https://") || facts.baseURL.hasPrefix("http://") else {
      return nil
    }
    let base = facts.baseURL.hasSuffix("/") ? facts.baseURL : facts.baseURL + "/"
    return base + (path == "index.html" ? "" : path)
  }

  /// - Parameter paths: of all pages that should be found: `index.html`, `entropy.html`, …
  public static func xml(paths: [String], facts: BookFacts) -> [UInt8]? {
    let addresses = paths.compactMap { address(of: $0, facts: facts) }
    guard !addresses.isEmpty else { return nil }
    let entries = addresses.map { Node("url", [], Node("loc", [], .text($0))) }
    return [
      .raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"),
      Node(
        "urlset", [("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")],
        children: entries.flatMap { [.text("\n"), $0] } + [.text("\n")]), .text("\n"),
    ].renderedBytes
  }
}
