import Foundation
import Networks
import Tensors
import TestSupport
import Testing

@Suite("Safetensors") struct SafetensorsTests {
  /// Written by Python; see Fixtures/make_python.py.
  static func python() throws -> [UInt8] {
    [UInt8](
      try Data(
        contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
          .appending(path: "Fixtures/python.safetensors")))
  }

  @Test("a file written by Python is read, whatever its types")
  func readsPython() throws {
    let file = try Safetensors(try Self.python())
    #expect(file["weight"] == Tensor([[1.5, -2, 3], [4, 5e-8, 6]]))
    #expect(file["scalar"] == Tensor(7))
    #expect(file["empty"]?.shape == [0, 3])
    #expect(file["half"] == Tensor([1.5, -0.25, 65504, 0x1p-24]))
    #expect(file["double"] == Tensor([0.1, .infinity] as [Float]))
    #expect(file["nothing"] == nil)
  }

  @Test("what is written is what Python's package writes, byte for byte")
  func writes() throws {
    var file = Safetensors()
    file.append("a.weight", Tensor([[1, 2]]))
    file.append("quote\"d", Tensor(3))
    let header =
      #"{"a.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"#
      + #""quote\"d":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    var expected: [UInt8] = [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0]
    expected += Array(padded.utf8) + [0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64]
    #expect(file.bytes == expected)
    let back = try Safetensors(file.bytes)
    #expect(back.entries.map { $0.name } == ["a.weight", "quote\"d"])
    #expect(back["a.weight"] == Tensor([[1, 2]]))
  }

  @Test("bfloat16 is the upper half of a number")
  func bfloat16() throws {
    let header = "{\"a\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[0,6]}}"
    let bytes = Self.file(header) + [0x80, 0x3F, 0x20, 0xC0, 0x80, 0x7F]
    let file = try Safetensors(bytes)
    #expect(file["a"] == Tensor([1, -2.5, .infinity]))
  }

  @Test("a module is saved and loaded under the names of its parts")
  func module() throws {
    var random = RandomSource(seed: 1)
    let model = MLP([3, 4, 2], using: &random)
    var other = MLP([3, 4, 2], using: &random)
    let file = model.safetensors
    #expect(file.entries.map { $0.name } == ["0.weight", "0.bias", "1.weight", "1.bias"])
    try other.load(try Safetensors(file.bytes))
    #expect(other.parameters == model.parameters)
    #expect(other.parameters.allSatisfy { $0.isRecorded })
    var wrong = MLP([3, 5, 2], using: &random)
    let before = wrong.parameters
    #expect(
      throws: SafetensorsError.mismatch("0.weight", file: [3, 4], module: [3, 5])
    ) { try wrong.load(file) }
    #expect(wrong.parameters == before)
    #expect(throws: SafetensorsError.missing("0.weight")) { try wrong.load(Safetensors()) }
  }

  static func file(_ header: String, data: Int = 0) -> [UInt8] {
    [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  @Test(
    "damaged files are refused",
    arguments: [
      [], [1, 2, 3], [255, 255, 255, 255, 255, 255, 255, 255], [200, 0, 0, 0, 0, 0, 0, 0, 123],
      file("{"), file("[]"), file("{\"a\":1}"), file("{\"a\":{\"dtype\":\"F32\"}}"),
      file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", data: 4),
      file("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", data: 8),
      file("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", data: 8),
      file("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,4]}}", data: 4),
      file("{\"a\":{\"dtype\":\"X32\",\"shape\":[1],\"data_offsets\":[0,4]}}", data: 4),
      file("{\"a\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}", data: 2),
      file(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999,99999999999],\"data_offsets\":[0,8]}}",
        data: 8),
      file(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
        data: 8),
      file("{\"\\ud800\":{}}"), file("{\"a"), file(String(repeating: "[", count: 200)),
      file("{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,-4]}}", data: 8),
      file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}", data: 4),
      file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}", data: 4),
      file("{\"__metadata__\":{\"a\":1}}"),
    ] as [[UInt8]])
  func hostile(bytes: [UInt8]) {
    #expect(throws: SafetensorsError.self) { try Safetensors(bytes) }
  }

  /// A header with an F32 vector for each name and place, and so many bytes of data.
  static func vectors(_ places: [(String, Int, Int)], data: Int, more: String = "") -> [UInt8] {
    let entries = places.map { name, start, end in
      "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\((end - start) / 4)],"
        + "\"data_offsets\":[\(start),\(end)]}"
    }
    return file(
      "{" + (entries + (more.isEmpty ? [] : [more])).joined(separator: ",") + "}", data: data)
  }

  // The verdicts are those of the package `safetensors` 0.8.0:
  // for bytes in cases: safetensors.deserialize(bytes)
  @Test("what Python's reader takes is read")
  func takes() throws {
    #expect(try Safetensors(Self.vectors([("a", 4, 8), ("b", 0, 4)], data: 8)).entries.count == 2)
    #expect(try Safetensors(Self.vectors([("a", 0, 8), ("b", 8, 8)], data: 8)).entries.count == 2)
    // Of two with one name the last counts.
    let twice = try Safetensors(Self.vectors([("a", 0, 4), ("a", 0, 8)], data: 8))
    #expect(twice.entries.map { $0.tensor.shape } == [[2]])
    for more in [
      "\"__metadata__\":null", "\"__metadata__\":{\"format\":\"pt\"}",
      "\"b\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4],\"more\":1}",
    ] {
      #expect(try Safetensors(Self.vectors([("a", 0, 4)], data: 4, more: more))["a"] != nil)
    }
    let emoji = try Safetensors(Self.vectors([("\\ud83d\\ude00", 0, 4)], data: 4))
    #expect(emoji["😀"] != nil)
    #expect(try Safetensors(Self.file("{}")).entries.isEmpty)
    #expect(try Safetensors(Self.file(" { } \n")).entries.isEmpty)
  }

  @Test(
    "what Python's reader refuses is refused",
    arguments: [
      // Overlaps, holes, and what is left over.
      vectors([("a", 0, 8), ("b", 0, 8)], data: 8), vectors([("a", 0, 8), ("b", 4, 12)], data: 12),
      vectors([("a", 0, 4), ("b", 8, 12)], data: 12), vectors([("a", 4, 8)], data: 8),
      vectors([("a", 0, 4)], data: 5), vectors([("a", 0, 8), ("b", 4, 4)], data: 8),
      vectors([("a", 0, 4), ("a", 4, 8)], data: 8), file("{}", data: 1), file(""),
      // A field or the remarks twice; a tensor that is named as the remarks are.
      file(
        "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
        data: 4),
      file("{\"__metadata__\":{},\"__metadata__\":{}}"),
      vectors([("__metadata__", 0, 4)], data: 4),
      // Names that are no text.
      vectors([("\\ud800", 0, 4)], data: 4), vectors([("\\udc00", 0, 4)], data: 4),
      [15, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xFF] + Array("\":\"01234567\"}".utf8),
      [13, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xED, 0xA0, 0x80] + Array("\":null}".utf8),
      [5, 0, 0, 0, 0, 0, 0, 0, 0xEF, 0xBB, 0xBF] + Array("{}".utf8),
      file(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4,0],"
          + "\"data_offsets\":[0,0]}}"),
    ] as [[UInt8]])
  func refuses(bytes: [UInt8]) {
    #expect(throws: SafetensorsError.self) { try Safetensors(bytes) }
  }

  @Test("twenty thousand names over one block take no memory") func manyNames() {
    let names = (0..<20_000).map { ("\($0)", 0, 400_000) }
    #expect(throws: SafetensorsError.self) {
      try Safetensors(
        Self.long(
          names.map {
            "\"\($0.0)\":{\"dtype\":\"F32\",\"shape\":[100000],\"data_offsets\":[0,400000]}"
          }.joined(separator: ","), data: 400_000))
    }
  }

  private static func long(_ members: String, data: Int) -> [UInt8] {
    let header = Array("{\(members)}".utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    return length + header + [UInt8](repeating: 0, count: data)
  }

  @Test("whole numbers and truth values become floats") func integers() throws {
    let cases: [(String, Int, [UInt8], [Float])] = [
      ("I64", 8, [255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 1, 0, 0, 0], [-1, 0x1p32]),
      ("U64", 8, [255, 255, 255, 255, 255, 255, 255, 255, 7, 0, 0, 0, 0, 0, 0, 0], [0x1p64, 7]),
      ("I32", 4, [254, 255, 255, 255, 5, 0, 0, 0], [-2, 5]),
      ("U32", 4, [255, 255, 255, 255, 5, 0, 0, 0], [0x1p32, 5]),
      ("I16", 2, [0, 128, 1, 0], [-32768, 1]), ("U16", 2, [0, 128, 1, 0], [32768, 1]),
      ("I8", 1, [128, 127], [-128, 127]), ("U8", 1, [128, 127], [128, 127]),
      ("BOOL", 1, [0, 1], [0, 1]),
    ]
    for (type, width, bytes, numbers) in cases {
      let header =
        "{\"a\":{\"dtype\":\"\(type)\",\"shape\":[2],\"data_offsets\":[0,\(2 * width)]}}"
      #expect(try Safetensors(Self.file(header) + bytes)["a"]?.elements == numbers, "\(type)")
    }
  }

  @Test("what cannot be read is passed over until a module asks for it") func passedOver() throws {
    var weight = Linear(weight: Tensor([[1]]))
    for (type, shape, size) in [
      ("F8_E4M3", "[3]", 3), ("F4", "[4]", 2), ("C64", "[1]", 8),
      ("F32", "[2147483647,2147483647,0]", 0), ("F32", "[1,1,1,1,1,1,1,1,1]", 4),
    ] {
      let header =
        "{\"weight\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[0,\(size)]},"
        + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[\(size),\(size + 4)]}}"
      let file = try Safetensors(Self.file(header, data: size + 4))
      #expect(file["b"] == Tensor([0]) && file["weight"] == nil)
      let fault: SafetensorsError = type == "F32" ? .shape("weight") : .type("weight", type)
      #expect(throws: fault) { try weight.load(file) }
    }
  }

  @Test("the name of the remarks is no tensor's") func remarks() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var file = Safetensors()
      file.append("__metadata__", Tensor(1))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("Safetensors: __metadata__ names the file's remarks, not a tensor"))
  }

  @Test("no cut and no flipped byte of a real file crashes the reader")
  func mutations() throws {
    let bytes = try Self.python()
    for length in 0..<bytes.count { _ = try? Safetensors(Array(bytes[..<length])) }
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= 0x15
      _ = try? Safetensors(damaged)
    }
  }

  @Test("no mutation of a file crashes the reader", arguments: 0..<4 as Range<UInt64>)
  func seededMutations(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "0", "-1", "1e9", "2147483647", "null", "\\ud800",
      "\"dtype\":\"I64\"", "\"__metadata__\"", "9223372036854775807", "[2147483647,2147483647,0]",
    ]
    let start = try Self.python()
    for _ in 0..<5000 {
      var bytes = start
      for _ in 0...random.integer(in: 0..<4) {
        let place = random.integer(in: 0..<bytes.count)
        switch random.integer(in: 0..<4) {
        case 0: bytes[place] = UInt8(random.integer(in: 0..<256))
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + random.integer(in: 0..<9)))
        case 2: bytes.insert(contentsOf: Array(pieces[random.integer(in: 0..<18)].utf8), at: place)
        default:
          let end = min(bytes.count, place + random.integer(in: 1..<40))
          bytes.insert(
            contentsOf: Array(bytes[place..<end]), at: random.integer(in: 0..<bytes.count))
        }
        if bytes.count < 9 { break }
      }
      // The length in front is made to fit often, so that the header is reached.
      if bytes.count > 8, random.integer(in: 0..<4) > 0, let end = bytes.lastIndex(of: 0x7D) {
        let length = max(0, end - 7)
        for shift in 0..<8 { bytes[shift] = UInt8(truncatingIfNeeded: length >> (8 * shift)) }
      }
      if let file = try? Safetensors(bytes) {
        for entry in file.entries { #expect(entry.tensor.count <= bytes.count) }
      }
    }
  }
}
