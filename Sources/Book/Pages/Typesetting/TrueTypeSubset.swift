/// A TrueType font cut down to some characters.
///
/// KaTeX's fonts hold hundreds of glyphs of which a book uses a few: `\mathbb{E}` alone would cost
/// 28 kB. Glyph numbers stay, unused outlines become empty, hinting is dropped. Anything unexpected
/// in the font gives nil, and the whole font is used instead.
///
/// Source: the OpenType specification, chapters `cmap`, `glyf`, `loca`.
package struct TrueTypeSubset {
  private let font: [UInt8]
  private var tables: [String: Range<Int>] = [:]

  package static func of(_ font: [UInt8], characters: Set<Unicode.Scalar>) -> [UInt8]? {
    TrueTypeSubset(font)?.subset(characters)
  }

  private init?(_ font: [UInt8]) {
    self.font = font
    guard let count = u16(4) else { return nil }
    for index in 0..<count {
      let entry = 12 + 16 * index
      guard entry + 16 <= font.count, let offset = u32(entry + 8), let length = u32(entry + 12),
        offset + length <= font.count
      else { return nil }
      tables[String(decoding: font[entry..<entry + 4], as: UTF8.self)] = offset..<offset + length
    }
  }

  private func u16(_ offset: Int) -> Int? {
    offset >= 0 && offset + 2 <= font.count ? Int(font[offset]) << 8 | Int(font[offset + 1]) : nil
  }

  private func u32(_ offset: Int) -> Int? {
    guard let high = u16(offset), let low = u16(offset + 2) else { return nil }
    return high << 16 | low
  }

  private func subset(_ characters: Set<Unicode.Scalar>) -> [UInt8]? {
    guard let head = tables["head"], head.count >= 54, let post = tables["post"], post.count >= 32,
      let maxp = tables["maxp"], let glyphCount = u16(maxp.lowerBound + 4),
      let outlines = outlines(count: glyphCount)
    else { return nil }
    var map: [(UInt16, Int)] = []
    for scalar in characters.sorted(by: { $0.value < $1.value }) where scalar.value < 0xFFFF {
      if let glyph = glyph(of: Int(scalar.value)), glyph > 0, glyph < glyphCount {
        map.append((UInt16(scalar.value), glyph))
      }
    }
    // An accented letter may be built from other glyphs.
    var wanted: Set<Int> = [0]
    var queue = map.map(\.1)
    while let glyph = queue.popLast() {
      guard wanted.insert(glyph).inserted else { continue }
      queue += components(outlines[glyph]).filter { $0 < glyphCount }
    }
    var glyf: [UInt8] = []
    var loca: [UInt8] = []
    for glyph in 0..<glyphCount {
      append32(glyf.count, to: &loca)
      guard wanted.contains(glyph), let outline = unhinted(outlines[glyph]) else { continue }
      glyf += outline
      while glyf.count % 4 != 0 { glyf.append(0) }
    }
    append32(glyf.count, to: &loca)
    var newHead = Array(font[head])
    newHead[50] = 0
    newHead[51] = 1
    for index in 8..<12 { newHead[index] = 0 }
    var newPost = Array(font[post.prefix(32)])
    newPost.replaceSubrange(0..<4, with: [0, 3, 0, 0])
    var result: [(String, [UInt8])] = [
      ("cmap", cmap(map)), ("glyf", glyf), ("head", newHead), ("loca", loca),
      ("name", [0, 0, 0, 0, 0, 6]), ("post", newPost),
    ]
    for name in ["OS/2", "hhea", "hmtx", "maxp"] {
      guard let range = tables[name] else { return nil }
      result.append((name, Array(font[range])))
    }
    return assemble(result.sorted { $0.0 < $1.0 })
  }

  // MARK: Reading

  private func outlines(count: Int) -> [Range<Int>]? {
    guard let loca = tables["loca"], let glyf = tables["glyf"], let head = tables["head"],
      let format = u16(head.lowerBound + 50)
    else { return nil }
    var offsets: [Int] = []
    for index in 0...count {
      let at = loca.lowerBound + index * (format == 0 ? 2 : 4)
      guard at < loca.upperBound, let value = format == 0 ? u16(at).map({ $0 * 2 }) : u32(at)
      else { return nil }
      offsets.append(glyf.lowerBound + value)
    }
    var ranges: [Range<Int>] = []
    for (start, end) in zip(offsets, offsets.dropFirst()) {
      guard start <= end, end <= glyf.upperBound else { return nil }
      ranges.append(start..<end)
    }
    return ranges
  }

  /// From the Unicode table in format 4.
  private func glyph(of character: Int) -> Int? {
    guard let cmap = tables["cmap"], let count = u16(cmap.lowerBound + 2) else { return nil }
    for index in 0..<count {
      let record = cmap.lowerBound + 4 + 8 * index
      guard let offset = u32(record + 4), u16(cmap.lowerBound + offset) == 4 else { continue }
      if let glyph = glyph(of: character, inFormat4: cmap.lowerBound + offset) { return glyph }
    }
    return nil
  }

  private func glyph(of character: Int, inFormat4 table: Int) -> Int? {
    guard let doubled = u16(table + 6) else { return nil }
    let (ends, starts) = (table + 14, table + 16 + doubled)
    let (deltas, offsets) = (starts + doubled, starts + 2 * doubled)
    for segment in stride(from: 0, to: doubled, by: 2) {
      guard let end = u16(ends + segment), let start = u16(starts + segment) else { return nil }
      guard character <= end else { continue }
      guard character >= start, let delta = u16(deltas + segment),
        let offset = u16(offsets + segment)
      else { return nil }
      if offset == 0 { return (character + delta) & 0xFFFF }
      guard let glyph = u16(offsets + segment + offset + 2 * (character - start)), glyph != 0
      else { return nil }
      return (glyph + delta) & 0xFFFF
    }
    return nil
  }

  private func isComposite(_ outline: Range<Int>) -> Bool {
    outline.count >= 10 && font[outline.lowerBound] & 0x80 != 0
  }

  private func components(_ outline: Range<Int>) -> [Int] {
    guard isComposite(outline) else { return [] }
    var glyphs: [Int] = []
    walkComponents(outline) { glyphs.append($0) }
    return glyphs
  }

  /// Returns where the components end.
  @discardableResult
  private func walkComponents(_ outline: Range<Int>, _ visit: (Int) -> Void) -> Int {
    var at = outline.lowerBound + 10
    while at + 4 <= outline.upperBound, let flags = u16(at), let glyph = u16(at + 2) {
      visit(glyph)
      at += 4 + (flags & 0x1 != 0 ? 4 : 2)
      at += flags & 0x8 != 0 ? 2 : flags & 0x40 != 0 ? 4 : flags & 0x80 != 0 ? 8 : 0
      if flags & 0x20 == 0 { break }
    }
    return min(at, outline.upperBound)
  }

  // MARK: Writing

  /// The outline without its instructions.
  private func unhinted(_ outline: Range<Int>) -> [UInt8]? {
    guard outline.count >= 10, let contours = u16(outline.lowerBound) else { return nil }
    if isComposite(outline) {
      let end = walkComponents(outline) { _ in }
      var bytes = Array(font[outline.lowerBound..<end])
      var at = 10
      while at + 2 <= bytes.count {
        // Clear WE_HAVE_INSTRUCTIONS.
        bytes[at] &= 0xFE
        let flags = Int(bytes[at]) << 8 | Int(bytes[at + 1])
        at += 4 + (flags & 0x1 != 0 ? 4 : 2)
        at += flags & 0x8 != 0 ? 2 : flags & 0x40 != 0 ? 4 : flags & 0x80 != 0 ? 8 : 0
        if flags & 0x20 == 0 { break }
      }
      return bytes
    }
    let lengthAt = outline.lowerBound + 10 + 2 * contours
    guard let length = u16(lengthAt), lengthAt + 2 + length <= outline.upperBound else {
      return nil
    }
    return Array(font[outline.lowerBound..<lengthAt]) + [0, 0]
      + font[(lengthAt + 2 + length)..<outline.upperBound]
  }

  /// One Unicode table in format 4, a segment for every run of both characters and glyphs.
  private func cmap(_ map: [(UInt16, Int)]) -> [UInt8] {
    var segments: [(start: Int, end: Int, delta: Int)] = []
    for (character, glyph) in map {
      let code = Int(character)
      let delta = (glyph - code) & 0xFFFF
      if let last = segments.last, last.end + 1 == code, last.delta == delta {
        segments[segments.count - 1].end = code
      } else {
        segments.append((code, code, delta))
      }
    }
    segments.append((0xFFFF, 0xFFFF, 1))
    let count = segments.count
    let power = (0...15).last { 1 << $0 <= count } ?? 0
    var table: [UInt8] = []
    let range = 2 << power
    for value in [4, 16 + 8 * count, 0, 2 * count, range, power, 2 * count - range] {
      append16(value, to: &table)
    }
    for segment in segments { append16(segment.end, to: &table) }
    append16(0, to: &table)
    for segment in segments { append16(segment.start, to: &table) }
    for segment in segments { append16(segment.delta, to: &table) }
    for _ in segments { append16(0, to: &table) }
    return [0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12] + table
  }

  private func assemble(_ tables: [(String, [UInt8])]) -> [UInt8] {
    let power = (0...15).last { 1 << $0 <= tables.count } ?? 0
    var header: [UInt8] = [0, 1, 0, 0]
    for value in [tables.count, 16 << power, power, 16 * tables.count - 16 << power] {
      append16(value, to: &header)
    }
    var body: [UInt8] = []
    let start = 12 + 16 * tables.count
    var headAt = 0
    for (name, bytes) in tables {
      if name == "head" { headAt = start + body.count }
      header += Array(name.utf8)
      append32(Self.sum(bytes), to: &header)
      append32(start + body.count, to: &header)
      append32(bytes.count, to: &header)
      body += bytes
      while body.count % 4 != 0 { body.append(0) }
    }
    var file = header + body
    var adjustment: [UInt8] = []
    append32((0xB1B0_AFBA &- Self.sum(file)) & 0xFFFF_FFFF, to: &adjustment)
    file.replaceSubrange(headAt + 8..<headAt + 12, with: adjustment)
    return file
  }

  private static func sum(_ bytes: [UInt8]) -> Int {
    var sum = 0
    for (index, byte) in bytes.enumerated() { sum += Int(byte) << (24 - 8 * (index & 3)) }
    return sum & 0xFFFF_FFFF
  }

  private func append16(_ value: Int, to bytes: inout [UInt8]) {
    bytes += [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
  }

  private func append32(_ value: Int, to bytes: inout [UInt8]) {
    append16(value >> 16 & 0xFFFF, to: &bytes)
    append16(value & 0xFFFF, to: &bytes)
  }
}
