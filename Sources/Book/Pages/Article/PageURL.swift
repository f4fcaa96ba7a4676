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

  /// What a URL cannot hold is percent-encoded; existing escapes stay.
  static func escaped(_ url: String) -> String {
    var result = ""
    for byte in url.utf8 {
      if byte > 0x20, byte < 0x7F, !"\"<>\\^`{|}[]".utf8.contains(byte) {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += (digits.utf8.count == 1 ? "%0" : "%") + digits
      }
    }
    return result
  }
}
