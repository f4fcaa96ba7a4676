import CMicroHTTPD

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
    case file(descriptor: Int32, size: Int)
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

  /// Queues the answer; the library sends no body where the request was `HEAD`.
  func send(on connection: OpaquePointer) -> MHD_Result {
    let response: OpaquePointer?
    switch body {
    case .bytes(let bytes):
      response = bytes.withUnsafeBytes {
        MHD_create_response_from_buffer(
          bytes.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
      }
    case .file(let descriptor, let size):
      response = MHD_create_response_from_fd64(UInt64(size), descriptor)
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
