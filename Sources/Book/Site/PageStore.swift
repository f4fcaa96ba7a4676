/// Rendered pages kept by their key, under the book's cache. A damaged entry is a missing one.
struct PageStore: Sendable {
  private let folder: String

  private static let format = "sslbook page 1"

  init(cache: String) { folder = cache + "/pages" }

  func page(_ key: ContentKey) -> RenderedPage? {
    guard let bytes = try? FileSystem.read(path(key)) else { return nil }
    var reader = ByteReader(bytes)
    guard (try? reader.string()) == Self.format, let page = try? RenderedPage(from: &reader),
      reader.isAtEnd
    else { return nil }
    return page
  }

  func contains(_ key: ContentKey) -> Bool { FileSystem.exists(path(key)) }

  func store(_ page: RenderedPage, as key: ContentKey) throws(FileFault) {
    try FileSystem.makeFolder(folder)
    var writer = ByteWriter()
    writer.write(Self.format)
    page.write(to: &writer)
    try FileSystem.write(writer.bytes, to: path(key))
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
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(path)
    writer.write(raw: html)
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
    html = try reader.raw()
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
