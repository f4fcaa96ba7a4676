import Foundation

/// A request written byte by byte, because the interesting ones are those that no client sends.
package enum RawRequest {
  package struct Answer {
    package var status: Int
    package var headers: [String: String]
    package var body: String
  }

  package static func get(
    _ path: String, port: UInt16, host: String? = nil, method: String = "GET"
  ) -> Answer? {
    send("\(method) \(path) HTTP/1.1\r\nHost: \(host ?? "127.0.0.1:\(port)")\r\n", port: port)
  }

  /// - Parameter head: the request line and headers, without the empty line that ends them.
  package static func send(_ head: String, port: UInt16) -> Answer? {
    parse(sendBytes(Array("\(head)Connection: close\r\n\r\n".utf8), port: port))
  }

  /// Everything the server says before it closes the connection.
  package static func sendBytes(_ bytes: [UInt8], port: UInt16) -> [UInt8] {
    sendBytes(bytes, on: connect(port: port))
  }

  package static func sendBytes(_ bytes: [UInt8], on connection: Int32) -> [UInt8] {
    guard connection >= 0 else { return [] }
    defer { close(connection) }
    _ = bytes.withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(connection, &buffer, buffer.count)
      guard count > 0 else { return answer }
      answer += buffer[..<count]
    }
  }

  /// A connection to ::1.
  package static func connect6(port: UInt16) -> Int32 {
    var target = sockaddr_in6()
    target.sin6_family = sa_family_t(AF_INET6)
    target.sin6_port = port.bigEndian
    target.sin6_addr = in6addr_loopback
    return connect(AF_INET6, &target)
  }

  package static func connect(port: UInt16, address: UInt32 = 0x7F00_0001) -> Int32 {
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = port.bigEndian
    target.sin_addr.s_addr = address.bigEndian
    return connect(AF_INET, &target)
  }

  private static func connect<Address>(_ family: Int32, _ target: inout Address) -> Int32 {
    #if os(Linux)
      let connection = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let connection = socket(family, SOCK_STREAM, 0)
    #endif
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let result = withUnsafePointer(to: &target) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(connection, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
    guard result == 0 else {
      close(connection)
      return -1
    }
    return connection
  }

  private static func parse(_ bytes: [UInt8]) -> Answer? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    return Answer(status: status, headers: headers, body: String(text[end.upperBound...]))
  }
}
