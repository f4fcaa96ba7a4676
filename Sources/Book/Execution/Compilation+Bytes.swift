import Transcript

/// `Compilation` as it is kept in the store.
extension Compilation: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    self.init(map: ChapterMap(regions: try reader.read()))
    messages = try reader.read()
    expectedErrors = try reader.read()
    stopping = try reader.read()
    redeclared = try reader.read()
    seconds = try reader.read()
    guard
      map.regions.allSatisfy({
        $0.lineCount >= 1 && $0.lineCount < 1 << 40 && $0.origin.line < 1 << 40
      })
    else { throw Damaged() }
  }

  func write(to writer: inout ByteWriter) {
    writer.write(map.regions, messages, expectedErrors, stopping, redeclared, seconds)
  }
}

extension ChapterMap.Region: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      item: reader.read(), part: reader.read(), origin: reader.read(), lineCount: reader.read(),
      isCell: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(item, part, origin, lineCount, isCell) }
}

extension ChapterMap.Place: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      item: reader.read(), part: reader.read(), line: reader.read(), column: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(item, part, line, column) }
}

extension Compilation.Message: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      severity: reader.read(), place: reader.read(), text: reader.read(), hint: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(severity, place, text, hint) }
}

extension Compilation.Redeclared: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(name: reader.read(), place: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(name, place) }
}

/// The log of a run that came to its end.
extension RunLog: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    lines = try reader.read()
    output = Array(try reader.raw())
    errors = Array(try reader.raw())
    seconds = try reader.read()
  }

  func write(to writer: inout ByteWriter) {
    writer.write(lines)
    writer.write(raw: output)
    writer.write(raw: errors)
    writer.write(seconds)
  }
}

extension TranscriptLine: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    guard let line = TranscriptLine(bytes: Array(try reader.raw())) else { throw Damaged() }
    self = line
  }

  func write(to writer: inout ByteWriter) { writer.write(raw: bytes.dropLast()) }
}
