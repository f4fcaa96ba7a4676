import Tensors
import TestSupport
import Testing

@Suite("What attention hides cannot matter") struct HiddenKeyTests {
  /// Queries, keys and values of which the last key and value are not finite.
  private func inputs(_ value: Float, length: Int) -> (Tensor, Tensor, Tensor) {
    var random = RandomSource(seed: 1)
    let last = Tensor.concatenate(
      [.zeros([2, length - 1, 1]), .ones([2, 1, 1])], axis: 1)
    func made() -> Tensor { .normal([2, length, 4], using: &random) }
    return (made(), made().maskedFill(last, with: value), made().maskedFill(last, with: -value))
  }

  @Test(
    "behind a mask and behind the present, whatever it holds, short and long",
    arguments: [.nan, .infinity, 1e38] as [Float], [5, 70])
  func hidden(value: Float, length: Int) {
    let (q, k, v) = inputs(value, length: length)
    let seen = length - 1
    let mask = Tensor.concatenate([.ones([2, seen]), .zeros([2, 1])], axis: 1)
    let (first, firstK, firstV) = (
      q.slice(0..<seen, axis: 1), k.slice(0..<seen, axis: 1), v.slice(0..<seen, axis: 1)
    )
    for (isCausal, isMasked) in [(false, true), (true, true), (true, false)] {
      let hidden = [k.parameter(), v.parameter()]
      // Without a mask the last query sees the last key.
      let result = Tensor.attention(
        queries: isCausal ? q : first, keys: hidden[0], values: hidden[1], heads: 2,
        isCausal: isCausal, keyMask: isMasked ? mask : nil
      ).slice(0..<seen, axis: 1)
      let shown = [firstK.parameter(), firstV.parameter()]
      let exact = Tensor.attention(
        queries: first, keys: shown[0], values: shown[1], heads: 2, isCausal: isCausal)
      expectClose(result.elements, [Double](exact), within: 1e-5)
      guard isMasked else { continue }
      let gradients = result.squared().sum().gradients(of: hidden)
      let expected = exact.squared().sum().gradients(of: shown)
      for (gradient, expected) in zip(gradients, expected) {
        expectClose(gradient.slice(0..<seen, axis: 1).elements, [Double](expected), within: 1e-4)
        #expect(gradient.slice(seen..<length, axis: 1) == .zeros([2, 1, 4]))
      }
    }
  }

  @Test("the case of the issue, packed and not") func issue() {
    let q = Tensor([1, 0], shape: [1, 1, 2])
    let k = Tensor([1, 0, .nan, .nan], shape: [1, 2, 2])
    let mask = Tensor([[1, 0]])
    let y = Tensor.attention(queries: q, keys: k, values: k, heads: 1, keyMask: mask)
    #expect(y.elements == [1, 0])
    let packed = Tensor.concatenate([k, k, k], axis: 2).parameter()
    let z = packed.selfAttention(heads: 1, keyMask: mask)
    #expect(z[0][0].elements == [1, 0])
    let gradient = z.slice(0..<1, axis: 1).sum().gradient(of: packed)
    #expect(gradient.elements.allSatisfy { $0.isFinite })
  }

  @Test("a visible NaN is seen") func visible() {
    let k = Tensor([1, 0, .nan, .nan], shape: [1, 2, 2])
    let q = Tensor([1, 0, 0, 1], shape: [1, 2, 2])
    let y = Tensor.attention(queries: q, keys: k, values: k, heads: 1, isCausal: true)
    #expect(y[0][0].elements == [1, 0])
    #expect(y[0][1].elements.allSatisfy { $0.isNaN })
  }
}
