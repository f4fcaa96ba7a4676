import Tensors
import TestSupport
import Testing

@Suite("Shapes") struct ShapeTests {
  struct Pair: Sendable {
    let a: Shape, b: Shape, result: Shape
  }

  static let pairs: [Pair] = [
    Pair(a: [3, 4], b: [3, 4], result: [3, 4]), Pair(a: [3, 4], b: [4], result: [3, 4]),
    Pair(a: [3, 1], b: [1, 4], result: [3, 4]), Pair(a: [], b: [2, 3], result: [2, 3]),
    Pair(a: [5, 1, 3], b: [4, 1], result: [5, 4, 3]), Pair(a: [0, 3], b: [1, 3], result: [0, 3]),
    Pair(a: [1, 1], b: [1], result: [1, 1]), Pair(a: [2, 1, 3], b: [2, 4, 1], result: [2, 4, 3]),
  ]

  @Test("operands broadcast as numpy's do, in both orders", arguments: pairs)
  func broadcast(pair: Pair) {
    var random = RandomSource(seed: 3)
    let a = Tensor.uniform(pair.a, using: &random)
    let b = Tensor.uniform(pair.b, using: &random)
    #expect((a + b).shape == pair.result)
    #expect((a + b) == (b + a))
    #expect((a - b) == a.broadcast(to: pair.result) - b.broadcast(to: pair.result))
    #expect(
      (a * b).elements
        == zip(
          a.broadcast(to: pair.result).elements, b.broadcast(to: pair.result).elements
        ).map { $0 * $1 })
  }

  @Test("empty tensors go through every kind of operation")
  func empty() {
    let x = Tensor.zeros([0, 3])
    #expect(x.sum().scalar == 0)
    #expect(x.sum(axes: 0) == Tensor([0, 0, 0]))
    #expect(x.sum(axes: 1).shape == [0])
    #expect(x.max().scalar == -.infinity)
    #expect(x.mean().scalar.isNaN)
    #expect(x.matmul(.zeros([3, 2])).shape == [0, 2])
    #expect(Tensor.zeros([2, 0]).matmul(.zeros([0, 3])) == .zeros([2, 3]))
    #expect(x.transposed().shape == [3, 0])
    #expect(x.softmax().shape == [0, 3])
    #expect(x.layerNorm().shape == [0, 3])
    #expect(Tensor.concatenate([x, .ones([1, 3])]) == .ones([1, 3]))
    #expect(x.gather([] as [Int]).shape == [0, 3])
    #expect(x.exp().description == "[]")
    let w = Tensor.zeros([0, 3]).parameter()
    #expect(((w * 2).sum()).gradient(of: w).shape == [0, 3])
  }

  @Test("a number is a tensor without axes")
  func rankZero() {
    let x = Tensor(2).parameter()
    #expect((x * x + 1).scalar == 5)
    #expect(x.sum().scalar == 2)
    #expect(x.reshaped([1, 1]).shape == [1, 1])
    #expect((x * x).gradient(of: x).scalar == 4)
    #expect(x.description == "2.")
  }

  @Test("evenly spaced numbers begin and end where they should")
  func linearSpace() {
    #expect(Tensor.linearSpace(from: -1, to: 3, count: 5) == Tensor([-1, 0, 1, 2, 3]))
    #expect(Tensor.linearSpace(from: 0.1, to: 0.7, count: 7).elements.last == 0.7)
    #expect(Tensor.linearSpace(from: 5, to: 9, count: 1) == Tensor([5]))
    #expect(Tensor.linearSpace(from: 5, to: 9, count: 0).shape == [0])
    #expect(Tensor.range(-2..<2) == Tensor([-2, -1, 0, 1]))
    #expect(Tensor.oneHot([2, 0], classes: 3) == Tensor([[0, 0, 1], [1, 0, 0]]))
  }

  @Test("views share elements, changes do not")
  func valueSemantics() {
    var a = Tensor([[1, 2], [3, 4]])
    let row = a[1]
    let copy = a
    a[element: 1, 0] = 9
    #expect(row == Tensor([3, 4]))
    #expect(copy[element: 1, 0] == 3)
    #expect(a[element: 1, -2] == 9)
    var sliced = copy[1...]
    sliced.update { $0[0] = 7 }
    #expect(copy == Tensor([[1, 2], [3, 4]]))
    #expect(sliced == Tensor([[7, 4]]))
  }

  @Test("numbers print in columns, as numpy prints them")
  func description() {
    #expect(Tensor([[0.25, 1.5], [2, 3.75]]).description == "[[0.25, 1.5 ],\n [2.  , 3.75]]")
    #expect(Tensor([1, -10, 100]).description == "[  1., -10., 100.]")
    #expect(Tensor([1e-9, 1]).description == "[1.e-09, 1.e+00]")
    #expect(Tensor([.nan, .infinity, 1.5]).description == "[NaN, inf, 1.5]")
    #expect(Tensor.range(0..<2000).description == "[   0.,    1.,    2., ..., 1997., 1998., 1999.]")
    #expect(Tensor.ones([2, 1, 2]).description == "[[[1., 1.]],\n\n [[1., 1.]]]")
  }

  @Test("a tape that was used up says so")
  func spentMessage() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tensor(1).parameter()
      let y = x * x
      _ = y.gradient(of: x)
      _ = (y + 1).gradient(of: x)
    }
    #expect(text(of: result).contains("pass keepsTape: true to the first of several"))
  }

  @Test("the first NaN is found, with its operation")
  func nanMessage() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Tensor.stoppingAtNaN { Tensor([1, -1]).log() + 1 }
    }
    #expect(text(of: result).contains("log: the result [2] is NaN at element 1"))
  }

  @Test("a NaN of the backward pass is found too")
  func backwardNaNMessage() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tensor([0]).parameter()
      _ = Tensor.stoppingAtNaN { ((x * 0).sqrt() * 0).sum().gradient(of: x) }
    }
    #expect(text(of: result).contains("sqrt: the gradient [1] is NaN at element 0"))
  }
}

/// What a process wrote to standard error.
private func text(of result: ExitTest.Result?) -> String {
  String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
}
