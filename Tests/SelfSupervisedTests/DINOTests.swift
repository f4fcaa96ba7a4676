import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("DINO's loss") struct DINOLossTests {
  /// Equation 3 as loops, the mean over pairs of views.
  func equationThree(_ student: Tensor, _ teacher: Tensor, _ temperature: Double) -> [Double] {
    let (q, p) = (rows(student), rows(teacher))
    let images = p.count / 2
    let views = q.count / images
    return (0..<images).map { i in
      var sum = 0.0
      for u in 0..<2 {
        for v in 0..<views where v != u {
          let scores = q[v * images + i].map { $0 / temperature }
          let normalizer = logSumExp(scores)
          for (k, score) in scores.enumerated() {
            sum += p[u * images + i][k] * (normalizer - score)
          }
        }
      }
      return sum / Double(2 * (views - 1))
    }
  }

  @Test("uniform collapse costs log K, one-hot collapse nothing", arguments: [2, 5])
  func collapse(views: Int) {
    let teacher = Tensor.full([6, 8], 1 / 8)
    let even = dinoLoss(student: .ones([3 * views, 8]), teacher: teacher, temperature: 0.1)
    expectClose(even.scalar, log(8.0))
    let first = Tensor.oneHot(Array(repeating: 2, count: 6), classes: 8)
    let student = Tensor.oneHot(Array(repeating: 2, count: 3 * views), classes: 8)
    let one = dinoLoss(student: student, teacher: first, temperature: 0.02)
    expectClose(one.scalar, 0, within: 1e-6)
  }

  @Test("agrees with equation 3 of the paper, written as loops", arguments: [2, 3, 6])
  func loops(views: Int) {
    var random = RandomSource(seed: 3)
    let student = Tensor.normal([views * 4, 5], using: &random)
    let teacher = Tensor.normal([8, 5], using: &random).softmax()
    let expected = equationThree(student, teacher, 0.3)
    let losses = dinoLosses(student: student, teacher: teacher, temperature: 0.3)
    expectClose(losses.elements, expected)
    let loss = dinoLoss(student: student, teacher: teacher, temperature: 0.3)
    expectClose(loss.scalar, expected.reduce(0, +) / 4)
  }

  @Test("swapping the global views of both networks, or local views, changes nothing")
  func symmetry() {
    var random = RandomSource(seed: 4)
    let student = Tensor.normal([8, 5], using: &random)
    let teacher = Tensor.normal([4, 5], using: &random).softmax()
    let loss = Double(dinoLoss(student: student, teacher: teacher, temperature: 0.5).scalar)
    let global = dinoLoss(
      student: student.gather([2, 3, 0, 1, 4, 5, 6, 7]), teacher: otherViews(teacher),
      temperature: 0.5)
    expectClose(global.scalar, loss)
    let local = dinoLoss(
      student: student.gather([0, 1, 2, 3, 6, 7, 4, 5]), teacher: teacher, temperature: 0.5)
    expectClose(local.scalar, loss)
  }

  @Test("gradients agree with finite differences, and none reaches the teacher")
  func gradients() {
    var random = RandomSource(seed: 5)
    let student = Tensor.normal([6, 4], using: &random)
    let teacher = Tensor.normal([4, 4], using: &random).softmax()
    let check = GradientCheck([student]) {
      dinoLoss(student: $0[0], teacher: teacher, temperature: 0.5)
    }
    #expect(check.worstError < 5e-3, "\(String(describing: check.worst))")
    let target = teacher.parameter()
    let loss = dinoLoss(student: student.parameter(), teacher: target, temperature: 0.5)
    #expect(loss.gradient(of: target) == .zeros([4, 4]))
  }

  @Test("agrees with PyTorch's losses, gradient and targets") func torch() throws {
    let fixture = try TorchFixture("joint")
    let student = try fixture.tensor("dino.student").parameter()
    let scores = try fixture.tensor("dino.teacher")
    let teacher = teacherProbabilities(
      logits: scores, center: try fixture.tensor("dino.center"), temperature: 0.4)
    expectClose(teacher.elements, try fixture.numbers("dino.probabilities"))
    let losses = dinoLosses(student: student, teacher: teacher, temperature: 0.5)
    expectClose(losses.elements, try fixture.numbers("dino.losses"))
    expectClose(
      losses.mean().gradient(of: student).elements, try fixture.numbers("dino.gradient"))
    for iterations in [1, 3, 50] {
      let even = sinkhornProbabilities(logits: scores, temperature: 0.4, iterations: iterations)
      expectClose(
        even.elements, try fixture.numbers("dino.sinkhorn.\(iterations)"), within: 2e-6,
        "\(iterations) iterations")
    }
  }
}

@Suite("DINO's targets") struct DINOTargetTests {
  @Test("a centre and a shift of all scores are taken away; a low temperature sharpens")
  func centering() {
    let scores = Tensor([[1, 2, 3], [0, 2, 0]])
    let center = Tensor([0, 1, 0])
    let p = teacherProbabilities(logits: scores, center: center, temperature: 0.5)
    let shifted = teacherProbabilities(logits: scores + 7, center: center + 3, temperature: 0.5)
    expectClose(shifted.elements, [Double](p))
    let sharp = teacherProbabilities(logits: scores, center: center, temperature: 0.01)
    expectClose(sharp.elements, [0, 0, 1, 0, 1, 0])
    expectClose(p.sum(axes: 1).elements, [1, 1])
    #expect(
      !teacherProbabilities(logits: scores.parameter(), center: center, temperature: 1)
        .isRecorded)
  }

  @Test("Sinkhorn's rows add up to 1 at once, its columns to M/K in the limit; shifts do nothing")
  func sinkhorn() {
    var random = RandomSource(seed: 6)
    let scores = Tensor.normal([12, 4], using: &random)
    let once = sinkhornProbabilities(logits: scores, temperature: 0.5, iterations: 1)
    expectClose(once.sum(axes: 1).elements, Array(repeating: 1, count: 12))
    let even = sinkhornProbabilities(logits: scores, temperature: 0.5, iterations: 200)
    expectClose(even.sum(axes: 0).elements, Array(repeating: 3, count: 4), within: 1e-5)
    let shifted = scores + Tensor([5, -3, 2, 9])
    expectClose(
      sinkhornProbabilities(logits: shifted, temperature: 0.5, iterations: 200).elements,
      [Double](even), within: 1e-5)
    // Scores that would overflow as e^(s/τ).
    let huge = sinkhornProbabilities(logits: scores * 1000, temperature: 0.5)
    #expect(huge.elements.allSatisfy { $0.isFinite })
  }

  @Test("NaN in gives NaN out") func notANumber() {
    let scores = Tensor([[1, .nan], [0, 1]])
    let p = teacherProbabilities(logits: scores, center: .zeros([2]), temperature: 1)
    #expect(p.elements.map(\.isNaN) == [true, true, false, false])
    #expect(
      sinkhornProbabilities(logits: scores, temperature: 1).elements.contains { $0.isNaN })
    let loss = dinoLoss(student: scores, teacher: .ones([2, 2]), temperature: 1)
    #expect(loss.scalar.isNaN)
  }

  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      DINOTargetTests.rows[index].call()
    }
    expectStopped(result, Self.rows[index])
  }

  static let rows: [Mistake] = [
    Mistake("dinoLoss: student [5, 2] and teacher [4, 2] views do not match") {
      _ = dinoLoss(student: .ones([5, 2]), teacher: .ones([4, 2]), temperature: 1)
    },
    Mistake("dinoLoss: student [4, 2] and teacher [4, 3] views do not match") {
      _ = dinoLoss(student: .ones([4, 2]), teacher: .ones([4, 3]), temperature: 1)
    },
    Mistake("dinoLosses: student [2, 2] and teacher [4, 2] views do not match") {
      _ = dinoLosses(student: .ones([2, 2]), teacher: .ones([4, 2]), temperature: 1)
    },
    Mistake("dinoLosses: student [3, 2] and teacher [3, 2] views do not match") {
      _ = dinoLosses(student: .ones([3, 2]), teacher: .ones([3, 2]), temperature: 1)
    },
    Mistake("dinoLoss: temperature 0.0 is not positive") {
      _ = dinoLoss(student: .ones([4, 2]), teacher: .ones([4, 2]), temperature: 0)
    },
    Mistake("teacherProbabilities: scores [4, 2] and a centre [3]") {
      _ = teacherProbabilities(logits: .ones([4, 2]), center: .ones([3]), temperature: 1)
    },
    Mistake("teacherProbabilities: temperature nan is not positive") {
      _ = teacherProbabilities(logits: .ones([4, 2]), center: .ones([2]), temperature: .nan)
    },
    Mistake("sinkhornProbabilities: scores [0, 2] are not [M, K], M and K > 0") {
      _ = sinkhornProbabilities(logits: .zeros([0, 2]), temperature: 1)
    },
    Mistake("sinkhornProbabilities: 0 iterations are fewer than 1") {
      _ = sinkhornProbabilities(logits: .ones([4, 2]), temperature: 1, iterations: 0)
    },
    Mistake("PrototypeHead: 0 prototypes are fewer than 1") {
      var random = RandomSource(seed: 0)
      _ = PrototypeHead([4, 2], prototypes: 0, using: &random)
    },
    Mistake("DINO: momentum 1.5 is not in 0...1") {
      _ = DINO(tinyNetwork(), centerMomentum: 1.5)
    },
    Mistake("DINO.loss: [5, 4] does not hold 3 views of each image") {
      var model = DINO(tinyNetwork())
      _ = model.loss(views: .ones([5, 4]), count: 3)
    },
    Mistake("DINO.loss: 1 views of an image are fewer than 2") {
      var model = DINO(tinyNetwork())
      _ = model.loss(views: .ones([5, 4]), count: 1)
    },
  ]

  static func tinyNetwork() -> ContrastiveModel<MLP, PrototypeHead> {
    var random = RandomSource(seed: 0)
    return ContrastiveModel(
      encoder: .encoder([4, 3], using: &random),
      projector: PrototypeHead([3, 2], prototypes: 5, using: &random))
  }
}
