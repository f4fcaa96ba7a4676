import Networks
import Tensors

/// I-JEPA: from the codes of the visible patches a predictor foretells the codes, not the pixels,
/// that a slowly moving copy of the encoder makes of the hidden ones when it sees everything.
///
///     var model = JointEmbeddingPredictor(network)
///     let mask = PatchMask.randomBlocks(images: 64, grid: grid, height: 2, width: 3, using: &random)
///     let loss = model.loss(of: patches, mask: mask)
///     optimizer.update(&model, loss.gradients(of: model.parameters))
///     model.moveTarget()
///
/// The network is a ``MaskedAutoencoder`` whose decoder ends in codes: its encoder is the context
/// encoder, its decoder the predictor, its mask token with a position asks for a patch.
///
/// - Source: Assran et al. 2023, section 3, arXiv:2301.08243.
public struct JointEmbeddingPredictor: Module {
  /// Context encoder and predictor. What is trained.
  public var network: MaskedAutoencoder
  /// Whose encoder makes the targets: constants, so that neither gradients nor an optimizer reach
  /// it.
  public private(set) var target: MaskedAutoencoder
  /// How much of the target stays at each step.
  public var momentum: Float
  /// Whether each target is brought to mean 0 and variance 1, as in the authors' program: a
  /// constant code then cannot be foretold for nothing.
  public var isNormalized: Bool

  /// Network and target both as `network` is, but for the predictor's last layer, which begins anew
  /// as D → C.
  ///
  /// - Parameters:
  ///   - network: encoder, C wide, and decoder, D wide.
  ///   - momentum: in 0…1; stops with it otherwise.
  ///   - isNormalized: whether targets are normalized.
  ///   - random: what the last layer is drawn from.
  public init(
    _ network: MaskedAutoencoder, momentum: Float = 0.996, isNormalized: Bool = true,
    using random: inout RandomSource
  ) {
    if !(momentum >= 0 && momentum <= 1) {
      fail("JointEmbeddingPredictor: momentum \(momentum) is not in 0...1")
    }
    self.network = network
    self.network.prediction = Linear(
      inputs: network.prediction.weight.shape[0], outputs: network.encoderPositions.shape[1],
      using: &random)
    target = self.network.frozen()
    (self.momentum, self.isNormalized) = (momentum, isNormalized)
  }

  /// The codes of all patches of whole images, `[B, L, C]`, that no gradient goes through.
  ///
  /// - Parameter patches: `[B, L, P²]`.
  public func targets(of patches: Tensor) -> Tensor {
    let (images, count, _) = patches.shape3
    let codes = target.encode(
      patches.stopGradient(), mask: .none(images: images, patches: count))
    return isNormalized ? codes.layerNorm() : codes
  }

  /// The squared error of the foretold codes: the mean over the C numbers of a code and over the
  /// hidden patches, `[]`.
  ///
  /// - Parameters:
  ///   - patches: `[B, L, P²]`.
  ///   - mask: what is hidden; something must be.
  public func loss(of patches: Tensor, mask: PatchMask) -> Tensor {
    maskedPixelLoss(
      predictions: network(patches, mask: mask), patches: targets(of: patches), mask: mask)
  }

  /// Moves the target towards the network; to be called after each update of that.
  public mutating func moveTarget() { target.follow(network, momentum: momentum) }

  /// Visits `network`, then `target`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    network.visitParameters(path / "network", visit)
    target.visitParameters(path / "target", visit)
  }
}

extension PatchMask {
  /// A mask for each image that hides one block of neighbouring patches, every place equally likely.
  ///
  /// - Parameters:
  ///   - images: B.
  ///   - grid: how the image is cut.
  ///   - height: rows of patches in the block.
  ///   - width: columns of patches in the block.
  ///   - random: what the places are drawn from.
  /// - Precondition: a block that fits into the grid; stops with both sizes otherwise.
  /// - Source: Bao et al. 2022, algorithm 1, arXiv:2106.08254, with one block of one size.
  public static func randomBlocks(
    images: Int, grid: PatchGrid, height: Int, width: Int, using random: inout RandomSource
  ) -> PatchMask {
    let across = grid.across
    if height < 1 || width < 1 || height > across || width > across {
      fail(
        "PatchMask.randomBlocks: a block of \(height) × \(width) in \(across) × \(across) patches")
    }
    if images < 0 { fail("PatchMask.randomBlocks: \(images) images are fewer than none") }
    let order = (0..<images).map { _ in
      let top = random.integer(in: 0..<(across - height + 1))
      let left = random.integer(in: 0..<(across - width + 1))
      func isHidden(_ patch: Int) -> Bool {
        (top..<top + height).contains(patch / across)
          && (left..<left + width).contains(patch % across)
      }
      return (0..<grid.count).filter { !isHidden($0) } + (0..<grid.count).filter { isHidden($0) }
    }
    return PatchMask(order: order, visibleCount: images == 0 ? 0 : grid.count - height * width)
  }
}
