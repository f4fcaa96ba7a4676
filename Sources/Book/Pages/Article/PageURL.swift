/// Addresses as the pages carry them.
enum PageURL {
  /// A link's destination: chapters become pages, files of the book their place in the site;
  /// everything else stays, escaped as cmark escapes it.
  static func href(of destination: String, from chapterPath: String) -> String {
    guard OutlineBuilder.isLocal(destination), !destination.hasPrefix("#"),
      let (path, _) = SitePaths.resolve(destination, from: chapterPath)
    else { return escaped(destination) }
    guard path.hasSuffix(".md"), let name = path.split(separator: "/").last else {
      return file(destination, at: path)
    }
    return encoded(String(name.dropLast(3))) + ".html" + escaped(String(tail(of: destination)))
  }

  static func image(_ source: String, from chapterPath: String) -> String {
    guard OutlineBuilder.isLocal(source),
      let (path, _) = SitePaths.resolve(source, from: chapterPath)
    else { return escaped(source) }
    return file(source, at: path)
  }

  private static func file(_ destination: String, at path: String) -> String {
    encoded(SitePaths.sitePath(ofFile: path)) + escaped(String(tail(of: destination)))
  }

  /// The query and the fragment.
  private static func tail(of destination: String) -> Substring {
    destination.drop { $0 != "?" && $0 != "#" }
  }

  /// As cmark writes an address: bytes that have no place in one are percent-encoded, what is
  /// encoded already stays.
  static func escaped(_ url: String) -> String { encoded(url, keeping: "%?#") }

  /// A path, where `%`, `?` and `#` stand for themselves.
  private static func encoded(_ path: String) -> String { encoded(path, keeping: "") }

  private static func encoded(_ text: String, keeping further: String) -> String {
    func isSafe(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: "-_.!~*'();/:@&=+$,".utf8.contains(byte) || further.utf8.contains(byte)
      }
    }
    guard !text.utf8.allSatisfy(isSafe) else { return text }
    let digits = Array("0123456789ABCDEF".utf8)
    let bytes = text.utf8.flatMap { byte in
      isSafe(byte)
        ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
