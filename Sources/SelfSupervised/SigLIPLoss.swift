import Tensors

/// SigLIP's loss: of each of the N² pairs of an image and a text, whether they belong together.
///
/// With unit rows u of the images and v of the texts, s = e^logitScale, b = logitBias and
/// σ(x) = 1/(1 + e^−x),
///
///     lᵢ = −Σⱼ ln σ( zᵢⱼ (s uᵢ·vⱼ + b) ),  zᵢⱼ = 1 for i = j, −1 otherwise
///
/// Each pair is judged by itself: no sum over the batch stands in a denominator.
///
/// - Parameters:
///   - images: `[N, D]`; rows are normalized here.
///   - texts: `[N, D]`; row i belongs to row i of the images.
///   - logitScale: the logarithm of what multiplies the cosines, `[]`; ln 10 at the start.
///   - logitBias: added to all scores, `[]`; −10 at the start, since nearly all pairs are wrong.
/// - Returns: the mean over the images of their sums, in nats, `[]`; N ln 2 when all scores are 0.
/// - Precondition: at least one pair, equal shapes, one scale and one bias; stops with the shapes
///   otherwise.
/// - Source: Zhai et al. 2023, section 3.2 and algorithm 1, arXiv:2303.15343; b has the sign that it
///   has in the algorithm, not in the equation.
public func sigLIPLoss(
  images: Tensor, texts: Tensor, logitScale: Tensor, logitBias: Tensor
) -> Tensor {
  pairLosses("sigLIPLoss", images, texts, logitScale, logitBias).mean()
}

/// ``sigLIPLoss(images:texts:logitScale:logitBias:)`` of each image: the sum over all texts.
///
/// - Returns: `[N]`, in nats.
public func sigLIPLosses(
  images: Tensor, texts: Tensor, logitScale: Tensor, logitBias: Tensor
) -> Tensor {
  pairLosses("sigLIPLosses", images, texts, logitScale, logitBias)
}

private func pairLosses(
  _ operation: StaticString, _ images: Tensor, _ texts: Tensor, _ logitScale: Tensor,
  _ logitBias: Tensor
) -> Tensor {
  checkPairs(operation, images, texts)
  if logitScale.count != 1 || logitBias.count != 1 {
    fail(
      "\(operation): scale \(logitScale.shape) and bias \(logitBias.shape) are not single numbers")
  }
  let cosines = images.l2Normalized().matmul(texts.l2Normalized(), transposeOther: true)
  let logits = cosines * logitScale.exp() + logitBias  // [N, N]
  let signs = Tensor.identity(images.shape[0]) * 2 - 1
  // −ln σ(x) = ln(1 + e^−x)
  return (logits * signs * -1).softplus().sum(axes: 1)
}
