import Foundation
import PreviewServer
import TestSupport
import Testing

@Suite("Preview server") struct PreviewServerTests {
  let site: ServedSite
  let server: PreviewServer

  init() throws {
    site = try ServedSite()
    server = try PreviewServer(
      folder: site.site, port: .exactly(0), hasSite: true, script: Array("listen();".utf8))
  }

  private func get(_ path: String, method: String = "GET") throws -> RawRequest.Answer {
    try #require(RawRequest.get(path, port: server.port, method: method))
  }

  @Test("serves the site's files with their types, and keeps none in a cache")
  func files() throws {
    let style = try get("/style.css")
    #expect(style.status == 200)
    #expect(style.body == "body { color: black }")
    #expect(style.headers["content-type"] == "text/css; charset=utf-8")
    #expect(style.headers["cache-control"] == "no-store")
    #expect(style.headers["x-content-type-options"] == "nosniff")
    #expect(try get("/a%20b%2541.svg").body == "<svg/>")
    #expect(try get("/style.css?version=2").status == 200)
  }

  @Test("adds the reload script to pages on their way out, and to nothing else")
  func injection() throws {
    let page = try get("/")
    #expect(page.status == 200)
    let tag = #/<script src="/\.preview/reload\.js" data-site="[^"]+" defer></script></body>/#
    #expect(page.body.contains(tag))
    let onDisk = try String(contentsOfFile: site.site + "/index.html", encoding: .utf8)
    #expect(!onDisk.contains("script"))
    let script = try get("/.preview/reload.js")
    #expect(script.headers["content-type"] == "text/javascript; charset=utf-8")
    #expect(script.body == "listen();")
  }

  @Test("a folder is its index, and its address ends in a slash")
  func folders() throws {
    #expect(try get("/part/").body.hasPrefix("<body>Part"))
    let redirect = try get("/part")
    #expect(redirect.status == 301)
    #expect(redirect.headers["location"] == "/part/")
  }

  @Test("an unknown page is the site's own 404")
  func unknownPage() throws {
    let answer = try get("/nowhere.html")
    #expect(answer.status == 404)
    #expect(answer.body.contains("<h1>Lost</h1><script") || answer.body.contains("<h1>Lost</h1>"))
    #expect(answer.body.contains("/.preview/reload.js"))
  }

  @Test("HEAD is GET without the body")
  func head() throws {
    let answer = try get("/style.css", method: "HEAD")
    #expect(answer.status == 200)
    #expect(answer.headers["content-length"] == "21")
    #expect(answer.body.isEmpty)
  }

  @Test(
    "a range is sent alone, when there is one; anything else is the whole",
    arguments: [
      ("bytes=0-3", 206, "body", "bytes 0-3/21"), ("bytes=5-5", 206, "{", "bytes 5-5/21"),
      ("bytes=16-", 206, "ack }", "bytes 16-20/21"), ("bytes=-2", 206, " }", "bytes 19-20/21"),
      ("bytes=19-99", 206, " }", "bytes 19-20/21"),
      ("bytes=-99", 206, "body { color: black }", "bytes 0-20/21"),
      ("Bytes=0-0", 206, "b", "bytes 0-0/21"),
      ("bytes=21-", 416, "", "bytes */21"), ("bytes=-0", 416, "", "bytes */21"),
      ("bytes=3-2", 200, "body { color: black }", nil),
      ("bytes=0-1,3-4", 200, "body { color: black }", nil),
      ("bytes=a-b", 200, "body { color: black }", nil),
      ("lines=0-1", 200, "body { color: black }", nil),
      ("bytes=", 200, "body { color: black }", nil), ("bytes=-", 200, "body { color: black }", nil),
      ("bytes=0-99999999999999999999", 200, "body { color: black }", nil),
    ] as [(String, Int, String, String?)])
  func ranges(header: String, status: Int, body: String, range: String?) throws {
    let head = "GET /style.css HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nRange: \(header)\r\n"
    let answer = try #require(RawRequest.send(head, port: server.port))
    #expect(answer.status == status)
    #expect(answer.body == body)
    #expect(answer.headers["content-range"] == range)
    #expect(answer.headers["content-length"] == "\(body.utf8.count)")
    if status < 400 { #expect(answer.headers["accept-ranges"] == "bytes") }
  }

  @Test("no range of a page, of a condition, or where only the head is asked for")
  func wholeAnswers() throws {
    for (line, more) in [
      ("GET /index.html", ""), ("GET /style.css", "If-Range: \"x\"\r\n"), ("HEAD /style.css", ""),
      ("GET /nowhere.css", ""),
    ] {
      let head = "\(line) HTTP/1.1\r\nHost: localhost:\(server.port)\r\nRange: bytes=0-0\r\n\(more)"
      let answer = try #require(RawRequest.send(head, port: server.port))
      #expect(answer.headers["content-range"] == nil, "\(line)")
      #expect(answer.status == (line.contains("nowhere") ? 404 : 200), "\(line)")
    }
  }

  @Test("listens on ::1 as well, with the same port and the same care")
  func loopback6() throws {
    func get(_ host: String) -> String {
      let head = "GET /style.css HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
      let connection = RawRequest.connect6(port: server.port)
      return String(decoding: RawRequest.sendBytes(Array(head.utf8), on: connection), as: UTF8.self)
    }
    for host in ["[::1]:\(server.port)", "localhost:\(server.port)"] {
      #expect(get(host).hasSuffix("body { color: black }"))
    }
    #expect(get("book.example:\(server.port)").contains(" 421 "))
  }

  @Test(
    "no path leads out of the site",
    arguments: [
      "/../secret.txt", "/../../etc/passwd", "/part/../../secret.txt", "/./style.css",
      "/%2e%2e/secret.txt", "/%2E%2E/secret.txt", "/.%2e/secret.txt", "/%2e/style.css",
      "/%252e%252e/secret.txt", "/%252e%252e%252fsecret.txt", "/..%2fsecret.txt",
      "/part%2f..%2f..%2fsecret.txt", "/..%5csecret.txt", "/..\\secret.txt", "/%5c..%5csecret.txt",
      "/link.txt", "/out/secret.txt", "/out/", "/out", "/pipe", "//etc/passwd", "/%2fetc/passwd",
      "//127.0.0.1/style.css", "/style.css%00", "/style.css%00.html", "/%00", "/.hidden", "/part/.",
      "/part//index.html", "/style.css/", "/style.css/..", "/%c0%ae%c0%ae/secret.txt",
      "/%ff%fe", "/%", "/%4", "/%zz", "/style.css%", "/..;/secret.txt", "/%2e%2e%3b/secret.txt",
      "/.preview/", "/.preview/../index.html", "/.preview/reload.js/", "style.css", "*",
      "http://127.0.0.1/style.css", "file:///etc/passwd", "/\u{2025}/secret.txt",
      "/" + String(repeating: "a", count: 300), "/" + String(repeating: "../", count: 200),
      "/" + String(repeating: "part/", count: 500), "/style.css%0d%0aSet-Cookie:%20a=b",
    ])
  func hostilePaths(path: String) throws {
    let answer = RawRequest.get(path, port: server.port)
    if let answer {
      #expect(answer.status >= 400, "\(path) was answered with \(answer.status)")
      #expect(!answer.body.contains("SECRET") && !answer.body.contains("root:"))
      #expect(answer.headers["set-cookie"] == nil)
    }
    #expect(try get("/style.css").status == 200, "the server did not survive \(path)")
  }

  @Test("only requests that name this host are answered")
  func hosts() throws {
    let port = server.port
    for good in ["127.0.0.1:\(port)", "localhost:\(port)", "LOCALHOST:\(port)"] {
      #expect(RawRequest.get("/", port: port, host: good)?.status == 200, "\(good)")
    }
    for bad in [
      "evil.example", "evil.example:\(port)", "127.0.0.1", "localhost", "127.0.0.1:1",
      "127.0.0.1.evil.example:\(port)", "localhost:\(port).evil.example", "0.0.0.0:\(port)",
      "[::1]:1", "::1:\(port)",
      "", " ", "127.0.0.1:\(port), evil.example", "127.0.0.1:\(port)@evil.example",
      "evil.example@127.0.0.1:\(port)", "127.0.0.1:0\(port)",
    ] {
      let answer = RawRequest.get("/", port: port, host: bad)
      #expect(answer.map { $0.status >= 400 } ?? true, "\(bad)")
      #expect(answer?.body.contains("Front") != true)
    }
    let none = RawRequest.send("GET / HTTP/1.1\r\n", port: port)
    #expect(none?.status == 400)
    let old = RawRequest.send("GET / HTTP/1.0\r\n", port: port)
    #expect(old?.status == 400)
    let two = RawRequest.send(
      "GET / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nHost: evil.example\r\n", port: port)
    #expect(two?.status == 400)
  }

  @Test("nothing can be changed", arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "X"])
  func methods(method: String) throws {
    let port = server.port
    let answer = try #require(
      RawRequest.send(
        "\(method) /style.css HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 0\r\n",
        port: port))
    #expect(answer.status == 405)
    #expect(answer.headers["allow"] == "GET, HEAD")
  }

  @Test("a request's own body is not waited for, nor stored")
  func bodies() throws {
    let port = server.port
    let head = "POST / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 99999999999\r\n"
    #expect(RawRequest.send(head, port: port)?.status == 405)
    let body = "GET /style.css HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Length: 3\r\n"
    let bytes = Array("\(body)Connection: close\r\n\r\nabc".utf8)
    #expect(
      String(decoding: RawRequest.sendBytes(bytes, port: port), as: UTF8.self).contains(" 200 "))
  }

  @Test("bytes that are no request at all cost one connection", arguments: 0..<40)
  func garbage(seed: Int) throws {
    var state = UInt64(seed &+ 1) &* 0x9E37_79B9_7F4A_7C15
    let bytes = (0..<200).map { _ -> UInt8 in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    let end = Array("\r\n\r\n".utf8)
    let connection = RawRequest.connect(port: server.port)
    #expect(connection >= 0)
    _ = (bytes + end).withUnsafeBytes { write(connection, $0.baseAddress, $0.count) }
    close(connection)
    #expect(try get("/style.css").status == 200)
  }

  @Test("listens on 127.0.0.1 and on no other address of this machine")
  func loopbackOnly() {
    #expect(RawRequest.connect(port: server.port, address: 0x7F00_0002) < 0)
  }

  @Test("a busy port is refused when it was asked for, and passed over otherwise")
  func busyPort() throws {
    let busy = server.port
    #expect(throws: PreviewServerError.portBusy(busy)) {
      try PreviewServer(folder: site.site, port: .exactly(busy), hasSite: true)
    }
    let next = try PreviewServer(folder: site.site, port: .firstFree(from: busy), hasSite: true)
    #expect(next.port > busy)
    next.stop()
  }

  @Test("a stopped server gives its port back")
  func stopping() throws {
    let port = server.port
    server.stop()
    server.stop()
    #expect(RawRequest.connect(port: port) < 0)
    let again = try PreviewServer(folder: site.site, port: .exactly(port), hasSite: true)
    #expect(RawRequest.get("/", port: port)?.status == 200)
    again.stop()
  }

  @Test("before the first build there is a page that waits for it")
  func noSiteYet() throws {
    let early = try PreviewServer(
      folder: site.folder + "/none", port: .exactly(0), hasSite: false)
    let answer = try #require(RawRequest.get("/", port: early.port))
    #expect(answer.status == 503)
    #expect(answer.body.contains(#"data-site="none""#))
    early.stop()
  }
}
