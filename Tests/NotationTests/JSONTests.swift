import Foundation
import Notation
import Testing

@Suite("JSON") struct JSONTests {
  @Test("escapes of other writers are read")
  func escapes() throws {
    let text = #" { "a" : [ "é🙂\/\b\f\ud83d\ude42" , -1.5e2 , true , null ] } "#
    let json = try JSON(reading: Array(text.utf8))
    #expect(json["a"] == .array([.string("é🙂/\u{8}\u{c}🙂"), .number(-150), .bool(true), .null]))
  }

  @Test(
    "the first fault has its line and column",
    arguments: [
      ("", "1:1 a value is missing"), ("[1,\n 2\n", "3:1 ',' or ']' is missing"),
      ("{\n  \"a\": 1,\n}", "3:1 a name in double quotes is missing"),
      ("{\"a\" 1}", "1:6 ':' is missing"), ("{\"a\": 1 \"b\"}", "1:9 ',' or '}' is missing"),
      ("[\"é\", x]", "1:8 a value is missing"), ("\n\"abc", "2:1 a string does not end"),
      ("\"a\nb\"", "1:3 a string holds a line break or another control character"),
      ("\"a\\x\"", "1:3 '\\' is not followed by a character that it may precede"),
      ("\"\\ud800\"", "1:2 '\\' is not followed by a character that it may precede"),
      ("[01]", "1:2 a number is not written as JSON writes it"),
      ("[1.]", "1:2 a number is not written as JSON writes it"),
      ("[1e999]", "1:2 a number is not written as JSON writes it"),
      ("[-]", "1:2 a number is not written as JSON writes it"), ("+1", "1:1 a value is missing"),
      ("true false", "1:6 something follows the value"), ("nul", "1:1 a value is missing"),
      (
        String(repeating: "[", count: 100_000), "1:66 values are nested more than 64 deep"
      ),
    ])
  func faults(text: String, expected: String) {
    do {
      _ = try JSON(reading: Array(text.utf8))
      Issue.record("read \(text)")
    } catch {
      #expect("\(error.line):\(error.column) \(error.message)" == expected)
    }
  }

  @Test("a string that is not UTF-8 is a fault at its quote")
  func encoding() {
    let bytes = Array("[\"".utf8) + [0xff] + Array("\"]".utf8)
    #expect {
      try JSON(reading: bytes)
    } throws: { error in
      let fault = error as? JSON.Fault
      return fault?.reason == .encoding && fault?.column == 2
    }
  }

  @Test(
    "numbers come back as they were written",
    arguments: [
      JSON(0), JSON(Int.max), JSON(Int.min), JSON(9_007_199_254_740_993), JSON(-0.0), JSON(0.1),
      JSON(3.0), JSON(1e300), JSON(5e-324), JSON(-Double.infinity), JSON.number(0.5),
    ])
  func numbers(json: JSON) throws {
    let read = try JSON(reading: json.bytes)
    #expect(read == json)
    #expect(read.double?.sign == json.double?.sign)
  }

  @Test("a whole number beyond Int is a Double, and no Int")
  func large() throws {
    let json = try JSON(reading: Array("99999999999999999999".utf8))
    #expect(json == .number(1e20))
    #expect(json.int == nil)
    #expect(try JSON(reading: Array("2.0".utf8)).int == 2)
  }

  @Test("a member knows its line, after a byte order mark too")
  func lines() throws {
    let text = "\u{FEFF}{\n  \"a\": [\n1\n],\n\n\"b\": 2}"
    let members = try JSON(reading: Array(text.utf8)).members
    #expect(members?.map(\.name) == ["a", "b"])
    #expect(members?.map(\.line) == [2, 6])
  }

  @Test("what is indented reads the same, and Foundation reads it too")
  func indented() throws {
    let json = JSON.object([
      .init("text", .string("\"\\\n\u{1}é</script>")), .init("none", .array([])),
      .init("list", .array([.integer(1), .object([.init("deep", .null)])])),
      .init("no", .object([])),
    ])
    let expected = #"""
      {
        "text": "\"\\\n\u0001é</script>",
        "none": [],
        "list": [
          1,
          {
            "deep": null
          }
        ],
        "no": {}
      }
      """#
    #expect(String(decoding: json.indentedBytes, as: UTF8.self) == expected)
    #expect(try JSON(reading: json.indentedBytes) == json)
    let object = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any]
    #expect(object?["text"] as? String == "\"\\\n\u{1}é</script>")
  }

  @Test("no cut and no changed byte crashes the reader")
  func damaged() {
    let bytes = Array(#"{"a":[-1.5e+2,"\u00e9\ud83d\ude42",true],"b":{"c":null}}"#.utf8)
    for count in bytes.indices {
      #expect(throws: JSON.Fault.self) { try JSON(reading: Array(bytes[..<count])) }
    }
    for index in bytes.indices {
      for bit in 0..<8 {
        var changed = bytes
        changed[index] ^= 1 << bit
        _ = try? JSON(reading: changed)
      }
    }
  }
}
