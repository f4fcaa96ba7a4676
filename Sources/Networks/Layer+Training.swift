import Tensors

// What layers compute while they are trained. A layer that holds others passes the call on;
// otherwise the batch norms inside it would never see a batch.

extension Layer {
  /// The output for an input: most layers compute the same at all times.
  public mutating func train(_ x: Tensor) -> Tensor { self(x) }
}

extension Sequential {
  /// The output of the last layer, each layer in training.
  public mutating func train(_ x: Tensor) -> Tensor { body.train(x) }
}

extension Chain {
  /// The second layer's output on the first one's, both in training.
  public mutating func train(_ x: Tensor) -> Tensor { second.train(first.train(x)) }
}
