/// What a chapter's run depends on of the chapter itself: content, never dates or positions.
struct ProgramKeys: Sendable, Equatable {
  /// What the program is made of, item by item.
  var items: [ContentKey]
  /// What surrounds the items: how programs are written.
  var frame: ContentKey
  /// The limits that cells set themselves.
  var timeouts: String

  init(_ chapter: Chapter) {
    var texts = Array(repeating: "", count: chapter.items.count)
    var frame = ""
    for part in ProgramWriter.program(of: chapter).parts {
      if let item = part.item { texts[item] += part.text } else { frame += part.text }
    }
    for (index, item) in chapter.items.enumerated() {
      // Cells that are only checked, or expected to fail, are not in the program but count.
      if case .cell(let cell) = item, !cell.runs {
        texts[index] = "run \(cell.isRun), expect error \(cell.expectsError)\n\(cell.source)"
      }
    }
    items = texts.map { ContentKey($0) }
    self.frame = ContentKey(frame)
    timeouts = chapter.items.enumerated().compactMap { index, item in
      if case .cell(let cell) = item, let timeout = cell.timeout {
        "\(index): \(timeout)"
      } else {
        nil
      }
    }.joined(separator: ",")
  }

  /// Of all of it but the limits.
  var content: ContentKey {
    var hasher = ContentHasher()
    hasher.add(items.count)
    for item in items { hasher.add(item) }
    hasher.add(frame)
    return hasher.key
  }
}

/// What a chapter's run depends on beside the chapter and the files that it opens.
struct ExecutionEnvironment: Sendable, Equatable {
  var library: ContentKey
  var compiler: String
  var flags: String
  var limits: String

  init(toolchain: Toolchain, isOptimized: Bool, limits: Limits) {
    library = toolchain.libraryKey
    compiler = toolchain.version
    flags = Compiler.flags(isOptimized: isOptimized).joined(separator: " ")
    self.limits =
      "\(limits.cellSeconds) \(limits.chapterSeconds) \(limits.memoryBytes) "
      + "\(limits.outputBytes) \(limits.fileBytes) \(limits.processes)"
  }

  /// Everything that the compiler sees.
  func compileKey(of program: ContentKey) -> ContentKey {
    ContentKey("compile 3", program.description, library.description, compiler, flags)
  }

  /// What the program may use while it runs.
  func limits(timeouts: String) -> String { limits + " " + timeouts }
}

/// Why a chapter would run, or did: one thing that is not as it was in its last good run.
public enum ExecutionReason: Sendable, Equatable {
  case neverRan
  /// The items of the present chapter that are new or different.
  case itemsChanged([Int])
  case itemsRemoved(count: Int)
  case libraryChanged
  case compilerChanged(from: String, to: String)
  case optionsChanged
  case limitsChanged
  case fileChanged(path: String)
  /// The record was cleared away or damaged.
  case recordMissing
}

/// What a run depended on, kept so that a later build can say what is different.
struct LastRun: Sendable, Equatable {
  var program: ProgramKeys
  var environment: ExecutionEnvironment
  var files: [InputFile]

  /// Under which the program and its run are kept.
  var compileKey: ContentKey { environment.compileKey(of: program.content) }

  func differences(
    to program: ProgramKeys, _ environment: ExecutionEnvironment, in book: BookFolder
  ) -> [ExecutionReason] {
    var reasons: [ExecutionReason] = []
    if program.items != self.program.items {
      let difference = program.items.difference(from: self.program.items)
      let changed = difference.insertions.map { change in
        if case .insert(let offset, _, _) = change { offset } else { 0 }
      }
      if !changed.isEmpty { reasons.append(.itemsChanged(changed)) }
      let removed = difference.removals.count - changed.count
      if removed > 0 { reasons.append(.itemsRemoved(count: removed)) }
    }
    let old = self.environment
    if environment.library != old.library || program.frame != self.program.frame {
      reasons.append(.libraryChanged)
    }
    if environment.compiler != old.compiler {
      reasons.append(.compilerChanged(from: old.compiler, to: environment.compiler))
    }
    if environment.flags != old.flags { reasons.append(.optionsChanged) }
    if environment.limits != old.limits || program.timeouts != self.program.timeouts {
      reasons.append(.limitsChanged)
    }
    return reasons
      + files.filter { !$0.isUnchanged(in: book) }.map { .fileChanged(path: $0.path) }
  }
}

/// A file of the book that a program asked for, or that the site holds.
struct InputFile: Sendable, Hashable {
  /// As it was asked for, from the book's folder.
  var path: String
  /// Of its content when it was opened, wherever a link led then; nil when there was no file.
  var key: ContentKey?

  func isUnchanged(in book: BookFolder) -> Bool {
    (try? book.read(path)).map { ContentKey(of: $0) } == key
  }
}

extension LastRun: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(program: reader.read(), environment: reader.read(), files: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(program, environment, files) }
}

extension ProgramKeys: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    items = try reader.read()
    frame = try reader.read()
    timeouts = try reader.read()
  }

  func write(to writer: inout ByteWriter) { writer.write(items, frame, timeouts) }
}

extension ExecutionEnvironment: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    library = try reader.read()
    compiler = try reader.read()
    flags = try reader.read()
    limits = try reader.read()
  }

  func write(to writer: inout ByteWriter) { writer.write(library, compiler, flags, limits) }
}

extension InputFile: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(path: reader.read(), key: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(path, key) }
}
