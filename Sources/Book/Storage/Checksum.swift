import Foundation

/// The size of a file's content and a sum over it. Finds damage, not malice: eight bytes at a time,
/// multiplied by a large odd number, which takes less time than reading them.
struct Checksum: Equatable, Sendable {
  private(set) var size = 0
  private(set) var sum: UInt64 = 0

  init(size: Int, sum: UInt64) {
    self.size = size
    self.sum = sum
  }

  init(of bytes: [UInt8]) { self.init(of: bytes[...]) }

  init(of bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { add($0) }
  }

  /// nil unless `path` is a file, no link, and can be read to its end.
  init?(file path: String) {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let isWhole = withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 8) { buffer in
      while let filled = FileSystem.fill(buffer, from: file) {
        add(UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
        if filled < buffer.count { return true }
      }
      return false
    }
    guard isWhole else { return nil }
  }

  /// Every piece but the last is a multiple of eight bytes long.
  private mutating func add(_ piece: UnsafeRawBufferPointer) {
    let factor: UInt64 = 0x9e37_79b9_7f4a_7c15
    var sum = self.sum
    var offset = 0
    while offset + 8 <= piece.count {
      sum ^= piece.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      sum = (sum ^ sum >> 32) &* factor
      offset += 8
    }
    while offset < piece.count {
      sum = (sum ^ UInt64(piece[offset])) &* factor
      offset += 1
    }
    self.sum = sum
    size += piece.count
  }
}
