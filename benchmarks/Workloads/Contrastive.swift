import Networks
import Tensors

/// Rows 2i and 2i + 1 are two views of one image.
func neighbours(_ count: Int) -> [Int] { (0..<count).map { $0 ^ 1 } }

/// SimCLR with a network of linear layers as encoder and projector.
public struct SimCLR: Module {
  public var encoder: MLP
  public var projector: MLP

  public init(encoder: [Int], projector: [Int], using random: inout RandomSource) {
    self.encoder = MLP(encoder, using: &random)
    self.projector = MLP([encoder[encoder.count - 1]] + projector, using: &random)
  }

  public func loss(_ x: Tensor) -> Tensor {
    projector(encoder(x)).ntXentLoss(partners: neighbours(x.shape[0]), temperature: 0.5)
  }

  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    encoder.visitParameters(path / "encoder", visit)
    projector.visitParameters(path / "projector", visit)
  }
}

/// Three 3×3 convolutions with stride 2, each with a norm and ReLU, and the mean over positions.
public struct ConvNet: Module {
  public var convolutions: [Conv2d] = []
  public var groupNorms: [GroupNorm] = []
  public var batchNorms: [BatchNorm] = []

  public init(channels: [Int], groups: Int?, using random: inout RandomSource) {
    var inputs = 1
    for outputs in channels {
      convolutions.append(
        Conv2d(
          inputs: inputs, outputs: outputs, kernelSize: 3, stride: 2, padding: 1,
          hasBias: groups != nil, using: &random))
      if let groups {
        groupNorms.append(
          GroupNorm(groups: min(groups, outputs), channels: outputs, isRelu: true))
      } else {
        batchNorms.append(BatchNorm(outputs, isRelu: true))
      }
      inputs = outputs
    }
  }

  /// `[N, H, W, 1]` → `[N, channels.last]`.
  public mutating func train(_ images: Tensor) -> Tensor {
    var x = images
    for (index, convolution) in convolutions.enumerated() {
      x = convolution(x)
      x = groupNorms.isEmpty ? batchNorms[index].train(x) : groupNorms[index](x)
    }
    return x.mean(axes: [1, 2])
  }

  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    convolutions.visitParameters(path / "convolutions", visit)
    groupNorms.visitParameters(path / "norms", visit)
    batchNorms.visitParameters(path / "norms", visit)
  }
}

/// SimCLR with a convolutional encoder.
public struct ConvSimCLR: Module {
  public var encoder: ConvNet
  public var projector: MLP

  public init(
    channels: [Int], groups: Int?, projector: [Int], using random: inout RandomSource
  ) {
    encoder = ConvNet(channels: channels, groups: groups, using: &random)
    self.projector = MLP([channels[channels.count - 1]] + projector, using: &random)
  }

  public mutating func loss(_ images: Tensor) -> Tensor {
    projector(encoder.train(images))
      .ntXentLoss(partners: neighbours(images.shape[0]), temperature: 0.5)
  }

  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    encoder.visitParameters(path / "encoder", visit)
    projector.visitParameters(path / "projector", visit)
  }
}

/// CLIP: images and captions that belong together find each other.
public struct CLIP: Module {
  public var images: ConvNet
  public var tokens: Embedding
  public var positions: LearnedPositions
  public var blocks: [TransformerBlock]
  public var norm: LayerNorm
  public var imageProjection: Linear
  public var textProjection: Linear
  public var logitScale: Tensor

  public init(
    channels: [Int], groups: Int, vocabSize: Int, contextLength: Int, embedDim: Int,
    numHeads: Int, depth: Int, projectionDim: Int, using random: inout RandomSource
  ) {
    images = ConvNet(channels: channels, groups: groups, using: &random)
    tokens = Embedding(vocabSize: vocabSize, embedDim: embedDim, using: &random)
    positions = LearnedPositions(
      contextLength: contextLength, embedDim: embedDim, using: &random)
    blocks = []
    for _ in 0..<depth {
      blocks.append(
        TransformerBlock(
          embedDim: embedDim, numHeads: numHeads, isCausal: true, using: &random))
    }
    norm = LayerNorm(embedDim)
    imageProjection = Linear(
      inputs: channels[channels.count - 1], outputs: projectionDim, hasBias: false,
      using: &random)
    textProjection = Linear(
      inputs: embedDim, outputs: projectionDim, hasBias: false, using: &random)
    // ln (1/0.07)
    logitScale = Tensor(2.659_26).parameter()
  }

  public mutating func loss(_ pictures: Tensor, _ captions: [[Int]]) -> Tensor {
    let i = imageProjection(images.train(pictures)).l2Normalized()  // [N, E]
    let h = blocks.reduce(positions(tokens(captions))) { $1($0) }  // [N, T, C]
    let last = h.slice((h.shape[1] - 1)..<h.shape[1], axis: 1).squeezed(axis: 1)
    let t = textProjection(norm(last)).l2Normalized()  // [N, E]
    return .infoNCELoss(queries: i, keys: t, scale: logitScale.exp(), isSymmetric: true)
  }

  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    images.visitParameters(path / "images", visit)
    tokens.visitParameters(path / "tokens", visit)
    positions.visitParameters(path / "positions", visit)
    blocks.visitParameters(path / "blocks", visit)
    norm.visitParameters(path / "norm", visit)
    imageProjection.visitParameters(path / "imageProjection", visit)
    textProjection.visitParameters(path / "textProjection", visit)
    visit(path / "logitScale", &logitScale)
  }
}
