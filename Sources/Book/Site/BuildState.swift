/// What the last build knew of each chapter, so that the next one does only what changed.
/// A missing or damaged state is an empty one: everything is then made again.
struct BuildState: Sendable, Equatable {
  struct Chapter: Sendable, Equatable {
    /// Of the file's bytes.
    var key: ContentKey
    var outline: Outline
    var diagnostics: [Diagnostic]
    /// What its last run and its last rendering had to say, all short of an error.
    var runWarnings: [Diagnostic] = []
    var pageWarnings: [Diagnostic] = []
    /// How its program was run last; nil when it has not run, or when a run failed.
    var execution: Execution?
    /// The rendered page in the page store.
    var page: ContentKey?
  }

  struct Execution: Sendable, Equatable {
    /// Of the compiler, the library and the book's settings.
    var environment: ContentKey
    /// Of every data file read, as it was.
    var files: [File]
    /// Of what the run showed.
    var record: ContentKey
    var report: ChapterReport
  }

  struct File: Sendable, Equatable {
    var path: String
    var key: ContentKey
  }

  var chapters: [String: Chapter] = [:]

  private static let path = "state"
  private static let format = "sslbook state 2"

  static func load(from folder: String) -> BuildState {
    guard let bytes = try? FileSystem.read("\(folder)/\(path)") else { return BuildState() }
    var reader = ByteReader(bytes)
    return (try? BuildState(from: &reader)) ?? BuildState()
  }

  func save(to folder: String) throws(FileFault) {
    try FileSystem.makeFolder(folder)
    var writer = ByteWriter()
    writer.write(Self.format)
    writer.write(chapters.sorted { $0.key < $1.key }) {
      $0.write($1.key)
      $1.value.write(to: &$0)
    }
    try FileSystem.write(writer.bytes, to: "\(folder)/\(Self.path)")
  }

  private init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    guard try reader.string() == Self.format else { throw ByteReader.Damaged() }
    let list = try reader.list { reader throws(ByteReader.Damaged) in
      (try reader.string(), try Chapter(from: &reader))
    }
    guard reader.isAtEnd else { throw ByteReader.Damaged() }
    chapters = Dictionary(list, uniquingKeysWith: { _, last in last })
  }

  init() {}
}

extension BuildState.Chapter {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(key)
    outline.write(to: &writer)
    for list in [diagnostics, runWarnings, pageWarnings] {
      writer.write(list) { $1.write(to: &$0) }
    }
    writer.write(execution != nil)
    execution?.write(to: &writer)
    writer.write(page != nil)
    if let page { writer.write(page) }
  }

  fileprivate init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    key = try reader.key()
    outline = try Outline(from: &reader)
    diagnostics = try Self.diagnostics(from: &reader)
    runWarnings = try Self.diagnostics(from: &reader)
    pageWarnings = try Self.diagnostics(from: &reader)
    execution = try reader.bool() ? try BuildState.Execution(from: &reader) : nil
    page = try reader.bool() ? try reader.key() : nil
  }
}

extension BuildState.Chapter {
  private static func diagnostics(
    from reader: inout ByteReader
  ) throws(ByteReader.Damaged) -> [Diagnostic] {
    try reader.list { reader throws(ByteReader.Damaged) in try Diagnostic(from: &reader) }
  }
}

extension BuildState.Execution {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.write(environment)
    writer.write(files) {
      $0.write($1.path)
      $0.write($1.key)
    }
    writer.write(record)
    report.write(to: &writer)
  }

  fileprivate init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    environment = try reader.key()
    files = try reader.list { reader throws(ByteReader.Damaged) in
      BuildState.File(path: try reader.string(), key: try reader.key())
    }
    record = try reader.key()
    report = try ChapterReport(from: &reader)
  }
}

extension ChapterReport {
  fileprivate func write(to writer: inout ByteWriter) {
    for text in [path, slug, number, title] { writer.write(text) }
    for count in [cells, figures, claims, claimsHeld, steps, stepsHeld] { writer.write(count) }
    writer.write(compileSeconds)
    writer.write(runSeconds)
  }

  fileprivate init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    self.init(
      path: try reader.string(), slug: try reader.string(), number: try reader.string(),
      title: try reader.string())
    cells = try reader.int()
    figures = try reader.int()
    claims = try reader.int()
    claimsHeld = try reader.int()
    steps = try reader.int()
    stepsHeld = try reader.int()
    compileSeconds = try reader.double()
    runSeconds = try reader.double()
  }
}

extension Diagnostic {
  func write(to writer: inout ByteWriter) {
    writer.write(severity.rawValue)
    writer.write(file)
    writer.write(line)
    writer.write(column)
    writer.write(message)
    writer.write(hint ?? "")
  }

  init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    guard let severity = Severity(rawValue: try reader.string()) else {
      throw ByteReader.Damaged()
    }
    self.init(
      severity, file: try reader.string(), line: try reader.int(), column: try reader.int(),
      message: try reader.string())
    let hint = try reader.string()
    self.hint = hint.isEmpty ? nil : hint
  }
}

extension ByteWriter {
  mutating func write(_ key: ContentKey) { write(key.description) }
}

extension ByteReader {
  mutating func key() throws(Damaged) -> ContentKey {
    guard let key = ContentKey(hexadecimal: try string()) else { throw Damaged() }
    return key
  }
}
