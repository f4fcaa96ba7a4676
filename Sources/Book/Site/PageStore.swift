/// Rendered pages kept by their key, under the book's cache. A damaged entry is a missing one, and so
/// is another's: each carries its key and its checksum. The HTML stands at the end of a file as it is.
struct PageStore: Sendable {
  private let folder: String

  private static let format = "sslbook page 4"

  init(cache: String) { folder = cache + "/pages" }

  func page(_ key: ContentKey) -> RenderedPage? {
    guard let sealed = try? FileSystem.read(path(key)), var bytes = Checksum.content(of: sealed),
      case (var page, let start)? = Self.withoutHTML(bytes, key)
    else { return nil }
    bytes.removeFirst(start)
    page.html = bytes
    return page
  }

  /// The page but for its HTML, and where that begins.
  private static func withoutHTML(
    _ bytes: [UInt8], _ key: ContentKey
  ) -> (page: RenderedPage, start: Int)? {
    var reader = ByteReader(bytes)
    guard isPage(key, &reader), let page = try? RenderedPage(from: &reader),
      (try? Int(from: &reader)) == reader.remaining
    else { return nil }
    return (page, reader.offset)
  }

  private static func isPage(_ key: ContentKey, _ reader: inout ByteReader) -> Bool {
    (try? String(from: &reader)) == format && (try? String(from: &reader)) == key.description
  }

  /// Whether the page is there and undamaged.
  func contains(_ key: ContentKey) -> Bool {
    guard let sealed = try? FileSystem.read(path(key)), let bytes = Checksum.content(of: sealed)
    else { return false }
    var reader = ByteReader(bytes)
    return Self.isPage(key, &reader)
  }

  func store(_ page: RenderedPage, as key: ContentKey) throws(FileFault) {
    try FileSystem.makeFolder(folder)
    let start = ByteWriter(Self.format, key.description, page, page.html.count).bytes
    try FileSystem.write(Checksum.sealed(start + page.html), to: path(key))
  }

  /// Removes every page that no chapter has now.
  func keep(only keys: Set<ContentKey>) {
    for name in FileSystem.names(in: folder) {
      if let key = ContentKey(hexadecimal: name), keys.contains(key) { continue }
      FileSystem.remove("\(folder)/\(name)")
    }
  }

  private func path(_ key: ContentKey) -> String { "\(folder)/\(key)" }
}

/// Without its HTML.
extension RenderedPage: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      path: reader.read(), html: [], sections: reader.read(), previews: reader.read(),
      claims: reader.read(), redeclared: reader.read(), uncheckedNumbers: reader.read(),
      fonts: reader.read(), diagnostics: reader.read())
  }

  func write(to writer: inout ByteWriter) {
    writer.write(
      path, sections, previews, claims, redeclared, uncheckedNumbers, fonts, diagnostics)
  }
}

extension SearchSection: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(anchor: reader.read(), title: reader.read(), text: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(anchor, title, text) }
}

extension Preview: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(anchor: reader.read(), html: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(anchor, html) }
}

extension Redeclaration: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(name: reader.read(), line: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(name, line) }
}

extension FontUse: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    characters = Set(try String(from: &reader).unicodeScalars)
    classes = try reader.read()
  }

  func write(to writer: inout ByteWriter) {
    writer.write(String(String.UnicodeScalarView(characters.sorted())), classes)
  }
}

extension ClaimRow: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      anchor: reader.read(), line: reader.read(), statement: reader.read(),
      isStep: reader.read(), stated: reader.read(), measured: reader.read(),
      tolerance: reader.read(), used: reader.read(), held: reader.read())
  }

  func write(to writer: inout ByteWriter) {
    writer.write(anchor, line, statement, isStep, stated, measured, tolerance, used, held)
  }
}
