import Networks
import Tensors

/// CLIP: one network for images, one for captions, and a learned scale; both end in one space.
///
/// - Source: Radford et al. 2021, section 2.4, arXiv:2103.00020.
public struct DualEncoder: Module {
  /// What embeds images.
  public var imageTower: ImageTower
  /// What embeds captions.
  public var textTower: TextTower
  /// The logarithm of what multiplies cosines in the loss, `[]`; a constant if it is not learned.
  public var logitScale: Tensor

  /// Two towers that share nothing but the dimension of their outputs.
  ///
  /// - Parameters:
  ///   - imageTower: to `[N, D]`.
  ///   - textTower: to `[N, D]`.
  ///   - temperature: what cosines are divided by at the beginning.
  ///   - learnsTemperature: whether it is trained.
  public init(
    imageTower: ImageTower, textTower: TextTower, temperature: Float = 0.07,
    learnsTemperature: Bool = true
  ) {
    if !(temperature > 0) { fail("DualEncoder: temperature \(temperature) is not positive") }
    (self.imageTower, self.textTower) = (imageTower, textTower)
    let scale = Tensor(Float(-log(Double(temperature))))
    logitScale = learnsTemperature ? scale.parameter() : scale
  }

  /// What cosines are divided by: exp(−logitScale), at least 1/100.
  public var temperature: Double {
    exp(-Double(min(logitScale.scalar, largestLogitScale)))
  }

  /// The loss of images and their captions, in nats, `[]`.
  ///
  /// - Parameters:
  ///   - images: `[N, side, side, channels]`.
  ///   - captions: the words of each, of any length.
  public func loss(images: Tensor, captions: [[Int]]) -> Tensor {
    clipLoss(images: imageTower(images), texts: textTower(captions), logitScale: logitScale)
  }

  /// One step of training; the scale is held at 100 afterwards.
  ///
  /// - Returns: the loss before the step, in nats, `[]`, a constant.
  public mutating func update<O: Optimizer>(
    images: Tensor, captions: [[Int]], optimizer: inout O
  ) -> Tensor {
    let loss = loss(images: images, captions: captions)
    optimizer.update(&self, loss.gradients(of: parameters))
    if logitScale.scalar > largestLogitScale { logitScale.update { $0[0] = largestLogitScale } }
    return loss.stopGradient()
  }

  /// Zero-shot weights: for each class the direction of the mean of its prompts' unit embeddings.
  ///
  /// A class's score is the product with an image's unit embedding: a linear classifier that no
  /// image was needed for.
  ///
  /// - Parameter prompts: for each class one or more captions.
  /// - Returns: unit rows `[classes, D]`, a constant.
  /// - Precondition: every class has a prompt.
  /// - Source: Radford et al. 2021, section 3.1.4, arXiv:2103.00020.
  public func classifier(prompts: [[[Int]]]) -> Tensor {
    let tower = textTower.frozen()
    var rows: [Tensor] = []
    for (number, captions) in prompts.enumerated() {
      if captions.isEmpty { fail("classifier: class \(number) of \(prompts.count) has no prompt") }
      rows.append(tower(captions).l2Normalized().mean(axes: 0))
    }
    return Tensor.stack(rows).l2Normalized()
  }

  /// The class of each image under the weights of ``classifier(prompts:)``, the first of equals.
  ///
  /// - Precondition: no score is NaN.
  public func classes(of images: Tensor, under weights: Tensor) -> [Int] {
    let scores = imageTower.frozen()(images).matmul(weights, transposeOther: true)
    requireNumbers(scores, "classes")
    return scores.argmax()
  }

  /// Visits both towers and the scale.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    imageTower.visitParameters(path / "imageTower", visit)
    textTower.visitParameters(path / "textTower", visit)
    visit(path / "logitScale", &logitScale)
  }
}

/// Three 3×3 convolutions with ReLU, the second and third with stride 2, then two linear layers.
public struct ImageTower: Layer {
  /// From `[N, side, side, channels]` to a quarter of the side, rounded up.
  public var convolutions: [Conv2d]
  /// From all positions and channels to the embedding.
  public var head: MLP

  /// Weights initialized like those of `Conv2d` and `Linear`.
  ///
  /// - Parameters:
  ///   - side: of the square images.
  ///   - inputs: their channels.
  ///   - channels: outputs of the three convolutions.
  ///   - hidden: width of the layer before the last.
  ///   - dimension: D of the embedding.
  ///   - random: what the weights are drawn from.
  public init(
    side: Int, inputs: Int = 3, channels: [Int] = [16, 32, 32], hidden: Int = 128,
    dimension: Int = 32, using random: inout RandomSource
  ) {
    convolutions = []
    var (width, depth) = (side, inputs)
    for (index, outputs) in channels.enumerated() {
      let stride = index == 0 ? 1 : 2
      convolutions.append(
        Conv2d(
          inputs: depth, outputs: outputs, kernelSize: 3, stride: stride, padding: 1,
          using: &random))
      width = (width - 1) / stride + 1
      depth = outputs
    }
    head = MLP([width * width * depth, hidden, dimension], using: &random)
  }

  /// `[N, side, side, inputs]` → `[N, D]`.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    let x = convolutions.reduce(images) { $1($0).relu() }
    return head(x.reshaped([x.shape[0], x.count / max(1, x.shape[0])] as Shape))
  }

  /// Visits the convolutions, then the head.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    convolutions.visitParameters(path / "convolutions", visit)
    head.visitParameters(path / "head", visit)
  }
}

/// The mean of a caption's word vectors, then two linear layers. The order of words is lost.
public struct TextTower: Module {
  /// A vector for each word.
  public var words: Embedding
  /// From their mean to the embedding.
  public var head: MLP

  /// Word vectors from the standard normal distribution.
  ///
  /// - Parameters:
  ///   - vocabSize: how many words there are.
  ///   - embedDim: the length of a word's vector.
  ///   - hidden: width of the layer before the last.
  ///   - dimension: D of the embedding.
  ///   - random: what the weights are drawn from.
  public init(
    vocabSize: Int, embedDim: Int = 32, hidden: Int = 64, dimension: Int = 32,
    using random: inout RandomSource
  ) {
    words = Embedding(
      vocabSize: vocabSize, embedDim: embedDim, standardDeviation: 1, using: &random)
    head = MLP([embedDim, hidden, dimension], using: &random)
  }

  /// Captions of any lengths → `[captions.count, D]`.
  ///
  /// - Precondition: no caption is empty, every word is in the vocabulary.
  public func callAsFunction(_ captions: [[Int]]) -> Tensor {
    let vocabSize = words.weight.shape[0]
    // Shares of each word: times the table, they are the mean of the words' vectors.
    var shares = [Float](repeating: 0, count: captions.count * vocabSize)
    for (row, caption) in captions.enumerated() {
      if caption.isEmpty { fail("TextTower: caption \(row) has no words") }
      for word in caption {
        if word < 0 || word >= vocabSize {
          fail("TextTower: word \(word) of caption \(row) is not in 0..<\(vocabSize)")
        }
        shares[row * vocabSize + word] += 1 / Float(caption.count)
      }
    }
    return head(Tensor(shares, shape: [captions.count, vocabSize]).matmul(words.weight))
  }

  /// Visits the word vectors, then the head.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    words.visitParameters(path / "words", visit)
    head.visitParameters(path / "head", visit)
  }
}
