import CMicroHTTPD
import Foundation
import Synchronization

/// Decides what each request is answered with, and keeps the pages that wait for news.
final class Responder: Sendable {
  private let folder: SiteFolder
  private let script: [UInt8]
  private let hosts: Set<String>
  private let state: Mutex<State>
  /// Makes the numbers of this server unlike those of the one that a page may remember.
  private let instance: String

  private struct State {
    var preview: PreviewState
    var count = 0
    var waiting: [Waiting] = []
    var isClosed = false
  }

  /// A connection without an answer yet. Only the library looks behind the pointer, and it keeps
  /// a suspended connection until it is resumed.
  private struct Waiting: @unchecked Sendable {
    let connection: OpaquePointer
  }

  /// More pages than this are told to ask again later: connections for everything else are left.
  private let mostWaiting: Int

  init(folder: String, port: UInt16, hasSite: Bool, script: [UInt8], mostWaiting: Int) {
    self.folder = SiteFolder(path: folder)
    self.script = script
    self.mostWaiting = mostWaiting
    hosts = ["127.0.0.1:\(port)", "localhost:\(port)", "[::1]:\(port)"]
    instance = String(UInt32.random(in: 0 ... .max), radix: 36)
    let preview = PreviewState(
      site: hasSite ? "\(instance)-0" : "none", announcement: "\(instance)-0", problems: [])
    state = Mutex(State(preview: preview))
  }

  func announce(isNewSite: Bool, problems: [PreviewServer.Problem]) {
    state.withLock { state in
      state.count += 1
      let number = "\(instance)-\(state.count)"
      if isNewSite { state.preview.site = number }
      state.preview.announcement = number
      state.preview.problems = problems
      Self.wakeAll(&state)
    }
  }

  func wakeAll() {
    state.withLock { Self.wakeAll(&$0) }
  }

  /// From now on nobody waits.
  func close() {
    state.withLock { state in
      state.isClosed = true
      Self.wakeAll(&state)
    }
  }

  private static func wakeAll(_ state: inout State) {
    for waiting in state.waiting { MHD_resume_connection(waiting.connection) }
    state.waiting = []
  }

  /// The request gets no page, and its body need not be waited for.
  func refuses(_ request: Request) -> Bool { refusal(of: request) != nil }

  private func refusal(of request: Request) -> Response? {
    guard request.method == "GET" || request.method == "HEAD" else {
      return Response(405, text: "Only GET and HEAD.\n", headers: [("Allow", "GET, HEAD")])
    }
    let named = request.values(ofHeader: "host")
    guard named.count == 1 else { return Response(400, text: "One Host header, please.\n") }
    guard hosts.contains(named[0].lowercased()) else {
      return Response(421, text: "This server answers to localhost, 127.0.0.1 and [::1] only.\n")
    }
    return nil
  }

  /// Runs on the server's thread. `YES` without an answer means that the request waits.
  func respond(to request: Request) -> MHD_Result {
    if let refusal = refusal(of: request) { return refusal.send(on: request.connection) }
    if request.target.elementsEqual(LiveReload.eventsPath.utf8) {
      return events(for: request)?.send(on: request.connection) ?? .YES
    }
    if request.target.elementsEqual(LiveReload.scriptPath.utf8) {
      return Response(200, type: ContentType.javaScript, .bytes(script))
        .send(on: request.connection)
    }
    var response = page(at: request.target)
    if request.method == "GET" { response.apply(request.range) }
    return response.send(on: request.connection)
  }

  /// The state, when the page does not know it yet or has waited long enough; nil while it waits.
  private func events(for request: Request) -> Response? {
    state.withLock { state in
      let isKnown = request.query("known") == state.preview.announcement
      guard isKnown, !request.hasWaited, !state.isClosed else {
        return Response(200, type: ContentType.json, .bytes(state.preview.json))
      }
      guard state.waiting.count < mostWaiting else {
        return Response(503, text: "Too many pages wait.\n", headers: [("Retry-After", "1")])
      }
      MHD_suspend_connection(request.connection)
      state.waiting.append(Waiting(connection: request.connection))
      return nil
    }
  }

  private func page(at target: [UInt8]) -> Response {
    guard let path = RequestPath(target: target) else { return notFound() }
    let components = path.components + (path.isFolder ? ["index.html"] : [])
    switch folder.entry(at: components) {
    case .file(let descriptor, let size):
      return response(200, name: components.last ?? "", descriptor: descriptor, size: size)
    case .folder where !path.isFolder:
      // Links inside a folder's page are relative to the folder.
      return Response(
        301, text: "", headers: [("Location", String(decoding: target, as: UTF8.self) + "/")])
    case .folder, .missing:
      // Before the first build is done, any page may be one that it makes.
      let isAwaited = site == "none" && components.last?.hasSuffix(".html") == true
      return path.components.isEmpty || isAwaited ? waitingPage() : notFound()
    }
  }

  private func response(_ status: UInt32, name: String, descriptor: Int32, size: Int) -> Response {
    let type = ContentType.of(name)
    guard type == ContentType.html else {
      return Response(status, type: type, .file(descriptor: descriptor, range: 0..<size))
    }
    let page = SiteFolder.contents(of: descriptor, size: size)
    Foundation.close(descriptor)
    return Response(status, type: type, .bytes(LiveReload.injected(into: page, site: site)))
  }

  private func notFound() -> Response {
    if case .file(let descriptor, let size) = folder.entry(at: ["404.html"]) {
      return response(404, name: "404.html", descriptor: descriptor, size: size)
    }
    return Response(404, text: "There is no such page.\n")
  }

  private func waitingPage() -> Response {
    let page = LiveReload.injected(into: Array(LiveReload.waitingPage.utf8), site: "none")
    return Response(503, type: ContentType.html, .bytes(page))
  }

  private var site: String { state.withLock { $0.preview.site } }
}
