import Tensors

/// MoCo's loss: each query must find its own key among it and the K keys of the queue.
///
/// With unit rows and the query's own key first,
///
///     L = −1/N Σᵢ ln ( exp(qᵢ·kᵢ/τ) / (exp(qᵢ·kᵢ/τ) + Σⱼ exp(qᵢ·queueⱼ/τ)) )
///
/// The other keys of the batch are not used, and no gradient reaches keys or queue.
///
/// - Parameters:
///   - queries: `[N, D]`; rows are normalized here.
///   - keys: `[N, D]`; row i is another view of what row i of the queries shows.
///   - queue: `[K, D]`, keys of earlier batches; K may be 0.
///   - temperature: τ > 0.
/// - Returns: the mean over the queries, in nats, `[]`; ln (K + 1) when all rows agree.
/// - Precondition: at least one query, shapes that fit; stops with them otherwise.
/// - Source: He et al. 2020, equation 1 and algorithm 1, arXiv:1911.05722.
public func mocoLoss(queries: Tensor, keys: Tensor, queue: Tensor, temperature: Float) -> Tensor {
  checkQueue("mocoLoss", queries, keys, queue)
  return infoNCELoss(
    queries: queries.l2Normalized(), keys: keys.stopGradient().l2Normalized(),
    negatives: queue.stopGradient().l2Normalized(), temperature: temperature)
}

/// ``mocoLoss(queries:keys:queue:temperature:)`` of each query.
///
/// - Returns: `[N]`, in nats.
public func mocoLosses(queries: Tensor, keys: Tensor, queue: Tensor, temperature: Float) -> Tensor {
  checkQueue("mocoLosses", queries, keys, queue)
  return infoNCELosses(
    queries: queries.l2Normalized(), keys: keys.stopGradient().l2Normalized(),
    negatives: queue.stopGradient().l2Normalized(), temperature: temperature)
}

private func checkQueue(
  _ name: StaticString, _ queries: Tensor, _ keys: Tensor, _ queue: Tensor
) {
  if queries.rank != 2 || queries.shape != keys.shape || queries.shape[0] == 0 {
    fail("\(name): queries \(queries.shape) and keys \(keys.shape): needs two of [N, D], N > 0")
  }
  if queue.rank != 2 || queue.shape[1] != queries.shape[1] {
    fail("\(name): queries \(queries.shape) and a queue \(queue.shape)")
  }
}
