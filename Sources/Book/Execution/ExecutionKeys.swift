/// What decides whether a chapter has to be compiled and run again: content, never dates.
struct ExecutionKeys: Sendable, Equatable {
  /// What the program is made of, item by item, without positions.
  var items: [ContentKey]
  /// What surrounds the items: how programs are written.
  var frame: ContentKey
  var library: ContentKey
  var compiler: String
  var flags: String
  var limits: String

  init(_ chapter: Chapter, toolchain: Toolchain, isOptimized: Bool, limits: Limits) {
    let program = ProgramWriter.program(of: chapter)
    var texts = Array(repeating: "", count: chapter.items.count)
    var frame = ""
    for part in program.parts {
      if let item = part.item { texts[item] += part.text } else { frame += part.text }
    }
    for (index, item) in chapter.items.enumerated() {
      // Cells that are only checked, or expected to fail, are not in the program but count.
      if case .cell(let cell) = item, !cell.isRun || cell.expectsError {
        texts[index] = "run \(cell.isRun), expect error \(cell.expectsError)\n\(cell.source)"
      }
    }
    items = texts.map { ContentKey($0) }
    self.frame = ContentKey(frame)
    library = toolchain.libraryKey
    compiler = toolchain.version
    flags = Compiler.flags(isOptimized: isOptimized).joined(separator: " ")
    let timeouts = chapter.items.enumerated().compactMap { index, item in
      if case .cell(let cell) = item, let timeout = cell.timeout {
        "\(index): \(timeout)"
      } else {
        nil
      }
    }
    self.limits =
      "\(limits.cellSeconds) \(limits.chapterSeconds) \(limits.memoryBytes) "
      + "\(limits.outputBytes) \(limits.processes) \(timeouts.joined(separator: ","))"
  }

  /// Everything that the compiler sees.
  var compile: ContentKey {
    var hasher = ContentHasher()
    hasher.add("compile 1")
    hasher.add(items.count)
    for item in items { hasher.add(item) }
    hasher.add(frame)
    hasher.add(library)
    hasher.add(compiler)
    hasher.add(flags)
    return hasher.key
  }
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

extension ExecutionKeys {
  /// What is different from the last run, as far as the compiler sees it.
  func differences(from last: ExecutionKeys) -> [ExecutionReason] {
    var reasons: [ExecutionReason] = []
    if items != last.items {
      let difference = items.difference(from: last.items)
      let changed = difference.insertions.map { change in
        if case .insert(let offset, _, _) = change { offset } else { 0 }
      }
      if !changed.isEmpty { reasons.append(.itemsChanged(changed)) }
      let removed = difference.removals.count - changed.count
      if removed > 0 { reasons.append(.itemsRemoved(count: removed)) }
    }
    if library != last.library || frame != last.frame { reasons.append(.libraryChanged) }
    if compiler != last.compiler {
      reasons.append(.compilerChanged(from: last.compiler, to: compiler))
    }
    if flags != last.flags { reasons.append(.optionsChanged) }
    if limits != last.limits { reasons.append(.limitsChanged) }
    return reasons
  }

  func write(to writer: inout ByteWriter) {
    writer.write(items) { $0.write($1.description) }
    writer.write(frame.description)
    writer.write(library.description)
    writer.write(compiler)
    writer.write(flags)
    writer.write(limits)
  }

  init(from reader: inout ByteReader) throws(ByteReader.Damaged) {
    items = try reader.list { reader throws(ByteReader.Damaged) in try reader.key() }
    frame = try reader.key()
    library = try reader.key()
    compiler = try reader.string()
    flags = try reader.string()
    limits = try reader.string()
  }
}
