import Tensors

/// A vote of the nearest labelled rows, weighted by how near they are: a probe that fits nothing.
///
/// Nearness is the cosine s; the k nearest keys vote with e^(s/τ) for their classes.
///
/// - Source: Wu et al. 2018, section 3.4, arXiv:1805.01978; Caron et al. 2021, appendix F.1,
///   arXiv:2104.14294.
public struct NeighborProbe: Sendable {
  /// Unit rows, `[N, D]`.
  public let keys: Tensor
  /// The class of each key.
  public let labels: [Int]
  /// How many classes there are.
  public let classes: Int
  /// k: how many keys vote.
  public let neighbors: Int
  /// τ: the smaller, the more the nearest of them decide.
  public let temperature: Float

  /// A probe whose keys are the rows of `features`.
  ///
  /// - Parameters:
  ///   - features: `[N, D]`, of any length; directions count.
  ///   - labels: N classes in `0..<classes`.
  ///   - classes: how many there are.
  ///   - neighbors: k, in 1...N.
  ///   - temperature: τ > 0.
  /// - Precondition: at least one row, a label for each, and numbers in these ranges; stops with
  ///   what is not.
  public init(
    features: Tensor, labels: [Int], classes: Int, neighbors: Int, temperature: Float = 0.07
  ) {
    checkLabels("NeighborProbe", features, labels, classes)
    if neighbors < 1 || neighbors > labels.count {
      fail(
        "NeighborProbe: \(neighbors) neighbors of \(labels.count) keys; needs 1 to \(labels.count)")
    }
    requirePositive(temperature, "NeighborProbe")
    keys = features.stopGradient().l2Normalized()
    (self.labels, self.classes) = (labels, classes)
    (self.neighbors, self.temperature) = (neighbors, temperature)
  }

  /// Each class's share of the votes, `[M, classes]`; rows add up to 1.
  ///
  /// - Parameter queries: `[M, D]`, of any length. A row that holds NaN has shares of NaN; all do
  ///   if a key holds NaN.
  public func callAsFunction(_ queries: Tensor) -> Tensor {
    if queries.rank != 2 || queries.shape[1] != keys.shape[1] {
      fail("NeighborProbe: queries \(queries.shape) among keys \(keys.shape)")
    }
    let cosines = queries.stopGradient().l2Normalized().matmul(keys, transposeOther: true)
    let (nearest, order) = cosines.topK(neighbors)
    let votes = (nearest * (1 / temperature)).softmax().elements  // [M, k]
    var shares = Array(repeating: Float(0), count: order.count * classes)
    for (row, list) in order.enumerated() {
      for (rank, key) in list.enumerated() {
        shares[row * classes + labels[key]] += votes[row * neighbors + rank]
      }
    }
    // A key that holds NaN may be among the nearest or not: nobody knows.
    return Tensor(shares, shape: [order.count, classes])
      + cosines.sum(axes: 1, keepDims: true) * 0
  }

  /// The share of rows for whose label the votes are most; NaN if a row holds NaN.
  public func accuracy(_ queries: Tensor, labels: [Int]) -> Double {
    shareOfHits(self(queries), labels)
  }
}
