import Markdown

/// Addresses as the pages carry them.
enum PageURL {
  /// A link's destination: chapters become pages, files of the book their place in the site;
  /// everything else stays, escaped as cmark escapes it.
  static func href(of destination: String, from chapterPath: String) -> String {
    guard OutlineBuilder.isLocal(destination), !destination.hasPrefix("#"),
      let (path, fragment) = SitePaths.resolve(destination, from: chapterPath)
    else { return escaped(destination) }
    let end = fragment.map { "#" + escaped($0) } ?? ""
    guard path.hasSuffix(".md"), let name = path.split(separator: "/").last else {
      return SitePaths.encoded(SitePaths.sitePath(ofFile: path)) + end
    }
    return SitePaths.encoded(String(name.dropLast(3))) + ".html" + end
  }

  static func image(_ source: String, from chapterPath: String) -> String {
    guard OutlineBuilder.isLocal(source),
      let (path, _) = SitePaths.resolve(source, from: chapterPath)
    else { return escaped(source) }
    return SitePaths.encoded(SitePaths.sitePath(ofFile: path))
  }

  /// As cmark writes an address.
  static func escaped(_ url: String) -> String { LinkAddress(url).encoded }
}
