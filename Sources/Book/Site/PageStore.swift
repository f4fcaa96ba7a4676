/// Rendered pages kept by their key, under the book's cache. A damaged entry is a missing one.
///
/// The HTML, which may be long, stands at the end of a file as it is: it is neither copied to be
/// written nor, but for a shift, to be read.
struct PageStore: Sendable {
  private let folder: String

  private static let format = "sslbook page 2"

  init(cache: String) { folder = cache + "/pages" }

  func page(_ key: ContentKey) -> RenderedPage? {
    guard var bytes = try? FileSystem.read(path(key)),
      var (page, start) = Self.withoutHTML(bytes)
    else { return nil }
    bytes.removeFirst(start)
    page.html = bytes
    return page
  }

  /// The page but for its HTML, and where that begins.
  private static func withoutHTML(_ bytes: [UInt8]) -> (page: RenderedPage, start: Int)? {
    var reader = ByteReader(bytes)
    guard (try? reader.string()) == format, let page = try? RenderedPage(from: &reader),
      let count = try? reader.int(), count == reader.remaining
    else { return nil }
    return (page, reader.offset)
  }

  func contains(_ key: ContentKey) -> Bool { FileSystem.exists(path(key)) }

  func store(_ page: RenderedPage, as key: ContentKey) throws(FileFault) {
    try FileSystem.makeFolder(folder)
    var writer = ByteWriter()
    writer.write(Self.format)
    page.writeWithoutHTML(to: &writer)
    writer.write(page.html.count)
    try FileSystem.write([writer.bytes, page.html], to: path(key))
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

extension RenderedPage {
  fileprivate func writeWithoutHTML(to writer: inout ByteWriter) {
    writer.write(path)
    writer.write(sections) {
      $0.write($1.anchor)
      $0.write($1.title)
      $0.write($1.text)
    }
    writer.write(previews) {
      $0.write($1.anchor)
      $0.write($1.html)
    }
    writer.write(claims) { $1.write(to: &$0) }
    writer.write(uncheckedNumbers)
    writer.write(fonts) { $0.write($1) }
    writer.write(diagnostics) { $1.write(to: &$0) }
  }

  fileprivate init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    path = try reader.string()
    html = []
    sections = try reader.list { reader throws(ByteReader.Damaged) in
      SearchSection(
        anchor: try reader.string(), title: try reader.string(), text: try reader.string())
    }
    previews = try reader.list { reader throws(ByteReader.Damaged) in
      Preview(anchor: try reader.string(), html: try reader.string())
    }
    claims = try reader.list { reader throws(ByteReader.Damaged) in try ClaimRow(from: &reader) }
    uncheckedNumbers = try reader.int()
    fonts = try reader.list { reader throws(ByteReader.Damaged) in try reader.string() }
    diagnostics = try reader.list { reader throws(ByteReader.Damaged) in
      try Diagnostic(from: &reader)
    }
  }
}

extension ClaimRow {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(anchor)
    writer.write(line)
    writer.write(statement)
    writer.write(isStep)
    writer.write(stated)
    writer.write(measured)
    writer.write(tolerance)
    writer.write(used != nil)
    writer.write(used ?? 0)
    writer.write(held)
  }

  fileprivate init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    anchor = try reader.string()
    line = try reader.int()
    statement = try reader.string()
    isStep = try reader.bool()
    stated = try reader.string()
    measured = try reader.string()
    tolerance = try reader.string()
    let isUsed = try reader.bool()
    let share = try reader.double()
    used = isUsed ? share : nil
    held = try reader.bool()
  }
}
