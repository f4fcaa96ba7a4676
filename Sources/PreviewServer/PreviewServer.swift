import CMicroHTTPD
import Foundation
import Synchronization

/// Serves one folder to the browsers of this machine, and tells open pages when it has changed.
///
/// Only the loopback addresses are listened on, and only requests that name this host are answered: a page of
/// another site cannot read the book by pointing its own name at this machine (DNS rebinding).
public final class PreviewServer: Sendable {
  /// Something wrong with the book, in the words of the terminal.
  public struct Problem: Encodable, Sendable {
    public var severity: String
    /// `chapters/contrast.md:41:14`
    public var place: String
    public var message: String
    /// The line of the source, or empty.
    public var source: String
    public var hint: String

    public init(
      severity: String, place: String, message: String, source: String = "", hint: String = ""
    ) {
      self.severity = severity
      self.place = place
      self.message = message
      self.source = source
      self.hint = hint
    }
  }

  public let port: UInt16
  private let responder: Responder
  private nonisolated(unsafe) let heartbeat: any DispatchSourceTimer
  /// One for each address, each with one thread.
  private nonisolated(unsafe) let daemons: [OpaquePointer]
  private let isStopped = Mutex(false)

  public var url: String { "http://127.0.0.1:\(port)/" }

  /// Starts at once; pages can be asked for before there is a site.
  ///
  /// - Parameters:
  ///   - hasSite: a site of an earlier build stands in the folder and may be shown.
  ///   - script: what is added to every page: it waits for news and shows them.
  public init(
    folder: String, port choice: PortChoice, hasSite: Bool, script: [UInt8] = []
  ) throws(PreviewServerError) {
    let sockets = try ListeningSockets(choice)
    port = sockets.port
    let mostConnections = Self.connectionLimit() / sockets.descriptors.count
    responder = Responder(
      folder: folder, port: sockets.port, hasSite: hasSite, script: script,
      mostWaiting: mostConnections / 2)
    let flags = MHD_ALLOW_SUSPEND_RESUME.rawValue | MHD_USE_AUTO_INTERNAL_THREAD.rawValue
    let context = Unmanaged.passUnretained(responder).toOpaque()
    // The path is decoded by `RequestPath`, strictly; the library leaves it as it came.
    let leaveEncoded:
      @convention(c) (
        UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<CChar>?
      ) -> Int = { _, _, text in
        text.map { strlen($0) } ?? 0
      }
    var started: [OpaquePointer] = []
    for descriptor in sockets.descriptors {
      let daemon = withVaList([
        Int32(MHD_OPTION.LISTEN_SOCKET.rawValue), descriptor,
        Int32(MHD_OPTION.CONNECTION_LIMIT.rawValue), UInt32(mostConnections),
        Int32(MHD_OPTION.CONNECTION_TIMEOUT.rawValue), UInt32(30),
        Int32(MHD_OPTION.STRICT_FOR_CLIENT.rawValue), Int32(1),
        Int32(MHD_OPTION.UNESCAPE_CALLBACK.rawValue), unsafeBitCast(leaveEncoded, to: Int.self), 0,
        Int32(MHD_OPTION.END.rawValue),
      ]) { options in
        MHD_start_daemon_va(flags, 0, nil, nil, answer, context, options)
      }
      guard let daemon else {
        let reason = String(cString: strerror(errno))
        for other in started { MHD_stop_daemon(other) }
        for descriptor in sockets.descriptors[started.count...] { close(descriptor) }
        throw .cannotListen(reason: reason)
      }
      started.append(daemon)
    }
    daemons = started
    // A waiting connection is not watched: answering it now and then finds out who has left.
    let responder = responder
    heartbeat = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
    heartbeat.schedule(deadline: .now() + 20, repeating: 20, leeway: .seconds(2))
    heartbeat.setEventHandler { responder.wakeAll() }
    heartbeat.resume()
  }

  /// A new site stands in the folder: pages load themselves again.
  public func announceSite() {
    responder.announce(isNewSite: true, problems: [])
  }

  /// The site is as it was. Pages stay as they are, and show the problems or stop showing them.
  public func announce(problems: [Problem]) {
    responder.announce(isNewSite: false, problems: problems)
  }

  /// Answers what is waiting, and closes the port.
  public func stop() {
    let first = isStopped.withLock { stopped in
      defer { stopped = true }
      return !stopped
    }
    guard first else { return }
    heartbeat.cancel()
    responder.close()
    for daemon in daemons { MHD_stop_daemon(daemon) }
  }

  deinit { stop() }

  /// Every open page keeps a connection, so the process may open as many files as the system lets
  /// it; some are left to builds.
  private static func connectionLimit() -> Int {
    var limit = rlimit()
    #if os(Linux)
      let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let files = RLIMIT_NOFILE
    #endif
    getrlimit(files, &limit)
    let wanted = min(limit.rlim_max, 16_384)
    if limit.rlim_cur < wanted {
      limit.rlim_cur = wanted
      setrlimit(files, &limit)
      getrlimit(files, &limit)
    }
    return max(64, Int(min(limit.rlim_cur, 16_384)) - 512)
  }
}

/// How far a request has come; the library keeps the number between its calls.
private enum Progress: Int { case headRead = 1, waited }

/// The library's callback: once when the head of a request has come, again to answer it, and a
/// third time when it was kept waiting.
private let answer: MHD_AccessHandlerCallback = {
  context, connection, target, method, _, _, uploadSize, progress in
  guard let context, let connection, let target, let method, let progress else { return .NO }
  let responder = Unmanaged<Responder>.fromOpaque(context).takeUnretainedValue()
  let bytes = UnsafeRawBufferPointer(start: target, count: strlen(target))
  let request = Request(
    connection: connection, method: String(cString: method), target: Array(bytes),
    hasWaited: Int(bitPattern: progress.pointee) == Progress.waited.rawValue)
  // What a request carries besides its head is read by nobody.
  if progress.pointee == nil, !responder.refuses(request) {
    progress.pointee = UnsafeMutableRawPointer(bitPattern: Progress.headRead.rawValue)
    return .YES
  }
  if let uploadSize, uploadSize.pointee > 0 {
    uploadSize.pointee = 0
    return .YES
  }
  progress.pointee = UnsafeMutableRawPointer(bitPattern: Progress.waited.rawValue)
  return responder.respond(to: request)
}
