/// The 1797 handwritten digits of 8 × 8 pixels and 17 grey levels from the UCI repository
/// (CC BY 4.0), in a fixed random order: the first 500 are for testing.
///
/// - Source: Alpaydin and Kaynak 1998, Optical Recognition of Handwritten Digits,
///   doi:10.24432/C50P49.
public struct Digits: Sendable {
  /// Grey levels divided by 16: 64 numbers in [0, 1] for each image, row by row.
  public let images: [[Double]]
  /// The digit each image shows, 0 to 9.
  public let labels: [Int]

  /// How many images at the front are kept for testing.
  public static let testCount = 500

  /// From the packed form: for each image one byte with its label, then 64 grey levels of five
  /// bits, most significant bit first.
  ///
  /// - Returns: nil when `packed` is not a whole number of such images.
  public init?(packed: [UInt8]) {
    let size = 41
    guard !packed.isEmpty, packed.count % size == 0 else { return nil }
    var images: [[Double]] = []
    var labels: [Int] = []
    for start in stride(from: 0, to: packed.count, by: size) {
      labels.append(Int(packed[start]))
      var image: [Double] = []
      var bits = 0
      var held = 0
      for byte in packed[(start + 1)..<(start + size)] {
        bits = bits << 8 | Int(byte)
        held += 8
        while held >= 5 {
          held -= 5
          let level = bits >> held & 31
          guard level <= 16 else { return nil }
          image.append(Double(level) / 16)
        }
        bits &= 31
      }
      guard labels[labels.count - 1] <= 9 else { return nil }
      images.append(image)
    }
    self.images = images
    self.labels = labels
  }

  /// The images kept for testing, `[500][64]`.
  public var testImages: [[Double]] { Array(images.prefix(Self.testCount)) }
  /// The images to learn from, `[1297][64]`.
  public var trainingImages: [[Double]] { Array(images.dropFirst(Self.testCount)) }
}
