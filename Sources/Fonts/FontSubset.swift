import CHarfBuzz
import WOFF2Encoder

/// A font cut down to some characters, by HarfBuzz: `\mathbb{E}` alone would cost a page 28 kB.
public struct FontSubset: Sendable {
  /// TrueType, without hinting; its glyphs are those of the wanted characters and `.notdef`.
  public let trueType: [UInt8]

  /// - Returns: nil when the font has none of the characters.
  /// - Throws: `FontError` when `font` is no font.
  public init?(_ font: [UInt8], characters: some Sequence<Unicode.Scalar>) throws(FontError) {
    let blob = font.withUnsafeBytes {
      hb_blob_create(
        $0.bindMemory(to: CChar.self).baseAddress, UInt32($0.count), HB_MEMORY_MODE_DUPLICATE,
        nil, nil)
    }
    let face = hb_face_create(blob, 0)
    let there = hb_set_create()
    let input = hb_subset_input_create_or_fail()
    defer {
      hb_subset_input_destroy(input)
      hb_set_destroy(there)
      hb_face_destroy(face)
      hb_blob_destroy(blob)
    }
    guard let input, hb_face_get_glyph_count(face) > 0 else { throw .unreadable }
    let wanted = hb_subset_input_unicode_set(input)
    for character in characters { hb_set_add(wanted, character.value) }
    hb_face_collect_unicodes(face, there)
    hb_set_intersect(wanted, there)
    if hb_set_is_empty(wanted) != 0 { return nil }
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING.rawValue)
    // Names are for the list of fonts of a system.
    hb_set_clear(hb_subset_input_set(input, HB_SUBSET_SETS_NAME_ID))
    guard let cut = hb_subset_or_fail(face, input) else { throw .unreadable }
    let result = hb_face_reference_blob(cut)
    defer {
      hb_blob_destroy(result)
      hb_face_destroy(cut)
    }
    var count: UInt32 = 0
    let bytes = hb_blob_get_data(result, &count)
    trueType = [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(count)))
  }

  /// The same, compressed for the web.
  public func woff2() throws(FontError) -> [UInt8] {
    let limit = woff2_size_limit(trueType, trueType.count)
    // The encoder leaves its padding as it finds it.
    var result = [UInt8](repeating: 0, count: limit)
    let count = woff2_encode(trueType, trueType.count, &result, limit)
    guard count > 0 else { throw .unreadable }
    return Array(result[..<count])
  }
}

public enum FontError: Error {
  /// HarfBuzz or the WOFF2 encoder does not understand the bytes.
  case unreadable
}
