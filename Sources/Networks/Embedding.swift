import Tensors

/// A row of numbers for each token.
public struct Embedding: Module {
  /// `[vocabSize, embedDim]`.
  public var weight: Tensor

  /// Rows from a normal distribution.
  public init(
    vocabSize: Int, embedDim: Int, standardDeviation: Float = 0.02,
    using random: inout RandomSource
  ) {
    weight = Tensor.normal(
      [vocabSize, embedDim], standardDeviation: standardDeviation, using: &random
    ).parameter()
  }

  /// The rows of `tokens`, `[tokens.count, embedDim]`.
  public func callAsFunction(_ tokens: [Int]) -> Tensor { weight.gather(tokens) }

  /// The rows of a batch of sequences of one length, `[B, T, embedDim]`.
  public func callAsFunction(_ tokens: [[Int]]) -> Tensor { weight.gather(tokens) }

  /// Scores of every token, the same table used the other way round (weight tying):
  /// `[…, embedDim]` → `[…, vocabSize]`.
  ///
  /// - Source: Press and Wolf 2017, arXiv:1608.05859.
  public func logits(_ x: Tensor) -> Tensor { x.matmul(weight, transposeOther: true) }

  /// Visits `weight`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    visit(path / "weight", &weight)
  }
}

/// A trained vector for each position of a sequence.
public struct LearnedPositions: Layer {
  /// `[contextLength, embedDim]`.
  public var weight: Tensor

  /// Vectors from a normal distribution.
  public init(
    contextLength: Int, embedDim: Int, standardDeviation: Float = 0.02,
    using random: inout RandomSource
  ) {
    weight = Tensor.normal(
      [contextLength, embedDim], standardDeviation: standardDeviation, using: &random
    ).parameter()
  }

  /// `[…, T, embedDim]` plus the vector of each position; T ≤ contextLength.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank < 2 || x.shape[-2] > weight.shape[0] {
      fail("LearnedPositions: \(x.shape) does not fit \(weight.shape)")
    }
    return x + weight[0..<x.shape[-2]]
  }

  /// Visits `weight`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    visit(path / "weight", &weight)
  }
}
