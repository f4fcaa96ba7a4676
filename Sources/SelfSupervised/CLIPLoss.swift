import Tensors

/// ln 100: CLIP's scale never multiplies a cosine by more than 100.
let largestLogitScale: Float = 4.605_170_2

/// CLIP's loss: each image must find its text among all N texts, and each text its image.
///
/// With unit rows u of the images and v of the texts, and s = min(exp(logitScale), 100),
///
///     L = 1/(2N) Σᵢ ( −ln softmaxⱼ(s·uᵢ·vⱼ)[i] − ln softmaxⱼ(s·uⱼ·vᵢ)[i] )
///
/// Loss and gradients come from one pass over the similarities.
///
/// - Parameters:
///   - images: `[N, D]`; rows are normalized here.
///   - texts: `[N, D]`; row i belongs to row i of the images.
///   - logitScale: the logarithm of what multiplies the cosines, `[]`; beyond ln 100 it counts as
///     ln 100 and has no gradient.
/// - Returns: the mean over the pairs and both directions, in nats, `[]`; ln N when all rows agree.
/// - Precondition: at least one pair, equal shapes; stops with both otherwise.
/// - Source: Radford et al. 2021, section 2.3 and figure 3, arXiv:2103.00020.
public func clipLoss(images: Tensor, texts: Tensor, logitScale: Tensor) -> Tensor {
  checkPairs("clipLoss", images, texts)
  return .infoNCELoss(
    queries: images.l2Normalized(), keys: texts.l2Normalized(), scale: cosineScale(logitScale),
    isSymmetric: true)
}

/// ``clipLoss(images:texts:logitScale:)`` of each pair, the mean of its two directions.
///
/// - Returns: `[N]`, in nats.
public func clipLosses(images: Tensor, texts: Tensor, logitScale: Tensor) -> Tensor {
  checkPairs("clipLosses", images, texts)
  let (u, v) = (images.l2Normalized(), texts.l2Normalized())
  let scale = cosineScale(logitScale)
  let logits = u.matmul(v, transposeOther: true) * scale  // [N, N]
  let pairs = Array(0..<images.shape[0])
  let texts = logits.transposed().crossEntropies(targets: pairs)
  return (logits.crossEntropies(targets: pairs) + texts) * 0.5
}

/// How often the partner of a row is among the rows most similar to it: recall at k.
///
/// - Parameters:
///   - queries: `[N, D]`; cosines count, whatever the lengths.
///   - candidates: `[N, D]`; candidate i is what query i looks for.
///   - top: k, how many of the most similar candidates may be it.
/// - Returns: the share of queries, in 0...1. Of candidates that tie with the partner, as many count
///   as there are places for them: equal rows alone are found by chance. NaN if a cosine is NaN.
/// - Precondition: at least one pair, equal shapes, top ≥ 1; stops with them otherwise.
public func retrievalAccuracy(queries: Tensor, candidates: Tensor, top: Int = 1) -> Double {
  checkPairs("retrievalAccuracy", queries, candidates)
  let u = queries.stopGradient().l2Normalized()
  let cosines = u.matmul(candidates.stopGradient().l2Normalized(), transposeOther: true)
  if top < 1 { fail("retrievalAccuracy: top \(top) is not 1 or more") }
  return shareAtTop(top, of: cosines, targets: Array(0..<queries.shape[0]))
}

func checkPairs(_ name: StaticString, _ a: Tensor, _ b: Tensor) {
  if a.rank != 2 || a.shape != b.shape || a.shape[0] == 0 {
    fail("\(name): rows \(a.shape) and \(b.shape): needs two of [N, D], N > 0")
  }
}

/// exp(logitScale), at most 100.
private func cosineScale(_ logitScale: Tensor) -> Tensor {
  logitScale.scalar > largestLogitScale ? Tensor(100) : logitScale.exp()
}
