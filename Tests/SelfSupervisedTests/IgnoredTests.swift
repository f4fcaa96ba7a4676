import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("What is ignored cannot matter") struct IgnoredTests {
  @Test("a token without a target, whatever its scores", arguments: [.nan, .infinity] as [Float])
  func autoregressive(value: Float) {
    let logits = Tensor([1, 2, 3, value, value, -value], shape: [1, 2, 3]).parameter()
    let losses = autoregressiveLosses(logits: logits, targets: [[2, -1]])
    let mean = autoregressiveLoss(logits: logits, targets: [[2, -1]])
    expectClose(losses.elements, [log(1 + exp(-1.0) + exp(-2.0)), 0], within: 1e-6)
    for loss in [losses.sum(), mean] {
      let gradient = loss.gradient(of: logits).elements
      #expect(gradient.allSatisfy { $0.isFinite } && gradient.suffix(3) == [0, 0, 0])
    }
  }

  @Test("a visible patch, whatever its pixels and its prediction") func patches() {
    let mask = PatchMask.showing([0], of: 2, images: 1)
    let patches = Tensor([.nan, .infinity, 1, 2], shape: [1, 2, 2])
    let guess = Tensor([.nan, .infinity, 1, 1], shape: [1, 2, 2]).parameter()
    let loss = maskedPixelLoss(predictions: guess, patches: patches, mask: mask)
    #expect(loss.scalar == 0.5)
    #expect(loss.gradient(of: guess).elements == [0, 0, 0, -1])
  }
}
