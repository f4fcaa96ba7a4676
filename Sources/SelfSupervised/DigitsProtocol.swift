import Tensors

/// How all methods are judged on the digits, once and for all: what may be learned from, what
/// settings may be chosen on, and what is only looked at for the result.
///
///     let judge = DigitsProtocol(digits)
///     let learned = judge.linearAccuracies(of: encoders, labelsPerClass: 10)
///     let pixels = judge.pixelBaseline(labelsPerClass: 10)
///     print(learned.mean - pixels.mean)
///
/// Every encoder is judged by the same draws of labels, from the training images alone.
public struct DigitsProtocol: Sendable {
  /// The 1000 digits that are trained on, and whose labels are drawn.
  public let training: LabeledImages
  /// The 297 digits that settings are chosen on.
  public let validation: LabeledImages
  /// The 500 digits that the result is measured on.
  public let test: LabeledImages

  /// On which digits accuracies are measured.
  public enum Part: Sendable {
    /// To choose settings.
    case validation
    /// For the result.
    case test
  }

  /// How many of the digits that are not for testing are kept for validation.
  public static let validationCount = 297

  /// The three parts of the digits, in their fixed random order.
  public init(_ digits: Digits) {
    let all = digits.training
    let count = DigitsProtocol.validationCount
    if all.labels.count <= count {
      fail("DigitsProtocol: \(all.labels.count) digits to train on, \(count) kept for validation")
    }
    validation = all[Array(0..<count)]
    training = all[Array(count..<all.labels.count)]
    test = digits.test
  }

  /// The accuracies of linear probes on the features of several encoders: a row for each encoder
  /// (one method, several seeds), a number for each draw of labels.
  ///
  /// - Parameters:
  ///   - encoders: from images `[N, 64]` to features `[N, D]`.
  ///   - labelsPerClass: k of each draw.
  ///   - draws: how many, the same for all encoders.
  ///   - part: where the accuracy is measured.
  ///   - isStandardized: whether a probe sees features standardized by the training images.
  ///   - penalty: of ``LinearProbe``.
  /// - Precondition: at least one encoder and draw; stops otherwise.
  public func linearAccuracies(
    of encoders: [(Tensor) -> Tensor], labelsPerClass: Int, draws: Int = 5, on part: Part = .test,
    isStandardized: Bool = true, penalty: Float = 0.1
  ) -> SeedsAndDraws {
    let judged = part == .test ? test : validation
    return SeedsAndDraws(
      encoders.map { encoder in
        let evaluation = FeatureEvaluation(
          training: LabeledImages(images: encoder(training.images), labels: training.labels),
          test: LabeledImages(images: encoder(judged.images), labels: judged.labels),
          isStandardized: isStandardized)
        return (0..<max(0, draws)).map { draw in
          evaluation.linearAccuracy(
            labelsPerClass: labelsPerClass, draws: 1, seed: UInt64(draw), penalty: penalty)
        }
      })
  }

  /// What a linear probe reads off the pixels themselves: the number to beat. Whether pixels are
  /// standardized, and the penalty, are chosen on the validation digits, for each k anew.
  ///
  /// - Parameters:
  ///   - labelsPerClass: k of each draw.
  ///   - draws: how many.
  ///   - part: where the accuracy is measured.
  public func pixelBaseline(
    labelsPerClass: Int, draws: Int = 5, on part: Part = .test
  ) -> SeedsAndDraws {
    func accuracies(_ isStandardized: Bool, _ penalty: Float, on part: Part) -> SeedsAndDraws {
      linearAccuracies(
        of: [{ $0 }], labelsPerClass: labelsPerClass, draws: draws, on: part,
        isStandardized: isStandardized, penalty: penalty)
    }
    var best = (isStandardized: true, penalty: Float(0), accuracy: -1.0)
    for isStandardized in [true, false] {
      for penalty in [1e-3, 1e-2, 1e-1] as [Float] {
        let accuracy = accuracies(isStandardized, penalty, on: .validation).mean
        if accuracy > best.accuracy { best = (isStandardized, penalty, accuracy) }
      }
    }
    return accuracies(best.isStandardized, best.penalty, on: part)
  }
}
