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

  /// What every site has, besides the pages of its chapters and what has its content in its name.
  static let generated = [
    ContentsPage.path, ClaimsPage.path, NotFoundPage.path, BibliographyPage.path, PrintPage.path,
    SearchScript.path, Sitemap.path, SiteManifest.name,
  ]

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
      let scalar = Unicode.Scalar(byte)
      let isPlain = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      if byte < 0x80 && (isPlain || "/-_.~".unicodeScalars.contains(scalar)) {
        text.unicodeScalars.append(scalar)
      } else {
        text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return text
  }
}

/// What stands where in a site: nothing may take the place of something else.
struct SiteMap {
  private var files: [String: String] = [:]
  private var folders: [String: String] = [:]

  /// - Parameter owner: in words: "the page of 'chapters/a.md'".
  /// - Returns: the owner of the place, or of a part of it, if there is one.
  mutating func add(_ path: String, for owner: String) -> String? {
    if let taken = files[path] ?? folders[path] { return taken }
    var parents: [String] = []
    var folder = FileSystem.folder(of: path)
    while folder != "." {
      if let taken = files[folder] { return taken }
      parents.append(folder)
      folder = FileSystem.folder(of: folder)
    }
    files[path] = owner
    for parent in parents where folders[parent] == nil { folders[parent] = owner }
    return nil
  }

  func holds(_ path: String) -> Bool { files[path] != nil }
}
