import CMicroHTTPD
import Foundation

/// One request, as far as this server reads it.
struct Request {
  let connection: OpaquePointer
  let method: String
  /// Still percent-encoded, without the query.
  let target: [UInt8]
  /// It was kept waiting for news, and has to be answered now.
  let hasWaited: Bool

  /// Every value of a header: a request with two hosts is not to be trusted with either.
  func values(ofHeader name: String) -> [String] {
    var search = Search(name: name)
    withUnsafeMutablePointer(to: &search) { pointer in
      _ = MHD_get_connection_values(
        connection, .HEADER_KIND,
        { context, _, key, value in
          let search = context!.assumingMemoryBound(to: Search.self)
          if let key, String(cString: key).lowercased() == search.pointee.name {
            search.pointee.values.append(value.map { String(cString: $0) } ?? "")
          }
          return .YES
        }, pointer)
    }
    return search.values
  }

  /// The bytes that are asked for, when it is one range, and may be sent instead of the whole: a
  /// condition can never hold, since no answer carries a date or a tag.
  var range: ByteRange? {
    let ranges = values(ofHeader: "range")
    guard ranges.count == 1, values(ofHeader: "if-range").isEmpty else { return nil }
    return ByteRange(ranges[0])
  }

  func query(_ name: String) -> String {
    MHD_lookup_connection_value(connection, .GET_ARGUMENT_KIND, name)
      .map { String(cString: $0) } ?? ""
  }

  private struct Search {
    let name: String
    var values: [String] = []
  }
}

/// One answer; sent by the server's thread.
struct Response {
  enum Body {
    case bytes([UInt8])
    /// A part of a file, which is closed when it is sent.
    case file(descriptor: Int32, range: Range<Int>)
  }
  var status: UInt32
  var type: String
  var body: Body
  var headers: [(String, String)] = []

  init(_ status: UInt32, type: String, _ body: Body, headers: [(String, String)] = []) {
    self.status = status
    self.type = type
    self.body = body
    self.headers = headers
  }

  init(_ status: UInt32, text: String, headers: [(String, String)] = []) {
    self.init(status, type: ContentType.text, .bytes(Array(text.utf8)), headers: headers)
  }

  /// Leaves only the part that was asked for. A page that is made on its way out is always whole.
  mutating func apply(_ range: ByteRange?) {
    guard case .file(let descriptor, let whole) = body else { return }
    headers.append(("Accept-Ranges", "bytes"))
    guard let range, status == 200 else { return }
    if let part = range.part(of: whole.count) {
      status = 206
      body = .file(descriptor: descriptor, range: part)
      let last = part.upperBound - 1
      headers.append(("Content-Range", "bytes \(part.lowerBound)-\(last)/\(whole.count)"))
    } else {
      close(descriptor)
      self = Response(416, text: "", headers: [("Content-Range", "bytes */\(whole.count)")])
    }
  }

  /// Queues the answer; the library sends no body where the request was `HEAD`.
  func send(on connection: OpaquePointer) -> MHD_Result {
    let response: OpaquePointer?
    switch body {
    case .bytes(let bytes):
      response = bytes.withUnsafeBytes {
        MHD_create_response_from_buffer(
          bytes.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
      }
    case .file(let descriptor, let range):
      response = MHD_create_response_from_fd_at_offset64(
        UInt64(range.count), descriptor, UInt64(range.lowerBound))
    }
    guard let response else { return .NO }
    defer { MHD_destroy_response(response) }
    let always = [
      ("Content-Type", type), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
      ("Cross-Origin-Resource-Policy", "same-origin"),
    ]
    for (name, value) in always + headers {
      MHD_add_response_header(response, name, value)
    }
    return MHD_queue_response(connection, status, response)
  }
}
