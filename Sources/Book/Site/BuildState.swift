/// What the last build knew of each chapter, so that the next one does only what changed.
/// A missing or damaged state is an empty one: everything is then made again.
struct BuildState: Sendable, Equatable {
  struct Chapter: Sendable, Equatable {
    /// Of the file's bytes.
    var key: ContentKey
    var facts: ChapterSource.Facts
    /// What was made of its run; nil when it has not run, or when a run failed. Whether that run still
    /// holds is for the record store to say.
    var run: Run?
    /// The rendered page in the page store, and what its rendering had to say.
    var page: ContentKey?
    var pageWarnings: [Diagnostic] = []
  }

  struct Run: Sendable, Equatable {
    /// Of what the run showed.
    var content: ContentKey
    var report: ChapterReport
    var warnings: [Diagnostic]
  }

  var chapters: [String: Chapter] = [:]

  private static let path = "state"
  private static let format = "sslbook state 4"

  static func load(from folder: String) -> BuildState {
    guard let sealed = try? FileSystem.read("\(folder)/\(path)"),
      let bytes = Checksum.content(of: sealed)
    else { return BuildState() }
    var reader = ByteReader(bytes)
    guard (try? String(from: &reader)) == format,
      let chapters = try? [String: Chapter](from: &reader),
      reader.isAtEnd
    else { return BuildState() }
    return BuildState(chapters: chapters)
  }

  func save(to folder: String) throws(FileFault) {
    try FileSystem.makeFolder(folder)
    let bytes = ByteWriter(Self.format, chapters).bytes
    try FileSystem.write(Checksum.sealed(bytes), to: "\(folder)/\(Self.path)")
  }
}

extension BuildState.Chapter: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      key: reader.read(),
      facts: .init(outline: reader.read(), diagnostics: reader.read(), program: reader.read()),
      run: reader.read(), page: reader.read(), pageWarnings: reader.read())
  }

  func write(to writer: inout ByteWriter) {
    writer.write(
      key, facts.outline, facts.diagnostics, facts.program, run, page, pageWarnings)
  }
}

extension ChapterSource.Program: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(content: reader.read(), timeouts: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(content, timeouts) }
}

extension BuildState.Run: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(content: reader.read(), report: reader.read(), warnings: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(content, report, warnings) }
}

extension ChapterReport: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      path: reader.read(), slug: reader.read(), number: reader.read(), title: reader.read())
    cells = try reader.read()
    figures = try reader.read()
    claims = try reader.read()
    claimsHeld = try reader.read()
    steps = try reader.read()
    stepsHeld = try reader.read()
    compileSeconds = try reader.read()
    runSeconds = try reader.read()
    corrections = try reader.read()
    looseClaims = try reader.read()
  }

  func write(to writer: inout ByteWriter) {
    writer.write(path, slug, number, title)
    writer.write(cells, figures, claims, claimsHeld, steps, stepsHeld)
    writer.write(compileSeconds, runSeconds, corrections, looseClaims)
  }
}

extension ClaimCorrection: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(position: reader.read(), written: reader.read(), corrected: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(position, written, corrected) }
}

extension LooseClaim: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    line = try reader.read()
    statement = try reader.read()
    measured = try reader.read()
    reason = try reader.read()
  }

  func write(to writer: inout ByteWriter) { writer.write(line, statement, measured, reason) }
}

extension LooseClaim.Reason: Stored {}

extension Diagnostic: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(
      reader.read(), file: reader.read(), line: reader.read(), column: reader.read(),
      message: reader.read(), hint: reader.read())
  }

  func write(to writer: inout ByteWriter) {
    writer.write(severity, file, line, column, message, hint)
  }
}

extension Diagnostic.Severity: Stored {}

extension ContentKey: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    guard let key = ContentKey(hexadecimal: try String(from: &reader)) else { throw Damaged() }
    self = key
  }

  func write(to writer: inout ByteWriter) { description.write(to: &writer) }
}
