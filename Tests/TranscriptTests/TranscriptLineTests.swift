import Testing
import Transcript

@Suite("Transcript") struct TranscriptLineTests {
  static let events: [Event] = [
    .began(item: 3), .ended(item: 3, seconds: 0.25),
    .text("a \"quoted\" \\ line\nand\ta tab, \r, \0, \u{1b}[31m, \u{7f}, é, 🙂, \u{2028}"),
    .text(""),
    .table(.init(columns: ["n", "loss"], rows: [["1", "0.5"], []], numeric: [true, true])),
    .figure(.init(svg: "<svg viewBox=\"0 0 1 1\"/>", unicode: "⣀⡠", description: "a line")),
    .value(item: 7, text: "10.2 nats"),
    .measured(
      .init(item: 4, index: 2, sample: "K = 4", number: .init(-0.0, spacing: 0x1p-52))),
    .measured(.init(item: 4, number: .init(1e300, spacing: .leastNonzeroMagnitude))),
    .measured(
      .init(item: 4, number: .init(0x1p53, spacing: 0, integer: 9_007_199_254_740_993))),
    .claim(.init(line: 12, column: 6, sentence: "it holds", test: .condition(true))),
    .claim(
      .init(
        line: 1, column: 1, sentence: "",
        test: .comparison(
          measured: .init(.infinity, spacing: 0),
          stated: .init(-.infinity, spacing: 0, integer: .min), tolerance: .nan))),
    .progress(.init(label: "training", done: 1, total: 10, seconds: 0.1)),
    .progress(
      .init(label: "", done: 10, total: 10, loss: .nan, seconds: 1, secondsLeft: 0)),
    .stopped(item: 2, message: "Index out of range"),
    .leftProcess(item: 3),
    .unknown("{\"event\": nonsense}"),
  ]

  @Test("an event survives a line", arguments: events)
  func roundTrip(event: Event) throws {
    let line = TranscriptLine(event, printed: 10, printedErrors: 3, token: "a1b2")
    let bytes = line.bytes
    #expect(bytes.last == UInt8(ascii: "\n"))
    #expect(bytes.dropLast().allSatisfy { $0 >= 0x20 })
    let read = try #require(TranscriptLine(bytes: bytes.dropLast()))
    // NaN is not equal to itself, but its line is.
    #expect(read.bytes == bytes)
    #expect(read.printed == 10 && read.printedErrors == 3 && read.token == "a1b2")
    if !"\(event)".contains("nan") { #expect(read == line) }
  }

  @Test("a line of ten megabytes survives")
  func huge() throws {
    let text = String(repeating: "0123456789\n", count: 1_000_000)
    let line = TranscriptLine(.text(text))
    #expect(TranscriptLine(bytes: line.bytes) == line)
  }

  @Test(
    "what the writer did not write is no event",
    arguments: [
      "", "hello", "{", "{}", "[1]", "{\"event\":\"unheard\",\"out\":0,\"err\":0}",
      "{\"event\":\"began\",\"out\":0,\"err\":0}", "{\"event\":\"began\",\"item\":3}",
      "{\"event\":\"began\",\"item\":3,\"out\":0,\"err\":0}",
      "{\"event\":\"began\",\"item\":3,\"out\":-1,\"err\":0}",
      "{\"event\":\"began\",\"item\":3.5,\"out\":0,\"err\":0}",
      "{\"event\":\"began\",\"item\":1e99,\"out\":0,\"err\":0}",
      "{\"event\":\"began\",\"item\":3,\"out\":0,\"err\":0} x",
      "{\"event\":\"text\",\"text\":\"\\x\",\"out\":0,\"err\":0}",
      "{\"event\":\"text\",\"text\":\"\\ud800\",\"out\":0,\"err\":0}",
      "{\"event\":\"text\",\"text\":\"open,\"out\":0,\"err\":0}",
    ])
  func unknown(line: String) {
    #expect(TranscriptLine(bytes: Array(line.utf8)) == nil)
  }

  @Test("a line nested without end is no event, and no crash")
  func deep() {
    let line = String(repeating: "{\"a\":", count: 100_000)
    #expect(TranscriptLine(bytes: Array(line.utf8)) == nil)
  }

  @Test("invalid UTF-8 is no event")
  func invalidText() {
    var bytes = Array(TranscriptLine(.text("abc")).bytes.dropLast())
    bytes[bytes.firstIndex(of: UInt8(ascii: "b"))!] = 0xff
    #expect(TranscriptLine(bytes: bytes) == nil)
  }

  @Test("no prefix of a line is an event, and no changed byte crashes the reader")
  func damaged() {
    for event in Self.events {
      let bytes = Array(TranscriptLine(event).bytes.dropLast())
      for count in bytes.indices { #expect(TranscriptLine(bytes: Array(bytes[..<count])) == nil) }
      for index in bytes.indices {
        var changed = bytes
        changed[index] ^= 0x15
        _ = TranscriptLine(bytes: changed)
      }
    }
  }
}
