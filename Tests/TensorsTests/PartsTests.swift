import Tensors
import TestSupport
import Testing

@Suite("Parts and literals of several axes") struct PartsTests {
  @Test("ranges of several axes are slices of each, gradients too") func ranges() {
    var random = RandomSource(seed: 1)
    let x = Tensor.normal([3, 4, 5, 6], using: &random)
    #expect(x[1..<3, ..<2] == x.slice(1..<3, axis: 0).slice(0..<2, axis: 1))
    #expect(x[0..., 1...2, 4...] == x.slice(1..<3, axis: 1).slice(4..<5, axis: 2))
    #expect(x[0..<1, 3..., 0..., 2..<3].elements == (0..<5).map { x[element: 0, 3, $0, 2] })
    let w = Tensor([[1, 2, 3], [4, 5, 6]]).parameter()
    #expect(w[0..<1, 1...].sum().gradient(of: w) == Tensor([[0, 1, 1], [0, 0, 0]]))
  }

  @Test("literals of three and four axes lie row by row") func literals() {
    let x = Tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    #expect(x.shape == [2, 2, 2] && x.elements == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(Tensor([[[1]]]) == Tensor([1], shape: [1, 1, 1]))
    let y = Tensor([[[[1, 2]], [[3, 4]]]])
    #expect(y.shape == [1, 2, 1, 2] && y.elements == [1, 2, 3, 4])
    #expect(Tensor([[[Float]]]()).shape == [0, 0, 0])
  }
}
