import Networks
import Tensors

/// The keys and values that every block computed from the tokens read so far.
///
/// A causal block's keys and values at a token depend on the tokens up to it, so those that follow
/// leave them as they are: each new token needs its own row only.
public struct KeyValueCache: Sendable {
  /// How many tokens were read.
  public internal(set) var count = 0
  /// For each block `[B, count, C]`.
  private var keys: [Tensor] = []
  private var values: [Tensor] = []

  /// Before anything was read.
  public init() {}

  /// Puts keys and values of new tokens behind those of a block, and returns all.
  fileprivate mutating func append(
    keys: Tensor, values: Tensor, block index: Int
  ) -> (keys: Tensor, values: Tensor) {
    if index == self.keys.count {
      self.keys.append(keys)
      self.values.append(values)
    } else {
      self.keys[index] = Tensor.concatenate([self.keys[index], keys], axis: 1)
      self.values[index] = Tensor.concatenate([self.values[index], values], axis: 1)
    }
    return (self.keys[index], self.values[index])
  }
}

extension TransformerBlock {
  /// The outputs of new tokens, `[B, n, C]`, that see those of the cache and each other causally.
  func callAsFunction(_ x: Tensor, index: Int, cache: inout KeyValueCache) -> Tensor {
    if !isCausal || isPostNorm { fail("KeyValueCache: block \(index) is not causal and pre-norm") }
    let width = x.shape[2]
    let parts = attention.qkv(norm1(x)).split([width, width, width], axis: -1)
    let all = cache.append(keys: parts[1], values: parts[2], block: index)
    let mixed = Tensor.attention(
      queries: parts[0], keys: all.keys, values: all.values, heads: attention.numHeads,
      isCausal: true)
    let sum = attention.output(mixed, addedTo: x)
    return mlp(norm2(sum), addedTo: sum)
  }

  /// The shares with which each token mixes the others' values, `[B, heads, T, T]`; rows sum to 1.
  ///
  /// The kernel that attends never stores them; here they are computed once more, to be looked at.
  ///
  /// - Parameter x: the block's input, `[B, T, C]`.
  public func attentionWeights(_ x: Tensor) -> Tensor {
    let (batch, length, width) = x.shape3
    let (heads, size) = (attention.numHeads, width / attention.numHeads)
    let parts = attention.qkv(isPostNorm ? x : norm1(x)).split([width, width, width], axis: -1)
    let byHead = parts.map {
      $0.reshaped([batch, length, heads, size] as Shape).permuted([0, 2, 1, 3])
    }
    var scores = byHead[0].matmul(byHead[1], transposeOther: true) / Float(size).squareRoot()
    if isCausal {
      let future = 1 - Tensor.ones([length, length]).lowerTriangle()
      scores = scores.maskedFill(future, with: -.infinity)
    }
    return scores.softmax()
  }
}
