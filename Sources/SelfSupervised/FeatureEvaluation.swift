import Tensors

/// What a representation is worth, by the protocol of this book: features standardized with mean
/// and deviation of the unlabeled training images, k labels per class, the mean over five draws.
///
///     let evaluation = FeatureEvaluation(of: digits) { model.encoder($0) }
///     evaluation.linearAccuracy(labelsPerClass: 10)
public struct FeatureEvaluation: Sendable {
  /// As they came, `[N, D]` and `[M, D]`.
  public let training: Tensor, test: Tensor
  /// The classes of the features, one for each row.
  public let trainingLabels: [Int], testLabels: [Int]
  private let standardizedTraining: Tensor
  private let standardizedTest: Tensor
  private let classes: Int

  /// - Parameters:
  ///   - training: features and labels that a probe may learn from, `[N, D]`.
  ///   - test: features and labels that it is judged on, `[M, D]`.
  ///   - isStandardized: whether the linear probe sees standardized features; if not, it sees
  ///     them as they are.
  public init(training: LabeledImages, test: LabeledImages, isStandardized: Bool = true) {
    let (a, b) = (training.images.stopGradient(), test.images.stopGradient())
    if a.rank != 2 || b.rank != 2 || a.shape[1] != b.shape[1] {
      fail("FeatureEvaluation: training \(a.shape) and test \(b.shape)")
    }
    (self.training, self.test) = (a, b)
    (trainingLabels, testLabels) = (training.labels, test.labels)
    // Of more classes than images, one has none.
    for (row, label) in training.labels.enumerated() where label >= training.labels.count {
      fail(
        "FeatureEvaluation: label \(label) at \(row) is not in 0..<\(training.labels.count), "
          + "as many classes as there are images")
    }
    classes = (training.labels.max() ?? 0) + 1
    guard isStandardized else {
      (standardizedTraining, standardizedTest) = (a, b)
      return
    }
    let mean = a.mean(axes: 0)
    let deviation = a.variance(axes: 0, correction: 1).sqrt()
    // A unit that is never active tells nothing, and one that hardly is must not be blown up.
    let factor = Tensor(
      deviation.elements.map { $0 <= 1e-5 ? 0 : 1 / max($0, 1e-3) })
    standardizedTraining = (a - mean) * factor
    standardizedTest = (b - mean) * factor
  }

  /// The features that `encoder` makes of the digits.
  public init(of digits: Digits, isStandardized: Bool = true, encoder: (Tensor) -> Tensor) {
    let (training, test) = (digits.training, digits.test)
    self.init(
      training: LabeledImages(images: encoder(training.images), labels: training.labels),
      test: LabeledImages(images: encoder(test.images), labels: test.labels),
      isStandardized: isStandardized)
  }

  /// The accuracy on the test images of linear probes, each fitted to a few labels.
  ///
  /// - Parameters:
  ///   - labelsPerClass: k; all labels if nil.
  ///   - draws: how many probes the mean is over.
  ///   - seed: of the draws; the same for what is to be compared.
  ///   - penalty: of ``LinearProbe``.
  ///   - steps: of ``LinearProbe``.
  public func linearAccuracy(
    labelsPerClass: Int?, draws: Int = 5, seed: UInt64 = 0, penalty: Float = 0.1,
    steps: Int = 100
  ) -> Double {
    mean(labelsPerClass, draws, seed) { chosen, labels in
      let probe = LinearProbe(
        features: standardizedTraining.gather(chosen), labels: labels, classes: classes,
        penalty: penalty, steps: steps)
      return probe.accuracy(standardizedTest, labels: testLabels)
    }
  }

  /// The accuracy on the test images of their nearest labeled neighbors by cosine.
  ///
  /// - Parameters:
  ///   - labelsPerClass: k; all labels if nil.
  ///   - neighbors: how many vote, see ``nearestNeighborClasses(of:among:labels:neighbors:)``.
  ///   - draws: how many choices of labels the mean is over.
  ///   - seed: of the draws; the same for what is to be compared.
  public func neighborAccuracy(
    labelsPerClass: Int?, neighbors: Int = 1, draws: Int = 5, seed: UInt64 = 0
  ) -> Double {
    mean(labelsPerClass, draws, seed) { chosen, labels in
      let found = nearestNeighborClasses(
        of: test, among: training.gather(chosen), labels: labels, neighbors: neighbors)
      return shareEqual(found, testLabels)
    }
  }

  /// ``effectiveRank(of:)`` of the test features.
  public var effectiveRank: Double { SelfSupervised.effectiveRank(of: test) }

  private func mean(
    _ labelsPerClass: Int?, _ draws: Int, _ seed: UInt64, _ accuracy: ([Int], [Int]) -> Double
  ) -> Double {
    var lists = [Array(trainingLabels.indices)]
    if let labelsPerClass {
      if draws < 1 { fail("FeatureEvaluation: \(draws) draws; needs 1 or more") }
      lists = fewLabels(of: trainingLabels, perClass: labelsPerClass, draws: draws, seed: seed)
    }
    var sum = 0.0
    for chosen in lists { sum += accuracy(chosen, chosen.map { trainingLabels[$0] }) }
    return sum / Double(lists.count)
  }
}

/// The class of each query by a vote of its nearest keys: similarity is the cosine s, a vote counts
/// e^(s/0.07).
///
/// - Parameters:
///   - queries: `[M, D]`.
///   - keys: `[N, D]`.
///   - labels: N classes, from 0.
///   - neighbors: how many keys vote, 1 or more; all if there are fewer.
/// - Returns: M classes. Of classes with equally many votes the first counts, and of equally near
///   keys.
/// - Precondition: at least one key, a label for each, and no similarity that is NaN; stops
///   otherwise.
/// - Source: Wu et al. 2018, section 3.4, arXiv:1805.01978.
public func nearestNeighborClasses(
  of queries: Tensor, among keys: Tensor, labels: [Int], neighbors: Int = 1
) -> [Int] {
  if keys.rank != 2 || queries.rank != 2 || queries.shape[1] != keys.shape[1]
    || keys.shape[0] != labels.count
  {
    fail(
      "nearestNeighborClasses: queries \(queries.shape), keys \(keys.shape), "
        + "\(labels.count) labels")
  }
  if labels.isEmpty { fail("nearestNeighborClasses: no keys to look among") }
  if neighbors < 1 { fail("nearestNeighborClasses: \(neighbors) neighbors; needs 1 or more") }
  requireLabels(labels, "nearestNeighborClasses")
  let similarity = queries.stopGradient().l2Normalized()
    .matmul(keys.stopGradient().l2Normalized(), transposeOther: true)  // [M, N]
  requireNumbers(similarity, "nearestNeighborClasses")
  if neighbors == 1 { return similarity.argmax().map { labels[$0] } }
  let (values, indices) = similarity.topK(min(neighbors, labels.count))
  let best = values.elements
  return indices.enumerated().map { row, list in
    var votes: [(label: Int, sum: Double)] = []
    for (rank, index) in list.enumerated() {
      let excess = Double(best[row * list.count + rank] - best[row * list.count])
      let vote = exp(excess / 0.07)
      if let known = votes.firstIndex(where: { $0.label == labels[index] }) {
        votes[known].sum += vote
      } else {
        votes.append((labels[index], vote))
      }
    }
    var winner = votes[0]
    for other in votes
    where other.sum > winner.sum || other.sum == winner.sum && other.label < winner.label {
      winner = other
    }
    return winner.label
  }
}
