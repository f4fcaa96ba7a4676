import Foundation
import PreviewServer
import TestSupport
import Testing

@Suite("Live reload") struct LiveReloadTests {
  let site: ServedSite
  let server: PreviewServer

  private struct News: Decodable, Equatable {
    struct Problem: Decodable, Equatable {
      var severity: String, place: String, message: String, source: String, hint: String
    }
    var site: String
    var announcement: String
    var problems: [Problem]
  }

  init() throws {
    site = try ServedSite()
    server = try PreviewServer(folder: site.site, port: .exactly(0), hasSite: true)
  }

  private func news(knowing announcement: String) throws -> News {
    try Self.news(knowing: announcement, port: server.port)
  }

  private static func news(knowing announcement: String, port: UInt16) throws -> News {
    let answer = try #require(
      RawRequest.get("/.preview/events?known=\(announcement)", port: port))
    #expect(answer.status == 200)
    return try JSONDecoder().decode(News.self, from: Data(answer.body.utf8))
  }

  @Test("a page that knows nothing is told at once")
  func first() throws {
    #expect(try news(knowing: "").problems.isEmpty)
  }

  @Test("a page that is up to date waits for the next site, without being asked again")
  func waits() async throws {
    let now = try news(knowing: "")
    let port = server.port
    let later = Task.detached { try Self.news(knowing: now.announcement, port: port) }
    // Announcing before the request has come is no different for the page: it then hears at once.
    server.announceSite()
    let next = try await later.value
    #expect(next.site != now.site)
    #expect(next.announcement != now.announcement)
  }

  @Test("problems leave the site as it was, and go away again")
  func problems() throws {
    let before = try news(knowing: "")
    server.announce(problems: [
      .init(
        severity: "error", place: "chapters/a.md:3:1", message: "a \"quoted\"\n</script>\u{1B}[31m",
        source: "let x = \\(y)", hint: "é 💡")
    ])
    let with = try news(knowing: before.announcement)
    #expect(with.site == before.site)
    #expect(with.problems.first?.message == "a \"quoted\"\n</script>\u{1B}[31m")
    #expect(with.problems.first?.source == "let x = \\(y)")
    #expect(with.problems.first?.hint == "é 💡")
    server.announce(problems: [])
    let without = try news(knowing: with.announcement)
    #expect(without.site == before.site)
    #expect(without.problems.isEmpty)
  }

  @Test("stopping answers the pages that wait")
  func stopping() async throws {
    let now = try news(knowing: "")
    let port = server.port
    let waiting = Task.detached {
      RawRequest.get("/.preview/events?known=\(now.announcement)", port: port)
    }
    server.stop()
    _ = await waiting.value
  }

  @Test("eleven hundred pages wait, and the next request is answered")
  func veryManyPages() throws {
    let now = try news(knowing: "")
    let head = """
      GET /.preview/events?known=\(now.announcement) HTTP/1.1\r
      Host: 127.0.0.1:\(server.port)\r\n\r\n
      """
    let connections = (0..<1100).map { _ in
      let connection = RawRequest.connect(port: server.port)
      _ = Array(head.utf8).withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
      return connection
    }
    #expect(connections.allSatisfy { $0 >= 0 })
    #expect(RawRequest.get("/style.css", port: server.port)?.status == 200)
    server.announceSite()
    for connection in connections {
      var byte: UInt8 = 0
      #expect(read(connection, &byte, 1) == 1)
      close(connection)
    }
  }

  @Test("a hundred and fifty pages wait, leave and wait again")
  func manyPages() throws {
    let now = try news(knowing: "")
    let head = """
      GET /.preview/events?known=\(now.announcement) HTTP/1.1\r
      Host: 127.0.0.1:\(server.port)\r\n\r\n
      """
    let connections = (0..<150).map { _ in
      let connection = RawRequest.connect(port: server.port)
      _ = Array(head.utf8).withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
      return connection
    }
    for connection in connections.dropFirst(75) { close(connection) }
    server.announceSite()
    for connection in connections.prefix(75) {
      var byte: UInt8 = 0
      #expect(read(connection, &byte, 1) == 1)
      close(connection)
    }
    #expect(try news(knowing: now.announcement).site != now.site)
  }
}
