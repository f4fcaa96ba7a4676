/// How large an image is, read from the beginning of its file, so that a page keeps its place before
/// the image is there.
public struct ImageSize: Sendable, Equatable {
  /// In CSS pixels.
  public var width: Int
  public var height: Int

  init?(width: Int, height: Int) {
    guard (1...100_000).contains(width), (1...100_000).contains(height) else { return nil }
    (self.width, self.height) = (width, height)
  }

  /// PNG, GIF, JPEG, WebP, or an SVG that says its size in pixels; nil for anything else.
  package init?(of bytes: [UInt8]) {
    func number(_ offset: Int, _ count: Int, isBig: Bool = true) -> Int {
      guard offset >= 0, offset + count <= bytes.count else { return 0 }
      let digits = bytes[offset..<offset + count]
      return (isBig ? Array(digits) : digits.reversed()).reduce(0) { $0 << 8 | Int($1) }
    }
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      self.init(width: number(16, 4), height: number(20, 4))
    } else if bytes.starts(with: "GIF8".utf8) {
      self.init(width: number(6, 2, isBig: false), height: number(8, 2, isBig: false))
    } else if bytes.starts(with: [0xFF, 0xD8]) {
      // Segments, each with its length, up to the one that begins a frame.
      var offset = 2
      while offset + 9 < bytes.count, bytes[offset] == 0xFF {
        let marker = bytes[offset + 1]
        if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
          self.init(width: number(offset + 7, 2), height: number(offset + 5, 2))
          return
        }
        offset += 2 + number(offset + 2, 2)
      }
      return nil
    } else if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBPVP8".utf8) {
      switch bytes.dropFirst(15).first {
      case UInt8(ascii: "X"):
        self.init(
          width: number(24, 3, isBig: false) + 1, height: number(27, 3, isBig: false) + 1)
      case UInt8(ascii: "L"):
        let both = number(21, 4, isBig: false)
        self.init(width: both & 0x3FFF + 1, height: both >> 14 & 0x3FFF + 1)
      default:
        self.init(
          width: number(26, 2, isBig: false) & 0x3FFF, height: number(28, 2, isBig: false) & 0x3FFF)
      }
    } else {
      self.init(ofSVG: bytes)
    }
  }

  private init?(ofSVG bytes: [UInt8]) {
    var reader = TagReader(Array(bytes.prefix(1 << 16)))
    var isRoot = false
    var sides: [String: Int] = [:]
    while let piece = reader.next() {
      switch piece {
      case .opening(let name, _):
        guard reader.bytes[name].elementsEqual("svg".utf8) else { return nil }
        isRoot = true
      case .attribute(let name, let value) where isRoot:
        let text = String(decoding: reader.bytes[value], as: UTF8.self)
        let pixels = Double(text.hasSuffix("px") ? text.dropLast(2) : text[...])
        if let pixels, pixels > 0, pixels < 1e5 {
          sides[String(decoding: reader.bytes[name], as: UTF8.self)] = Int(pixels.rounded())
        }
      case .closing where isRoot:
        self.init(width: sides["width"] ?? 0, height: sides["height"] ?? 0)
        return
      default: break
      }
    }
    return nil
  }
}
