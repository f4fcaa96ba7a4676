import CHarfBuzz
import Fonts
import Foundation
import Testing

@Suite("Cut fonts") struct FontSubsetTests {
  private static let folder = "/usr/share/javascript/katex/fonts/KaTeX_"

  private func font(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)\(name).ttf")))
  }

  @Test(
    "every wanted character is drawn as before, and no other is there",
    arguments: [
      ("Main-Regular", "ab()=∑é→"), ("Math-Italic", "xαϕ"), ("AMS-Regular", "ER⪅"),
      ("Size4-Regular", "(⎛"), ("Typewriter-Regular", "a\"é"),
    ])
  func glyphs(name: String, characters: String) throws {
    let whole = try font(name)
    let wanted = Set(characters.unicodeScalars)
    let cut = try #require(try FontSubset(whole, characters: wanted))
    let before = Glyphs(whole)
    let after = Glyphs(cut.trueType)
    #expect(after.characters == before.characters.intersection(wanted))
    #expect(after.characters.count >= 2)
    for character in after.characters {
      let drawn = try #require(before.glyph(character))
      #expect(drawn.outline.count > 10)
      #expect(after.glyph(character) == drawn, "\(character)")
    }
  }

  @Test("a font without any of the characters is left out") func none() throws {
    #expect(try FontSubset(font("Size3-Regular"), characters: ["x", "é"])?.trueType == nil)
    #expect(try FontSubset(font("Size3-Regular"), characters: [])?.trueType == nil)
  }

  @Test("the same characters in any order give the same bytes, and a small file")
  func deterministic() throws {
    let whole = try font("AMS-Regular")
    let one = try #require(try FontSubset(whole, characters: ["E", "R"])).woff2()
    let other = try #require(try FontSubset(whole, characters: ["R", "E", "R"])).woff2()
    #expect(one == other)
    #expect(one.starts(with: "wOF2".utf8))
    #expect(one.count < 1500)
  }

  @Test("bytes that are no font, or a damaged one, are refused or cut, never a crash")
  func damaged() throws {
    #expect(throws: FontError.unreadable) { try FontSubset([], characters: ["a"]) }
    #expect(throws: FontError.unreadable) {
      try FontSubset(Array("hello".utf8), characters: ["a"])
    }
    let whole = try font("Size1-Regular")
    for length in stride(from: 0, to: whole.count, by: 97) {
      _ = try? FontSubset(Array(whole.prefix(length)), characters: ["("])?.woff2()
    }
    var state: UInt64 = 3
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % 600] = UInt8(truncatingIfNeeded: state >> 20)
      }
      _ = try? FontSubset(bytes, characters: ["(", "∑", "é"])?.woff2()
    }
  }
}

/// What HarfBuzz reads from a font.
private final class Glyphs {
  struct Glyph: Equatable {
    var advance: Int32
    /// The points of the outline, a letter for each kind of segment between them.
    var outline: [String]
  }

  private let font: OpaquePointer
  let characters: Set<Unicode.Scalar>

  init(_ bytes: [UInt8]) {
    let blob = bytes.withUnsafeBytes {
      hb_blob_create(
        $0.bindMemory(to: CChar.self).baseAddress, UInt32($0.count), HB_MEMORY_MODE_DUPLICATE,
        nil, nil)
    }
    let face = hb_face_create(blob, 0)
    let set = hb_set_create()
    hb_face_collect_unicodes(face, set)
    var found: Set<Unicode.Scalar> = []
    var next: UInt32 = .max
    while hb_set_next(set, &next) != 0 {
      if let scalar = Unicode.Scalar(next) { found.insert(scalar) }
    }
    characters = found
    font = hb_font_create(face)
    hb_set_destroy(set)
    hb_face_destroy(face)
    hb_blob_destroy(blob)
  }

  deinit { hb_font_destroy(font) }

  func glyph(_ character: Unicode.Scalar) -> Glyph? {
    var index: UInt32 = 0
    guard hb_font_get_nominal_glyph(font, character.value, &index) != 0 else { return nil }
    let functions = hb_draw_funcs_create()
    defer { hb_draw_funcs_destroy(functions) }
    hb_draw_funcs_set_move_to_func(
      functions, { _, data, _, x, y, _ in add("M", [x, y], to: data) }, nil, nil)
    hb_draw_funcs_set_line_to_func(
      functions, { _, data, _, x, y, _ in add("L", [x, y], to: data) }, nil, nil)
    hb_draw_funcs_set_quadratic_to_func(
      functions, { _, data, _, a, b, x, y, _ in add("Q", [a, b, x, y], to: data) }, nil, nil)
    var outline: [String] = []
    withUnsafeMutablePointer(to: &outline) {
      hb_font_get_glyph_shape(font, index, functions, $0)
    }
    return Glyph(advance: hb_font_get_glyph_h_advance(font, index), outline: outline)
  }
}

private func add(_ letter: String, _ numbers: [Float], to data: UnsafeMutableRawPointer?) {
  data?.assumingMemoryBound(to: [String].self).pointee.append("\(letter)\(numbers)")
}
