import Markdown

/// `Outline` as it is kept between builds.
extension Outline: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      title: reader.read(), headings: reader.read(), labels: reader.read(),
      references: reader.read(), citations: reader.read(), names: reader.read(),
      links: reader.read(), images: reader.read(), unnamedImages: reader.read(),
      otherAnchors: reader.read(), itemCount: reader.read())
    namesInLinks = try reader.read()
  }

  func write(to writer: inout ByteWriter) {
    writer.write(
      title, headings, labels, references, citations, names, links, images, unnamedImages,
      otherAnchors, itemCount, namesInLinks)
  }
}

extension Outline.Heading: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      level: reader.read(), text: reader.read(), anchor: reader.read(), number: reader.read(),
      position: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(level, text, anchor, number, position) }
}

extension Outline.Label: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      kind: reader.read(), identifier: reader.read(), anchor: reader.read(),
      number: reader.read(), title: reader.read(), position: reader.read())
  }

  func write(to writer: inout ByteWriter) {
    writer.write(kind, identifier, anchor, number, title, position)
  }
}

extension Outline.Kind: Stored {}

extension Outline.Mention: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(name: reader.read(), position: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(name, position) }
}

extension SourcePosition: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(line: reader.read(), column: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(line, column) }
}
