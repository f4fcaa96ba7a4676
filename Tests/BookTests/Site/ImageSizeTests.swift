import Book
import Testing

@Suite("Sizes of images") struct ImageSizeTests {
  private static func size(_ bytes: [UInt8]) -> String? {
    ImageSize(of: bytes).map { "\($0.width) × \($0.height)" }
  }

  /// Pads a file to the length that its header promises.
  private static func file(_ start: [UInt8], _ rest: [UInt8]...) -> [UInt8] {
    start + rest.joined()
  }

  @Test("of bitmaps, from their headers") func bitmaps() {
    let png = Self.file(
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0, 0, 0, 13], Array("IHDR".utf8),
      [0, 0, 1, 44], [0, 0, 0, 200])
    #expect(Self.size(png) == "300 × 200")
    #expect(Self.size(Array("GIF89a".utf8) + [44, 1, 200, 0]) == "300 × 200")
    let jpeg = Self.file(
      [0xFF, 0xD8], [0xFF, 0xE0, 0, 4, 1, 2], [0xFF, 0xC2, 0, 11, 8, 0, 200, 1, 44], [3, 0, 0, 0])
    #expect(Self.size(jpeg) == "300 × 200")
    let riff = Array("RIFF".utf8) + [0, 0, 0, 0]
    let extended = Self.file(
      riff, Array("WEBPVP8X".utf8), [10, 0, 0, 0, 0, 0, 0, 0], [43, 1, 0], [199, 0, 0])
    #expect(Self.size(extended) == "300 × 200")
    let lossy = Self.file(
      riff, Array("WEBPVP8 ".utf8), [0, 0, 0, 0, 0, 0, 0, 0x9D, 1, 0x2A], [44, 1, 200, 0])
    #expect(Self.size(lossy) == "300 × 200")
    // 299 in 14 bits, then 199 in 14 bits.
    let both: UInt32 = 299 | 199 << 14
    let lossless = Self.file(
      riff, Array("WEBPVP8L".utf8), [0, 0, 0, 0, 0x2F],
      (0..<4).map { UInt8(truncatingIfNeeded: both >> (8 * $0)) })
    #expect(Self.size(lossless) == "300 × 200")
  }

  @Test(
    "of drawings, where they say it in pixels",
    arguments: [
      ("<svg width=\"300\" height='200px'><rect width=\"1\"/></svg>", "300 × 200"),
      ("<?xml version=\"1.0\"?>\n<!-- a -->\n<svg viewBox=\"0 0 3 2\">", nil),
      ("<svg width=\"100%\" height=\"2em\">", nil), ("<p width=\"3\" height=\"2\">", nil),
    ])
  func drawings(text: String, size: String?) { #expect(Self.size(Array(text.utf8)) == size) }

  @Test("of nothing, of half a file and of any bytes is none") func others() {
    var bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 0]
    #expect(Self.size([]) == nil && Self.size(bytes) == nil)
    #expect(Self.size([0x89, 0x50, 0x4E, 0x47]) == nil && Self.size(Array("RIFF".utf8)) == nil)
    for seed in 0..<2000 {
      bytes = (0..<40).map { UInt8(truncatingIfNeeded: (seed + 1) * 2_654_435_761 >> ($0 % 24)) }
      bytes.replaceSubrange(0..<2, with: [0xFF, 0xD8])
      _ = Self.size(bytes)
    }
  }
}
