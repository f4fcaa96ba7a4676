/// Where things of the book stand in its site. All pages lie in the site's top folder.
public enum SitePaths {
  /// A destination written in a chapter, seen from the book's folder: `../images/a.svg#x` in
  /// `chapters/entropy.md` → (`images/a.svg`, `x`). nil when it leaves the book.
  public static func resolve(
    _ destination: String, from chapterPath: String
  ) -> (path: String, fragment: String?)? {
    let parts = destination.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let fragment = parts.count > 1 ? String(parts[1]) : nil
    let target = decoded(parts[0].prefix { $0 != "?" })
    if target.isEmpty { return (chapterPath, fragment) }
    let folder = chapterPath.split(separator: "/").dropLast().joined(separator: "/")
    let joined = folder.isEmpty ? target : folder + "/" + target
    return BookFolder.normalized(target.hasPrefix("/") ? target : joined).map { ($0, fragment) }
  }

  /// `images/a.svg` stays; `chapters/data/digits.bin` becomes `data/digits.bin`.
  public static func sitePath(ofFile bookPath: String) -> String {
    bookPath.hasPrefix("chapters/") ? String(bookPath.dropFirst(9)) : bookPath
  }

  /// The inverse of percent-encoding; a broken escape stands for itself.
  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    let source = Array(text.utf8)
    var index = 0
    while index < source.count {
      if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
        let value = UInt8(String(decoding: source[index + 1...index + 2], as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        index += 3
      } else {
        bytes.append(source[index])
        index += 1
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A path as a relative URL.
  public static func encoded(_ path: String) -> String {
    var text = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return text
  }
}
