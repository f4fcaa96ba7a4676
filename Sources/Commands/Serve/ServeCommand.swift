import Book
import Foundation
import PreviewServer

/// `sslbook serve`: the book in the browser, as it is being written.
struct ServeCommand: Command {
  static let description = CommandDescription(
    "serve", "Show the book in the browser, and follow every change.",
    discussion: """
      Builds the book, serves it to this machine only, and builds again whenever a file of the book \
      is saved; open pages follow by themselves and stay where they are. While something is wrong, \
      they show what, and the last good page stays.
      """,
    options: [
      .init("--port", short: "-p", value: "n", "The port (the first free one from 4321)."),
      .init("--open", "Open the book in the browser."),
      .book,
      .output,
      .jobs,
    ],
    examples: [
      .init("sslbook serve", "then write"),
      .init("sslbook serve --port 8080 --open", "on this port or none"),
    ])

  static let usualPort: UInt16 = 4321

  private let arguments: ParsedArguments
  private let port: PortChoice

  init(_ arguments: ParsedArguments) throws(UsageFault) {
    self.arguments = arguments
    port =
      try arguments.number("--port", in: 1...65_535).map { .exactly(UInt16($0)) }
      ?? .firstFree(from: Self.usualPort)
  }

  func run(on terminal: Terminal) throws -> ExitCode {
    let book = try arguments.book()
    let options = try arguments.buildOptions(for: book)
    let site = BookBuilder(book: book, options: options).output
    let script = try Theme.previewScript()
    let watcher: FileWatcher
    let server: PreviewServer
    do {
      watcher = try FileWatcher(folder: book.path, subfolders: Self.watched(in: book))
    } catch {
      throw ServeFault.watcher(error)
    }
    do {
      server = try PreviewServer(
        folder: site, port: port, hasSite: SiteWriter.hasSite(site), script: script)
    } catch {
      throw ServeFault.server(error)
    }
    let style = terminal.output.style
    terminal.output.writeLine(
      "\(style(.strong, server.url))  \(style(.quiet, "Ctrl-C ends the preview"))")
    if arguments.has("--open") { Browser.open(server.url) }
    let preview = Preview(
      book: book, options: options, server: server, watcher: watcher, terminal: terminal)
    let interruption = Interruption { preview.stop() }
    preview.run()
    server.stop()
    interruption.dieIfReceived()
    interruption.end()
    return .success
  }

  /// Every visible folder of the book's own, but for those that builds of this or another tool
  /// write.
  private static func watched(in book: BookFolder) -> [String] {
    let always = ["chapters", "images"]
    return BookFolder.sources.filter {
      always.contains($0) || FileSystem.isFolder(book.absolute($0))
    }
  }
}

/// The system's way to open an address.
enum Browser {
  static func open(_ url: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    #if os(macOS)
      process.arguments = ["open", url]
    #else
      process.arguments = ["xdg-open", url]
    #endif
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    // Without a browser the address on the terminal has to do.
    try? process.run()
  }
}
