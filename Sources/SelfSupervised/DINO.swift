import Networks
import Tensors

/// DINO: a student foretells, from any view, which prototypes its slowly moving copy, the teacher,
/// finds in another.
///
/// Two collapses are held off by each other's cure: a centre taken away from the teacher's scores,
/// against one prototype for all, and a low temperature, against all prototypes alike.
///
///     var model = DINO(network)
///     training.run(&model, on: images, using: &random) {
///       $0.loss(views: $1)
///     } afterStep: {
///       $0.moveTeacher()
///     }
///
/// - Source: Caron et al. 2021, algorithm 1, arXiv:2104.14294.
public struct DINO<Encoder: Layer>: Module {
  /// How the teacher is kept from one prototype for all.
  public enum Centering: Sendable, Equatable {
    /// Scores less their running mean.
    case mean
    /// Every batch spread evenly, see ``sinkhornProbabilities(logits:temperature:iterations:)``.
    case sinkhorn(iterations: Int)
  }

  /// From a view to scores. What is trained.
  public var student: ContrastiveModel<Encoder, PrototypeHead>
  /// What computes targets: constants, so that neither gradients nor an optimizer reach it.
  public private(set) var teacher: ContrastiveModel<Encoder, PrototypeHead>
  /// c: the running mean of the teacher's scores, `[K]`.
  public private(set) var center: Tensor
  /// λ: how much of the teacher stays at each step.
  public var momentum: Float
  /// m: how much of the centre stays at each step; with 1 it stays 0, and nothing is centred.
  public var centerMomentum: Float
  /// τ of the student.
  public var studentTemperature: Float
  /// τ of the teacher; a high one does not sharpen.
  public var teacherTemperature: Float
  /// How the teacher is kept from one prototype for all.
  public var centering: Centering

  /// Student and teacher both as `network` is, and a centre of 0.
  ///
  /// - Parameters:
  ///   - network: encoder and head.
  ///   - momentum: λ in 0…1; stops with it otherwise.
  ///   - centerMomentum: m in 0…1; stops with it otherwise.
  ///   - studentTemperature: τ > 0.
  ///   - teacherTemperature: τ > 0, lower than the student's as a rule.
  ///   - centering: how the teacher is kept from one prototype for all.
  public init(
    _ network: ContrastiveModel<Encoder, PrototypeHead>, momentum: Float = 0.99,
    centerMomentum: Float = 0.9, studentTemperature: Float = 0.1,
    teacherTemperature: Float = 0.04, centering: Centering = .mean
  ) {
    for value in [momentum, centerMomentum] where !(value >= 0 && value <= 1) {
      fail("DINO: momentum \(value) is not in 0...1")
    }
    (student, teacher) = (network, network.frozen())
    center = .zeros([network.projector.prototypes.shape[0]])
    (self.momentum, self.centerMomentum) = (momentum, centerMomentum)
    (self.studentTemperature, self.teacherTemperature) = (studentTemperature, teacherTemperature)
    self.centering = centering
  }

  /// The loss of views in training, see ``dinoLoss(student:teacher:temperature:)``, `[]`; the
  /// centre takes the teacher's scores in.
  ///
  /// - Parameters:
  ///   - views: `[count·N, …]`, one view of each image after another, the two global ones first.
  ///   - count: V ≥ 2, how many views each image has.
  public mutating func loss(views: Tensor, count: Int = 2) -> Tensor {
    let images = imagesPerView(views, count, "DINO.loss")
    if count < 2 { fail("DINO.loss: \(count) views of an image are fewer than 2") }
    let scores = student.train(views: views, count: count)  // [V·N, K]
    let global = teacher.train(views: views.stopGradient()[0..<2 * images])  // [2N, K]
    let targets = probabilities(of: global)
    center.move(towards: global.mean(axes: 0), weight: 1 - centerMomentum)
    return dinoLoss(student: scores, teacher: targets, temperature: studentTemperature)
  }

  /// What the teacher asks for, given its scores `[M, K]`: `[M, K]`, rows add up to 1.
  public func probabilities(of scores: Tensor) -> Tensor {
    switch centering {
    case .mean:
      teacherProbabilities(logits: scores, center: center, temperature: teacherTemperature)
    case .sinkhorn(let iterations):
      sinkhornProbabilities(
        logits: scores, temperature: teacherTemperature, iterations: iterations)
    }
  }

  /// Moves the teacher towards the student; to be called after each update of that.
  public mutating func moveTeacher() { teacher.follow(student, momentum: momentum) }

  /// Visits `student`, `teacher`, `center`.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    student.visitParameters(path / "student", visit)
    teacher.visitParameters(path / "teacher", visit)
    visit(path / "center", &center)
  }
}
