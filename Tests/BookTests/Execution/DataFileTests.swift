import Book
import Foundation
import TestSupport
import Testing
import Transcript

@Suite("Data files of a book") struct DataFileTests {
  let fixture: ExecutionFixture

  init() throws { fixture = try ExecutionFixture() }

  private func record(
    _ chapter: Chapter, observe: (ExecutionEvent) -> Void = { _ in }
  ) -> ExecutionRecord {
    fixture.executor().record(of: chapter, observe: observe)
  }

  private func chapter(_ code: String) -> Chapter {
    ChapterSketch.chapter("```swift\n\(code)\n```\n", path: "chapters/data.md")
  }

  @Test("a file that changes while the chapter runs makes it run again")
  func changedMeanwhile() throws {
    try fixture.folder.write("one", to: "data")
    let chapter = chapter(
      """
      let data = readData("data")
      _ = readData("go")
      show(String(decoding: data, as: UTF8.self))
      while !readData("go").isEmpty { usleep(1000) }
      """)
    try fixture.folder.write("not yet", to: "go")
    let record = record(chapter) { event in
      guard case .output(_, .text("one")) = event else { return }
      #expect(throws: Never.self) {
        try fixture.folder.write("two", to: "data")
        try fixture.folder.write("", to: "go")
      }
    }
    #expect(record.diagnostics == [])
    #expect(record.filesRead == ["data", "go"])
    // The second was read with both contents: no content of it is that of the run.
    #expect(
      fixture.executor().reasons(for: chapter)
        == [.fileChanged(path: "data"), .fileChanged(path: "go")])
  }

  @Test("a link that leads elsewhere makes the chapter run again")
  func link() throws {
    try fixture.folder.write("one", to: "a")
    try fixture.folder.write("two", to: "b")
    let link = fixture.folder.path + "/data"
    #expect(symlink("a", link) == 0)
    let chapter = chapter("show(String(decoding: readData(\"./data\"), as: UTF8.self))")
    let record = record(chapter)
    #expect(record.outputs[0] == [.text("one")])
    #expect(record.filesRead == ["data"])
    #expect(fixture.executor().reasons(for: chapter) == [])
    #expect(unlink(link) == 0 && symlink("b", link) == 0)
    #expect(fixture.executor().reasons(for: chapter) == [.fileChanged(path: "data")])
  }

  @Test("several threads, and cells that are expected to stop, read whole files")
  func threads() throws {
    let bytes = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 4) }
    try FileSystem.write(bytes, to: fixture.folder.path + "/large")
    let sum = bytes.reduce(0) { $0 &* 31 &+ Int($1) }
    let chapter = ChapterSketch.chapter(
      """
      ```swift
      import Foundation
      nonisolated func sum() -> Int { readData("large").reduce(0) { $0 &* 31 &+ Int($1) } }
      nonisolated(unsafe) var sums = [Int](repeating: 0, count: 8)
      let done = DispatchSemaphore(value: 0)
      let lock = NSLock()
      for i in 0..<8 {
        Thread.detachNewThread {
          let value = sum()
          lock.withLock { sums[i] = value }
          done.signal()
        }
      }
      for _ in 0..<8 { done.wait() }
      show(sums.allSatisfy { $0 == \(sum) })
      ```

      ```swift
      //| expect: error
      fatalError("\\(sum() == \(sum))")
      ```

      ```swift
      //| expect: error
      _ = readData("nothing")
      ```

      ```swift
      show(sum() == \(sum))
      ```
      """)
    let record = record(chapter)
    #expect(record.diagnostics == [])
    #expect(record.outputs[0] == [.text("true")])
    #expect(record.outputs[1] == [.expectedError("true")])
    #expect(record.outputs[2] == [.expectedError("readData: the book has no file 'nothing'")])
    #expect(record.outputs[3] == [.text("true")])
    #expect(record.filesRead == ["large"])
    // That there was no such file is a part of what the run showed.
    #expect(fixture.executor().reasons(for: chapter) == [])
    try fixture.folder.write("", to: "nothing")
    #expect(fixture.executor().reasons(for: chapter) == [.fileChanged(path: "nothing")])
  }

  @Test("who asks and does not read keeps nobody waiting")
  func unreadReplies() throws {
    try FileSystem.write([UInt8](repeating: 7, count: 1 << 20), to: fixture.folder.path + "/large")
    try fixture.folder.write("small", to: "small")
    let requests = try #require(
      FileRequests(book: fixture.folder.path, token: "0123456789abcdef"))
    let socket = requests.programEnd
    let token = MessageSocket.receive(over: socket, limit: 100).bytes
    #expect(String(decoding: token, as: UTF8.self) == "0123456789abcdef")
    var unread: [Int32] = []
    for _ in 0..<8 {
      let (own, other) = try #require(MessageSocket.streamPair())
      #expect(
        MessageSocket.send(FileRequest.message(path: "large"), with: other, over: socket))
      close(other)
      unread.append(own)
    }
    let (own, other) = try #require(MessageSocket.streamPair())
    #expect(MessageSocket.send(FileRequest.message(path: "small"), with: other, over: socket))
    close(other)
    #expect(requests.pollTargets.count == 1)
    requests.serve()
    #expect(
      requests.pollTargets.count == 9, "eight replies are full, and there may be more requests")
    var reply = [UInt8](repeating: 0, count: 100)
    let count = read(own, &reply, reply.count)
    #expect(
      reply.prefix(max(0, count))
        == (FileRequest.ReplyHeader(isRefusal: false, count: 5).bytes + "small".utf8)[...])
    for file in unread + [own] { close(file) }
    // Who closed its end is not served any further.
    for _ in 0..<8 { requests.serve() }
    #expect(requests.pollTargets.count == 1)
  }
}
