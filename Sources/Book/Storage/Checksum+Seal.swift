/// Bytes that carry their checksum, for every file that a build keeps: one that is damaged is missing.
extension Checksum {
  /// The bytes with their checksum behind them.
  static func sealed(_ bytes: [UInt8]) -> [UInt8] { bytes + Checksum(of: bytes).bytes }

  /// What was sealed; nil if it is damaged.
  static func content(of sealed: [UInt8]) -> [UInt8]? {
    guard sealed.count >= 8 else { return nil }
    let content = sealed[..<(sealed.count - 8)]
    return sealed.suffix(8).elementsEqual(Checksum(of: content).bytes) ? Array(content) : nil
  }

  private var bytes: [UInt8] { withUnsafeBytes(of: sum.littleEndian) { Array($0) } }
}
