import Markdown

/// `Outline` to bytes and back, for the state kept between builds.
extension Outline {
  func write(to writer: inout ByteWriter) {
    writer.write(title)
    writer.write(headings) {
      $0.write($1.level)
      $0.write($1.text)
      $0.write($1.anchor)
      $0.write($1.number)
      $0.write($1.position)
    }
    writer.write(labels) {
      $0.write($1.kind.rawValue)
      $0.write($1.identifier)
      $0.write($1.anchor)
      $0.write($1.number)
      $0.write($1.title)
      $0.write($1.position)
    }
    for mentions in [references, citations, names, links, images, unnamedImages] {
      writer.write(mentions) {
        $0.write($1.name)
        $0.write($1.position)
      }
    }
    writer.write(otherAnchors) { $0.write($1) }
    writer.write(itemCount)
  }

  init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    title = try reader.string()
    headings = try reader.list { reader throws(ByteReader.Damaged) in
      Heading(
        level: try reader.int(), text: try reader.string(), anchor: try reader.string(),
        number: try reader.string(), position: try reader.position())
    }
    labels = try reader.list { reader throws(ByteReader.Damaged) in
      guard let kind = Kind(rawValue: try reader.string()) else { throw ByteReader.Damaged() }
      return Label(
        kind: kind, identifier: try reader.string(), anchor: try reader.string(),
        number: try reader.string(), title: try reader.string(), position: try reader.position())
    }
    references = try Self.mentions(from: &reader)
    citations = try Self.mentions(from: &reader)
    names = try Self.mentions(from: &reader)
    links = try Self.mentions(from: &reader)
    images = try Self.mentions(from: &reader)
    unnamedImages = try Self.mentions(from: &reader)
    otherAnchors = try reader.list { reader throws(ByteReader.Damaged) in try reader.string() }
    itemCount = try reader.int()
  }

  private static func mentions(
    from reader: inout ByteReader
  ) throws(ByteReader.Damaged) -> [Mention] {
    try reader.list { reader throws(ByteReader.Damaged) in
      Mention(name: try reader.string(), position: try reader.position())
    }
  }
}

extension ByteWriter {
  mutating func write(_ position: SourcePosition) {
    write(position.line)
    write(position.column)
  }
}

extension ByteReader {
  mutating func position() throws(Damaged) -> SourcePosition {
    SourcePosition(line: try int(), column: try int())
  }
}
