import Book
import Foundation

/// `sslbook clean`: what builds have left.
struct CleanCommand: Command {
  static let description = CommandDescription(
    "clean", "Remove the site and everything that builds keep.",
    discussion: """
      Removes the folder '.sslbook' of the book (programs, records of runs, typeset formulas) and \
      the site. What sslbook did not write, in the site's folder as elsewhere, is never touched. \
      With --old, only what the book no longer uses is removed: programs and runs of earlier \
      versions, and what is left of chapters that are gone.
      """,
    options: [
      .book, .output, .init("--old", "Remove only what the book no longer uses."),
    ],
    examples: [
      .init("sslbook clean", "the next build starts from nothing"),
      .init("sslbook clean --old", "the next build is as fast as ever"),
    ])

  private let arguments: ParsedArguments

  init(_ arguments: ParsedArguments) { self.arguments = arguments }

  func run(on terminal: Terminal) throws -> ExitCode {
    let book = try arguments.book()
    if arguments.has("--old") { return try removeOld(of: book, on: terminal) }
    let site = arguments.value("--output").map { BookFolder(path: $0).path } ?? book.path + "/site"
    let paths = [book.cache, site].filter(FileSystem.exists)
    guard !paths.isEmpty else {
      terminal.output.writeLine("There was nothing to remove.")
      return .success
    }
    let lock = try book.lock(terminal)
    defer { lock?.release() }
    // A build makes the site with the lock in its hand: only now is it whole, or gone.
    if FileSystem.exists(site) {
      guard SiteWriter.hasSite(site) else {
        if !paths.contains(book.cache) { try lock?.removeCache() }
        let fault = BookFault.outputIsNoSite(path: site)
        terminal.errors.write(CommandLineTool.text(of: fault, style: terminal.errors.style))
        return .bookIsWrong
      }
      let size = Self.size(of: site)
      let name = VisibleText.of(site)
      terminal.output.writeLine(
        try SiteWriter.clear(site)
          ? "Removed \(name) (\(Measure.bytes(size)))"
          : "Kept \(name), but for what sslbook wrote into it")
    }
    let size = Self.size(of: book.cache)
    try lock?.removeCache()
    if paths.contains(book.cache) {
      terminal.output.writeLine("Removed \(VisibleText.of(book.cache)) (\(Measure.bytes(size)))")
    }
    return .success
  }

  private func removeOld(
    of book: BookFolder, on terminal: Terminal
  ) throws -> ExitCode {
    let lock = try book.lock(terminal)
    defer { lock?.release() }
    let before = Self.size(of: book.cache)
    book.removeOldCache()
    let after = Self.size(of: book.cache)
    terminal.output.writeLine(
      "Removed \(Measure.bytes(before - after)); \(Measure.bytes(after)) are in use")
    return .success
  }

  private static func size(of folder: String) -> Int {
    guard let files = FileManager.default.enumerator(atPath: folder) else { return 0 }
    return files.reduce(0) { sum, name in
      var status = stat()
      guard let name = name as? String, lstat("\(folder)/\(name)", &status) == 0 else { return sum }
      return sum + (status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0)
    }
  }
}
