import Foundation
import Notation
import Testing

/// What the tool keeps, and what may happen to it and to the book's files.
@Suite("Damaged, exchanged and changed files") struct StorageAttackTests {
  @Test("chapters of the same text are as many pages") func sameText() throws {
    let book = try ScratchFolder()
    let names = ["one", "two", "three", "four", "part/five"]
    for name in names { try book.write("chapters/\(name).md", "# To be written\n") }
    try book.write("chapters/SUMMARY.md", names.map { "- [\($0)](\($0).md)\n" }.joined())
    // The second time everything is kept.
    for _ in 0..<2 {
      let run = try ToolRun(["build"], in: book.path)
      #expect(run.status == 0, "\(run.errors)")
      let pages = try ["one", "two", "three", "four", "five"].map {
        try book.read("site/\($0).html")
      }
      #expect(Set(pages).count == 5)
      let print = try book.read("site/print.html")
      for number in 1...5 {
        let heading = "Chapter \(number)<"
        #expect(print.ranges(of: heading).count == pages[number - 1].ranges(of: heading).count)
      }
      try FileManager.default.removeItem(atPath: book.path + "/site")
    }
  }

  // MARK: The cache

  /// A chapter that runs twice as another, and one of prose alone.
  private static func writeBook(to book: ScratchFolder, prose: String = "first") throws {
    try book.writeBook([
      "a": "# A\n\n```swift\nlet a = readData(\"chapters/x.txt\").count\nshow(a)\n```\n\n"
        + "`{claim} a = 3` and $x^2$.\n",
      "b": "# B\n\n```swift\nlet b = 5\nshow(b)\n```\n\n`{claim} b = 5` and $y_1$.\n",
      "c": "# C\n\nThe \(prose) prose of [a file](x.txt).\n",
    ])
    try book.write("chapters/x.txt", "abc")
  }

  private static func files(in folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      files[path] = FileManager.default.contents(atPath: "\(folder)/\(path)")
    }
    return files
  }

  private enum Damage: CaseIterable { case flip, halve, remove, empty, append }

  private static func damage(_ path: String, _ damage: Damage) throws {
    guard damage != .remove else { return try FileManager.default.removeItem(atPath: path) }
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    switch damage {
    case .flip where !bytes.isEmpty: bytes[bytes.startIndex + bytes.count * 2 / 3] ^= 1
    case .halve: bytes = bytes.prefix(bytes.count / 2)
    case .empty: bytes = Data()
    default: bytes.append(1)
    }
    // In place of a hard link, not through it.
    try FileManager.default.removeItem(atPath: path)
    try bytes.write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode ?? 0o644], ofItemAtPath: path)
  }

  /// What a second build makes of a damaged cache: the site of a fresh one, having run what `why`
  /// says it would.
  private static func expectSame(_ book: ScratchFolder, _ site: [String: Data], _ what: String)
    throws
  {
    let why = try ToolRun(["why"], in: book.path)
    let run = try ToolRun(["build", "--json"], in: book.path)
    #expect(run.status == 0, "\(what): \(run.errors)")
    let chapters = try JSON(reading: Array(run.output.utf8))["chapters"]?.array ?? []
    for chapter in chapters {
      guard let name = chapter["slug"]?.string, chapter["cells"]?.int ?? 0 > 0 else { continue }
      let isKept = chapter["runFromCache"] == .bool(true)
      #expect(why.output.contains("\(name): will not run") == isKept, "\(what): \(why.output)")
    }
    #expect(try files(in: book.path + "/site") == site, "\(what)")
  }

  @Test("any one file of the cache may be damaged, or be another's") func cache() throws {
    let book = try ScratchFolder()
    try Self.writeBook(to: book, prose: "second")
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    let second = try Self.files(in: book.path + "/site")
    try Self.writeBook(to: book)
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    let cache = book.path + "/.sslbook"
    let kept = try ScratchFolder()
    let whole = kept.path + "/cache"
    try FileManager.default.copyItem(atPath: cache, toPath: whole)
    func restore() throws {
      try FileManager.default.removeItem(atPath: cache)
      try FileManager.default.copyItem(atPath: whole, toPath: cache)
    }
    // The prose is edited, so that the site is put together anew from what is kept.
    func expectRight(_ what: String) throws {
      try Self.writeBook(to: book, prose: "second")
      try Self.expectSame(book, second, what)
    }
    let paths = try Self.files(in: whole).keys.sorted()
    #expect(paths.count > 15)
    for (index, path) in paths.enumerated() {
      // Each file in one way, each kind of file in several.
      let damage = Damage.allCases[index % Damage.allCases.count]
      try restore()
      try Self.damage("\(cache)/\(path)", damage)
      try expectRight("\(damage) \(path)")
    }
    func exchange(_ one: String, _ other: String) throws {
      try FileManager.default.moveItem(atPath: one, toPath: one + "-")
      try FileManager.default.moveItem(atPath: other, toPath: one)
      try FileManager.default.moveItem(atPath: one + "-", toPath: other)
    }
    let programs = Set(
      paths.filter { $0.hasSuffix("/run") }.map { ($0 as NSString).deletingLastPathComponent })
    let (a, b) = (programs.min() ?? "", programs.max() ?? "")
    #expect(programs.count == 2)
    for name in ["", "/run", "/compilation", "/program"] {
      try restore()
      try exchange("\(cache)/\(a)\(name)", "\(cache)/\(b)\(name)")
      try expectRight("the other's \(name)")
    }
    let pages = paths.filter { $0.hasPrefix("pages/") }
    for (one, other) in zip(pages, pages.dropFirst()) {
      try restore()
      try exchange("\(cache)/\(one)", "\(cache)/\(other)")
      try expectRight("the other's page")
    }
  }

  @Test("a damaged file of the site is made again") func site() throws {
    let book = try ScratchFolder()
    try book.writeBook(["a": "# A\n\n$x$ [a file](x.txt)\n", "b": "# B\n"])
    try book.write("chapters/x.txt", "abc")
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    let site = try Self.files(in: book.path + "/site")
    for (index, path) in site.keys.sorted().enumerated() where path != ".sslbook-site" {
      let damage = Damage.allCases[index % Damage.allCases.count]
      guard site[path] != nil, !FileManager.default.isFolder("\(book.path)/site/\(path)") else {
        continue
      }
      try Self.damage("\(book.path)/site/\(path)", damage)
      #expect(try ToolRun(["build"], in: book.path).status == 0)
      #expect(try Self.files(in: book.path + "/site") == site, "\(damage) \(path)")
    }
  }

  // MARK: Files that a chapter reads

  @Test("a file that changes during a run, or a link that turns, runs the chapter again")
  func changedData() throws {
    let book = try ScratchFolder()
    try book.writeBook([
      "a": """
      # A

      ```swift
      let a = readData("chapters/data.txt").count
      _ = readData("chapters/go.txt")
      show("it is read")
      while readData("chapters/go.txt").isEmpty { usleep(1000) }
      ```

      `{claim} a < 10`
      """
    ])
    try book.write("chapters/one.txt", "1")
    try book.write("chapters/three.txt", "333")
    let link = book.path + "/chapters/data.txt"
    symlink("one.txt", link)
    try book.write("chapters/go.txt", "go")
    #expect(try ToolRun(["build"], in: book.path).status == 0)
    #expect(try ToolRun(["why", "a"], in: book.path).output.contains("will not run"))
    unlink(link)
    symlink("three.txt", link)
    let turned = try ToolRun(["why", "a"], in: book.path)
    #expect(turned.output.contains("chapters/data.txt"), "\(turned.output)")
    try book.write("chapters/go.txt", "")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ToolRun.executable)
    process.arguments = ["run", "a"]
    process.currentDirectoryURL = URL(fileURLWithPath: book.path)
    try book.write("said", "")
    process.standardOutput = FileHandle(forWritingAtPath: book.path + "/said")
    process.standardError = FileHandle.nullDevice
    try process.run()
    while try !book.read("said").contains("it is read"), process.isRunning { usleep(1000) }
    #expect(process.isRunning)
    try book.write("chapters/three.txt", "55555")
    try book.write("chapters/go.txt", "go")
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let changed = try ToolRun(["why", "a"], in: book.path)
    for file in ["chapters/data.txt", "chapters/go.txt"] {
      #expect(changed.output.contains(file), "\(changed.output)")
    }
    let again = try ToolRun(["build", "--json"], in: book.path)
    let report = try JSON(reading: Array(again.output.utf8))
    #expect(report["chapters"]?.array?.first?["runFromCache"] == .bool(false))
    #expect(try ToolRun(["why", "a"], in: book.path).output.contains("will not run"))
  }

  @Test("a cell reaches no file but through readData, and nothing of whoever starts the tool")
  func otherFiles() throws {
    let book = try ScratchFolder()
    try book.write("secret", "secret")
    try book.writeBook([
      "a": """
      # A

      ```swift
      import Foundation
      let paths = ["/etc/hostname", "/root", "\(book.path)/secret", "chapters/a.md", "secret"]
      let found = paths.filter { FileManager.default.contents(atPath: $0) != nil }
      show(ProcessInfo.processInfo.environment["SECRET"] ?? "none")
      show(ProcessInfo.processInfo.environment["PATH"] ?? "none")
      ```

      `{claim} found.count = 0`
      """
    ])
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let run = try ToolRun(
      ["build"], in: book.path, environment: ["SECRET": "1", "PATH": "\(path):/nowhere"])
    guard !run.errors.contains("bubblewrap") else { return }
    #expect(run.status == 0, "\(run.errors)")
    #expect(try !book.read("site/a.html").contains("/nowhere"))
    // Another environment is no reason to run again.
    #expect(try ToolRun(["why", "a"], in: book.path).output.contains("will not run"))
  }
}

extension FileManager {
  fileprivate func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
