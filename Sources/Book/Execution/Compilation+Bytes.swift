import Markdown
import Transcript

/// `Compilation` to bytes and back, for the store.
extension Compilation {
  func write(to writer: inout ByteWriter) {
    writer.write(map.regions) {
      $0.write($1.item)
      $0.write($1.part)
      $0.write($1.origin)
      $0.write($1.lineCount)
      $0.write($1.isCell)
    }
    writer.write(messages) {
      $0.write($1.severity.rawValue)
      $0.write($1.place != nil)
      if let place = $1.place {
        for n in [place.item, place.part, place.line, place.column] { $0.write(n) }
      }
      $0.write($1.text)
      $0.write($1.hint != nil)
      $0.write($1.hint ?? "")
    }
    writer.write(expectedErrors.sorted { $0.key < $1.key }) {
      $0.write($1.key)
      $0.write($1.value)
    }
    writer.write(stopping.sorted()) { $0.write($1) }
    writer.write(seconds)
  }

  init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    map = ChapterMap(
      regions: try reader.list { reader throws(ByteReader.Damaged) in
        ChapterMap.Region(
          item: try reader.int(), part: try reader.int(), origin: try reader.position(),
          lineCount: try reader.int(), isCell: try reader.bool())
      })
    messages = try reader.list { reader throws(ByteReader.Damaged) in
      guard let severity = Diagnostic.Severity(rawValue: try reader.string()) else {
        throw ByteReader.Damaged()
      }
      let place =
        try reader.bool()
        ? ChapterMap.Place(
          item: try reader.int(), part: try reader.int(), line: try reader.int(),
          column: try reader.int()) : nil
      let text = try reader.string()
      let hasHint = try reader.bool()
      let hint = try reader.string()
      return Message(severity: severity, place: place, text: text, hint: hasHint ? hint : nil)
    }
    let errors = try reader.list { reader throws(ByteReader.Damaged) in
      (try reader.int(), try reader.string())
    }
    expectedErrors = Dictionary(errors, uniquingKeysWith: { $1 })
    stopping = Set(try reader.list { reader throws(ByteReader.Damaged) in try reader.int() })
    seconds = try reader.double()
    guard
      map.regions.allSatisfy({
        $0.lineCount >= 1 && $0.lineCount < 1 << 40 && $0.origin.line < 1 << 40
      })
    else { throw ByteReader.Damaged() }
  }
}

/// The log of a run that came to its end.
extension RunLog {
  func write(to writer: inout ByteWriter) {
    writer.write(lines) { $0.write(raw: $1.bytes.dropLast()) }
    writer.write(raw: output)
    writer.write(raw: errors)
    writer.write(seconds)
  }

  init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    lines = try reader.list { reader throws(ByteReader.Damaged) in
      guard let line = TranscriptLine(bytes: try reader.raw()) else { throw ByteReader.Damaged() }
      return line
    }
    output = try reader.raw()
    errors = try reader.raw()
    seconds = try reader.double()
    ending = .finished
  }
}
