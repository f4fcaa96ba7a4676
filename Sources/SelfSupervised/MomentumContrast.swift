import Networks
import Tensors

/// MoCo: a query encoder that is trained, a key encoder that follows it slowly, and a queue of the
/// keys of earlier batches as negatives.
///
///     var model = MomentumContrast(encoder, dimension: 64, capacity: 1024, using: &random)
///     var optimizer = AdamW(learningRate: 3e-3)
///     let loss = model.update(queries: oneView, keys: otherView, optimizer: &optimizer)
///
/// - Source: He et al. 2020, algorithm 1, arXiv:1911.05722.
public struct MomentumContrast<Encoder: Layer>: Module {
  /// What is trained, and kept afterwards.
  public var queryEncoder: Encoder
  /// What computes keys: constants, so that neither gradients nor an optimizer reach it.
  public private(set) var keyEncoder: Encoder
  /// Keys of earlier batches, unit vectors.
  public var queue: KeyQueue
  /// m: how much of the key encoder stays at each step.
  public var momentum: Float
  /// τ of the loss.
  public var temperature: Float

  /// Both encoders as `encoder` is, and a queue of random directions.
  ///
  /// - Parameters:
  ///   - encoder: from a batch of views to `[N, dimension]`, the projection head included.
  ///   - dimension: D of its output.
  ///   - capacity: K, the keys in the queue.
  ///   - momentum: m in 0...1.
  ///   - temperature: τ > 0.
  ///   - random: what the queue's first keys are drawn from.
  public init(
    _ encoder: Encoder, dimension: Int, capacity: Int, momentum: Float = 0.999,
    temperature: Float = 0.07, using random: inout RandomSource
  ) {
    queryEncoder = encoder
    keyEncoder = encoder.frozen()
    queue = KeyQueue(capacity: capacity, dimension: dimension, using: &random)
    (self.momentum, self.temperature) = (momentum, temperature)
  }

  /// The keys of views: unit rows `[N, D]` that no gradient goes through.
  public func keys(of views: Tensor) -> Tensor {
    keyEncoder(views.stopGradient()).l2Normalized()
  }

  /// The loss of views against the keys of their other views and the queue, in nats, `[]`.
  ///
  /// - Parameters:
  ///   - views: what the query encoder takes.
  ///   - keys: `[N, D]`, of the other views.
  public func loss(of views: Tensor, keys: Tensor) -> Tensor {
    mocoLoss(
      queries: queryEncoder(views), keys: keys, queue: queue.keys, temperature: temperature)
  }

  /// One step of algorithm 1: the query encoder is trained, the key encoder follows it, and the
  /// keys enter the queue. Batch norms in either see the batch.
  ///
  /// - Parameters:
  ///   - queries: one view of each example, for the query encoder.
  ///   - keys: another view of each, for the key encoder.
  ///   - optimizer: trains the query encoder.
  /// - Returns: the loss before the step, in nats, `[]`, a constant.
  public mutating func update<O: Optimizer>(queries: Tensor, keys: Tensor, optimizer: inout O)
    -> Tensor
  {
    let keys = keyEncoder.train(keys.stopGradient()).l2Normalized()
    let loss = mocoLoss(
      queries: queryEncoder.train(queries), keys: keys, queue: queue.keys,
      temperature: temperature)
    optimizer.update(&queryEncoder, loss.gradients(of: queryEncoder.parameters))
    keyEncoder.follow(queryEncoder, momentum: momentum)
    queue.enqueue(keys)
    return loss.stopGradient()
  }

  /// Visits the query encoder and, as constants, the key encoder and the queue.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    queryEncoder.visitParameters(path / "queryEncoder", visit)
    keyEncoder.visitParameters(path / "keyEncoder", visit)
    queue.visitParameters(path / "queue", visit)
  }
}
