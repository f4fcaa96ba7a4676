import Tensors

/// DINO's loss: from every view of an image the student foretells what the teacher makes of each
/// other, global, view.
///
/// With P the teacher's probabilities of the two global views, and Q those of the student,
///
///     lᵢ = 1/(2(V − 1)) Σ_{u<2} Σ_{v≠u} −Σₖ Pₖ(xᵤ) log Qₖ(xᵥ),  Q = softmax(student/τ)
///
/// −Σ P log Q = H(P) + KL(P ‖ Q), so that it can fall by collapse of P; see ``DINO``.
///
/// - Parameters:
///   - student: scores, `[V·N, K]`: one view of each image after another, the global ones first.
///   - teacher: probabilities of the two global views, `[2N, K]`; no gradient reaches them.
///   - temperature: τ > 0, of the student.
/// - Returns: the mean over images and pairs of views, in nats, `[]`; log K when all are uniform.
/// - Precondition: V ≥ 2 views of as many images, equal K; stops with both shapes otherwise.
/// - Source: Caron et al. 2021, equation 3 and algorithm 1, arXiv:2104.14294; the mean over pairs
///   is that of the authors' program, the equation has their sum.
public func dinoLoss(student: Tensor, teacher: Tensor, temperature: Float) -> Tensor {
  pairedCrossEntropies("dinoLoss", student, teacher, temperature).mean()
}

/// ``dinoLoss(student:teacher:temperature:)`` of each image.
///
/// - Returns: `[N]`, in nats.
public func dinoLosses(student: Tensor, teacher: Tensor, temperature: Float) -> Tensor {
  pairedCrossEntropies("dinoLosses", student, teacher, temperature)
}

private func pairedCrossEntropies(
  _ operation: StaticString, _ student: Tensor, _ teacher: Tensor, _ temperature: Float
) -> Tensor {
  requirePositive(temperature, operation)
  let (rows, targetRows) = (student.shape.first ?? 0, teacher.shape.first ?? 0)
  if student.rank != 2 || teacher.rank != 2 || student.shape[1] != teacher.shape[1]
    || targetRows < 2 || targetRows % 2 != 0 || rows < targetRows || rows % (targetRows / 2) != 0
  {
    fail("\(operation): student \(student.shape) and teacher \(teacher.shape) views do not match")
  }
  let images = targetRows / 2
  let views = rows / images
  let (first, second) = (
    teacher.stopGradient()[0..<images], teacher.stopGradient()[images...]
  )
  // Each view's targets together: a global view is asked for the other one, a local one for both.
  let local = Array(repeating: first + second, count: views - 2)
  let targets = Tensor.concatenate([second, first] + local)
  let logits = (student * (1 / temperature)).logSoftmax()
  let sums = (logits * targets).sum(axes: 1).reshaped([views, images] as Shape).sum(axes: 0)
  return sums * (-1 / Float(2 * (views - 1)))
}

/// The probabilities that DINO's teacher asks for: softmax((scores − c)/τ), constants.
///
/// - Parameters:
///   - logits: scores, `[M, K]`.
///   - center: c, what is typical of each score, `[K]`; taken away, no score wins everywhere.
///   - temperature: τ > 0; a small one sharpens, so that not all scores win alike.
/// - Returns: `[M, K]`; rows add up to 1.
/// - Precondition: a centre of K numbers; stops with both shapes otherwise.
/// - Source: Caron et al. 2021, section 3.1 and algorithm 1, arXiv:2104.14294.
public func teacherProbabilities(logits: Tensor, center: Tensor, temperature: Float) -> Tensor {
  requirePositive(temperature, "teacherProbabilities")
  if logits.rank != 2 || center.rank != 1 || center.shape[0] != logits.shape[1] {
    fail("teacherProbabilities: scores \(logits.shape) and a centre \(center.shape)")
  }
  return ((logits.stopGradient() - center.stopGradient()) * (1 / temperature)).softmax()
}

/// Probabilities spread evenly over all K: e^(scores/τ) with columns and rows scaled in turn until
/// rows add up to 1 and columns to M/K. Constants.
///
/// - Parameters:
///   - logits: scores, `[M, K]`.
///   - temperature: τ > 0.
///   - iterations: how often columns and then rows are scaled; 3 in the paper.
/// - Returns: `[M, K]`; rows add up to 1, columns the closer to M/K the more iterations.
/// - Precondition: rank 2, at least one row and iteration; stops with the shape or number otherwise.
/// - Source: Caron et al. 2020, equation 4 and listing in section A.1, arXiv:2006.09882; Cuturi
///   2013, arXiv:1306.0895.
public func sinkhornProbabilities(
  logits: Tensor, temperature: Float, iterations: Int = 3
) -> Tensor {
  requirePositive(temperature, "sinkhornProbabilities")
  if logits.rank != 2 || logits.count == 0 {
    fail("sinkhornProbabilities: scores \(logits.shape) are not [M, K], M and K > 0")
  }
  if iterations < 1 { fail("sinkhornProbabilities: \(iterations) iterations are fewer than 1") }
  var logs = logits.stopGradient() * (1 / temperature)
  for _ in 0..<iterations { logs = logs.logSoftmax(axes: 0).logSoftmax(axes: 1) }
  return logs.exp()
}
