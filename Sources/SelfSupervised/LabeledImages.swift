import Tensors

/// Images as rows of pixels, with the class of each. What a representation is judged by; training
/// without labels takes the images alone.
public struct LabeledImages: Sendable {
  /// `[N, D]`, one image a row.
  public let images: Tensor
  /// N classes, from 0.
  public let labels: [Int]

  /// - Precondition: a label for each row, none negative; stops with the numbers otherwise.
  public init(images: Tensor, labels: [Int]) {
    if images.rank == 0 || images.shape[0] != labels.count {
      fail("LabeledImages: \(images.shape) and \(labels.count) labels")
    }
    requireLabels(labels, "LabeledImages")
    self.images = images
    self.labels = labels
  }

  /// The images and labels at these positions, in this order.
  public subscript(positions: [Int]) -> LabeledImages {
    LabeledImages(images: images.gather(positions), labels: positions.map { labels[$0] })
  }
}

extension Digits {
  /// The 1297 digits that are trained on: images `[1297, 64]`, grey levels in [0, 1].
  public var training: LabeledImages { rows(Self.testCount..<images.count) }

  /// The 500 digits kept for testing: images `[500, 64]`.
  public var test: LabeledImages { rows(0..<Self.testCount) }

  private func rows(_ range: Range<Int>) -> LabeledImages {
    var pixels: [Float] = []
    pixels.reserveCapacity(range.count * 64)
    for image in images[range] { for level in image { pixels.append(Float(level)) } }
    return LabeledImages(
      images: Tensor(pixels, shape: [range.count, 64]), labels: Array(labels[range]))
  }
}

/// Minibatches without replacement: every pass shuffles all positions and deals them out; those
/// that do not fill a batch wait for a later pass.
public struct ShuffledBatches: Sendable {
  private let count: Int
  private let batchSize: Int
  private var random: RandomSource
  private var order: [Int] = []
  private var used = 0

  /// Batches of `batchSize` positions out of `0..<count`.
  ///
  /// - Parameters:
  ///   - count: of the positions.
  ///   - batchSize: of every batch.
  ///   - random: a stream is split off, so that what else is drawn changes no batch.
  /// - Precondition: 0 < batchSize ≤ count.
  public init(count: Int, batchSize: Int, using random: inout RandomSource) {
    if batchSize < 1 || batchSize > count {
      fail("ShuffledBatches: batches of \(batchSize) out of \(count)")
    }
    self.count = count
    self.batchSize = batchSize
    self.random = random.split()
  }

  /// The positions of the next batch.
  public mutating func next() -> [Int] {
    if used + batchSize > order.count {
      order = random.permutation(count)
      used = 0
    }
    defer { used += batchSize }
    return Array(order[used..<used + batchSize])
  }
}
