import Book
import Testing

@Suite("Content keys") struct ContentKeyTests {
  // hashlib.sha256((len(s)).to_bytes(8, "little") + s).hexdigest()[:32]
  @Test(
    "agree with Python's hashlib",
    arguments: [
      ("", "af5570f5a1810b7af78caf4bc70a660f"),
      ("abc", "ce91dc5eec0139adf091900d225971d6"),
      (String(repeating: "x", count: 200), "8b70c0b60fdb51529836e1e5038056a9"),
    ])
  func known(text: String, expected: String) {
    #expect(ContentKey(text).description == expected)
  }

  @Test("parts are delimited") func delimited() {
    #expect(ContentKey("ab", "c") != ContentKey("a", "bc"))
    #expect(ContentKey("a", "") != ContentKey("a"))
  }

  @Test("read back from hexadecimal") func roundTrip() {
    let key = ContentKey("round trip")
    #expect(ContentKey(hexadecimal: key.description) == key)
    #expect(ContentKey(hexadecimal: "zz") == nil)
  }
}
