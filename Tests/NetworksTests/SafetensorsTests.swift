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
      file("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", data: 8),
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
}
