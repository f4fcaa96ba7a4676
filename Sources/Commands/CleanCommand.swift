import Book
import Foundation

/// `sslbook clean`: what builds have left.
struct CleanCommand: Command {
  static let description = CommandDescription(
    "clean", "Remove the site and everything that builds keep.",
    discussion: """
      Removes the folder '.sslbook' of the book (programs, records of runs, typeset formulas) and \
      the site. A folder that sslbook did not write is never touched.
      """,
    options: [
      .book,
      .init(
        "--output", short: "-o", value: "dir", "The site's folder (site).", completion: .folder),
    ],
    examples: [.init("sslbook clean", "the next build starts from nothing")])

  private let arguments: ParsedArguments

  init(_ arguments: ParsedArguments) { self.arguments = arguments }

  func run(on terminal: Terminal) throws(CommandFailure) -> ExitCode {
    let book = try arguments.book()
    let site = arguments.value("--output").map { BookFolder(path: $0).path } ?? book.path + "/site"
    var removed = 0
    var isRefused = false
    for path in [book.cache, site] where FileSystem.exists(path) {
      if path == site, !FileSystem.exists("\(site)/\(SiteWriter.marker)") {
        let fault = BookFault.outputIsNoSite(path: site)
        terminal.errors.write(CommandLineTool.text(of: fault, style: terminal.errors.style))
        isRefused = true
        continue
      }
      let size = Self.size(of: path)
      FileSystem.remove(path)
      guard !FileSystem.exists(path) else {
        throw .file(.unwritable(path: path, reason: "it could not be removed"))
      }
      removed += 1
      terminal.output.writeLine("Removed \(VisibleText.of(path)) (\(Measure.bytes(size)))")
    }
    if isRefused { return .bookIsWrong }
    if removed == 0 { terminal.output.writeLine("There was nothing to remove.") }
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
