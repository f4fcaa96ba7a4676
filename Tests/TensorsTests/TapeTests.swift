import Kernels
import Networks
import Tensors
import TestSupport
import Testing

@Suite("The tape") struct TapeTests {
  @Test("a tensor used twice receives the sum")
  func sums() {
    let x = Tensor([1, 2, 3]).parameter()
    #expect((x * x + x).sum().gradient(of: x) == Tensor([3, 5, 7]))
    #expect((x + x + x).sum().gradient(of: x) == Tensor([3, 3, 3]))
  }

  @Test("one gradient that reaches two inputs is not shared between their sums")
  func noAliasing() {
    let (x, y) = (Tensor([1]).parameter(), Tensor([1]).parameter())
    let z = x + y
    let gradients = (z + x).sum().gradients(of: [x, y, z])
    #expect(gradients == [Tensor([2]), Tensor([1]), Tensor([1])])
  }

  @Test("a gradient that somebody else still needs is not changed in place")
  func inPlace() {
    let x = Tensor([[0.5, -1, 2]]).parameter()
    let (e, t) = (x.exp(), x.tanh())
    let (de, dt) = (e.stopGradient(), 1 - (t * t).stopGradient())
    let both = (e + t).sum().gradients(of: [x, e, t])
    #expect(both == [de + dt, .ones([1, 3]), .ones([1, 3])])

    let seed = Tensor([[1, 2, 3]])
    let copy = seed + 0
    #expect(x.exp().gradients(of: [x], seed: seed) == [de * seed])
    #expect(seed == copy)

    // A view of the seed, and the seed through a layer that both masks and sums it.
    #expect(x.exp().reshaped([3]).gradients(of: [x], seed: seed.reshaped([3])) == [de * seed])
    let (w, b) = (Tensor([[1, 0], [0, 1], [0, 1]]), Tensor([0.25, -4]).parameter())
    let y = x.linear(w, bias: b, activation: .relu)
    let back = y.gradients(of: [x, b, y], seed: Tensor([[5, 7]]))
    #expect(back == [Tensor([[5, 0, 0]]), Tensor([5, 0]), Tensor([[5, 7]])])
    #expect(seed == copy)
  }

  @Test("gradients are values: the same question has the same answer")
  func repeatable() {
    let x = Tensor([1, 2]).parameter()
    let loss = (x * x).sum()
    let first = loss.gradient(of: x, keepsTape: true)
    #expect(loss.gradient(of: x) == first)
  }

  @Test("what does not influence the result has a gradient of zeros")
  func zeros() {
    let (x, y) = (Tensor([1, 2]).parameter(), Tensor([[3]]).parameter())
    #expect(x.sum().gradients(of: [y, x]) == [.zeros([1, 1]), .ones([2])])
    #expect((y.stopGradient() * x).sum().gradients(of: [y]) == [.zeros([1, 1])])
    #expect(Tensor(1).gradients(of: [x]) == [.zeros([2])])
  }

  @Test("an intermediate result can be asked for")
  func intermediate() {
    let x = Tensor(3).parameter()
    let y = x * x
    let gradients = (y * y).gradients(of: [y, x, y])
    #expect(gradients.map { $0.scalar } == [18, 108, 18])
  }

  @Test("a seed weighs the elements")
  func seed() {
    let x = Tensor([1, 2]).parameter()
    #expect((x * x).gradients(of: [x], seed: Tensor([10, 100])) == [Tensor([20, 400])])
  }

  @Test("a changed parameter does not change what was recorded before")
  func changedParameter() {
    var x = Tensor([1, 2]).parameter()
    let before = x
    let loss = (x * x).sum()
    x.update { $0[0] = 50 }
    #expect(loss.gradient(of: before) == Tensor([2, 4]))
    #expect(x.isRecorded)
  }

  @Test("a chain of 100 000 operations neither overflows the stack forwards nor when released")
  func longChain() {
    let x = Tensor(1).parameter()
    var y = x
    for _ in 0..<100_000 { y = y + 1 }
    #expect(y.gradient(of: x).scalar == 1)
    var z = x
    for _ in 0..<100_000 { z = z * 1 }
    z = x
    #expect(z.scalar == 1)
  }

  @Test("a wide graph that meets itself is walked once for each operation")
  func diamond() {
    let x = Tensor(1).parameter()
    var y = x
    // 2⁶⁰ paths, 60 operations.
    for _ in 0..<60 { y = y + y }
    #expect(y.gradient(of: x).scalar == Float(1 << 60))
  }

  @Test("equal elements share the gradient of an extreme")
  func ties() {
    let x = Tensor([[2, 2, 1], [3, 0, 3]]).parameter()
    #expect(x.max(axes: 1).sum().gradient(of: x) == Tensor([[0.5, 0.5, 0], [0.5, 0, 0.5]]))
    #expect(x.min().gradient(of: x) == Tensor([[0, 0, 0], [0, 1, 0]]))
    let (a, b) = (Tensor([1, 2, 3]).parameter(), Tensor([1, 5, 0]).parameter())
    #expect(
      Tensor.maximum(a, b).sum().gradients(of: [a, b]) == [
        Tensor([0.5, 0, 1]), Tensor([0.5, 1, 0]),
      ])
    #expect(
      Tensor.minimum(a, b).sum().gradients(of: [a, b]) == [
        Tensor([0.5, 1, 0]), Tensor([0.5, 0, 1]),
      ])
  }

  // In processes of their own: other tests make and drop tensors meanwhile.
  @Test("ten thousand steps keep as much memory as ten")
  func doesNotGrow() async {
    await #expect(processExitsWith: .success) {
      var random = RandomSource(seed: 1)
      let data = Tensor.normal([8, 16], using: &random)
      var model = MLP([16, 8, 4], using: &random)
      var optimizer = AdamW()
      func step() {
        let loss = model(data).tanh().squared().mean()
        optimizer.update(&model, loss.gradients(of: model.parameters))
      }
      for _ in 0..<10 { step() }
      let before = StoragePool.usage
      for _ in 0..<10_000 { step() }
      let after = StoragePool.usage
      #expect(after.liveBytes == before.liveBytes)
      #expect(after.freeBytes == before.freeBytes)
    }
  }

  @Test("what a huge tensor needed is not kept for ever")
  func surplus() async {
    await #expect(processExitsWith: .success) {
      let bytes = 400_000_000
      _ = Tensor.zeros([bytes / 4])
      #expect(StoragePool.usage.freeBytes >= bytes)
      var x = Tensor(1)
      // A short while later it may be needed again; long after, it is not.
      for _ in 0..<10_000 { x = x * 1 }
      #expect(StoragePool.usage.freeBytes >= bytes)
      for _ in 0..<200_000 { x = x * 1 }
      #expect(StoragePool.usage.freeBytes < 1_000_000)
      #expect(x.scalar == 1)
    }
  }

  @Test("what a huge tensor needed is given back")
  func trim() async {
    await #expect(processExitsWith: .success) {
      let side = 1500
      do {
        let x = Tensor.ones([side, side])
        #expect(x.matmul(x)[element: 0, 0] == Float(side))
        #expect(StoragePool.usage.liveBytes >= 4 * side * side)
      }
      #expect(StoragePool.usage.freeBytes >= 2 * 4 * side * side)
      StoragePool.trim()
      #expect(StoragePool.usage == (0, 0))
      #expect(Tensor.ones([3, 3]).matmul(.ones([3, 3])) == .full([3, 3], 3))
    }
  }

  @Test("tasks may share a tape")
  func concurrent() async {
    let x = Tensor([1, 2, 3]).parameter()
    let y = x * x
    await withTaskGroup(of: Tensor.self) { group in
      for _ in 0..<16 {
        group.addTask { (y * 2).sum().gradient(of: x, keepsTape: true) }
      }
      for await gradient in group { #expect(gradient == Tensor([4, 8, 12])) }
    }
  }
}

@Suite("Products and rows against plain loops") struct ReferenceTests {
  static let sizes = [0, 1, 3, 7, 17, 33, 65, 129]

  @Test("matmul in every orientation", arguments: sizes)
  func matmul(n: Int) {
    var random = RandomSource(seed: UInt64(n))
    for (m, k) in [(n, 3), (5, n), (n, n)] {
      let a = Tensor.uniform([m, k], in: -1..<1, using: &random)
      let b = Tensor.uniform([k, n], in: -1..<1, using: &random)
      var expected = [Double](repeating: 0, count: m * n)
      let (x, y) = ([Double](a), [Double](b))
      for i in 0..<m {
        for j in 0..<n { for l in 0..<k { expected[i * n + j] += x[i * k + l] * y[l * n + j] } }
      }
      let (at, bt) = (a.transposed(), b.transposed())
      expectClose(a.matmul(b).elements, expected, within: 2e-5)
      expectClose(at.matmul(b, transposeSelf: true).elements, expected, within: 2e-5)
      expectClose(a.matmul(bt, transposeOther: true).elements, expected, within: 2e-5)
      expectClose(
        at.matmul(bt, transposeSelf: true, transposeOther: true).elements, expected, within: 2e-5)
    }
  }

  @Test("sums, softmax and permutations", arguments: sizes)
  func rows(n: Int) {
    var random = RandomSource(seed: UInt64(n))
    let x = Tensor.uniform([3, n, 2], in: -2..<2, using: &random)
    let values = [Double](x)
    var sums = [Double](repeating: 0, count: 6)
    for a in 0..<3 {
      for b in 0..<n { for c in 0..<2 { sums[a * 2 + c] += values[(a * n + b) * 2 + c] } }
    }
    expectClose(x.sum(axes: 1).elements, sums, within: 1e-5)
    expectClose(
      x.permuted([1, 2, 0]).sum(axes: 0).elements,
      [
        sums[0], sums[2], sums[4], sums[1], sums[3], sums[5],
      ], within: 1e-5)
    let p = x.softmax(axes: 1)
    if n > 0 {
      expectClose(p.sum(axes: 1).elements, [Double](repeating: 1, count: 6), within: 1e-6)
    }
    #expect(x.permuted([2, 0, 1]).permuted([1, 2, 0]) == x)
  }

  @Test(
    "axes that lie apart are taken together", arguments: [[0, 2], [1, 3], [0, 1, 3], [0, 3]])
  func apart(axes: [Int]) {
    var random = RandomSource(seed: 3)
    let x = Tensor.uniform([4, 5, 2, 7], in: -2..<2, using: &random)
    let kept = (0..<4).filter { !axes.contains($0) }
    let shape = Shape(kept.map { x.shape[$0] })
    let together = x.permuted(kept + axes).reshaped([shape.elementCount, -1])
    let keptShape = Shape((0..<4).map { axes.contains($0) ? 1 : x.shape[$0] })
    #expect(x.max(axes: Axes(axes)) == together.max(axes: 1).reshaped(shape))
    #expect(
      x.min(axes: Axes(axes), keepDims: true) == together.min(axes: 1).reshaped(keptShape))
    expectClose(
      x.sum(axes: Axes(axes)).elements, [Double](together.sum(axes: 1)), within: 1e-5)
    expectClose(
      x.logSumExp(axes: Axes(axes)).elements, [Double](together.logSumExp(axes: 1)), within: 1e-6)
  }

  @Test("large arrangements are copied and added up like small ones", arguments: [1, 2])
  func movement(threads: Int) {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = threads
    let shape: Shape = [6, 70, 33, 90]
    let x = Tensor.range(0..<shape.elementCount).reshaped(shape)
    // The element's number in row order, from its positions.
    func number(_ n: Int, _ a: Int, _ b: Int, _ c: Int) -> Float {
      Float(((n * 70 + a) * 33 + b) * 90 + c)
    }
    let places = [(0, 0, 0, 0), (5, 69, 32, 89), (3, 17, 20, 64), (1, 68, 31, 2)]
    let orders = [[0, 2, 1, 3], [3, 1, 0, 2], [0, 1, 3, 2], [2, 3, 1, 0], [1, 0, 2, 3]]
    for order in orders {
      let y = x.permuted(order)
      for (n, a, b, c) in places {
        let from = [n, a, b, c]
        let p = order.map { from[$0] }
        #expect(y[element: p[0], p[1], p[2], p[3]] == number(n, a, b, c), "\(order)")
      }
      var inverse = order
      for (new, old) in order.enumerated() { inverse[old] = new }
      #expect(y.permuted(inverse) == x, "\(order)")
    }
    let row = x.slice(5..<6, axis: 2)
    let sum = x + row
    let column = x[2...2].slice(4..<5, axis: 3)
    let difference = x - column
    for (n, a, b, c) in places {
      #expect(sum[element: n, a, b, c] == number(n, a, b, c) + number(n, a, 5, c))
      #expect(difference[element: n, a, b, c] == number(n, a, b, c) - number(2, a, b, 4))
    }
    let running = x.cumulativeSum(axis: 1)
    for (n, a, b, c) in places {
      let expected = (0...a).reduce(0.0) { $0 + Double(number(n, $1, b, c)) }
      #expect(running[element: n, a, b, c] == Float(expected))
    }
  }

  @Test("a hundred million numbers add up")
  func longSum() {
    let x = Tensor.full([100_000_000], 0.1)
    let exact = 1e8 * Double(Float(0.1))
    expectClose(x.sum().scalar, exact, within: 1e-6)
    expectClose(x.mean().scalar, Double(Float(0.1)), within: 1e-7)
    let rows = x.reshaped([2, 50_000_000])
    expectClose(rows.sum(axes: 1).elements, [exact / 2, exact / 2], within: 1e-6)
    let columns = x.reshaped([50_000_000, 2])
    expectClose(columns.sum(axes: 0).elements, [exact / 2, exact / 2], within: 1e-5)
    expectClose(x.variance().scalar, 0, within: 1e-12)
  }

  @Test("infinities and NaN flow as IEEE says")
  func nonFinite() {
    let x = Tensor([-.infinity, 0, .infinity, .nan])
    #expect((x + 1).elements[0] == -.infinity)
    #expect((x * 0).elements[2].isNaN)
    #expect(x.relu().elements[3].isNaN)
    #expect(x.max().scalar.isNaN)
    #expect(Tensor([1, 0]).log().elements[1] == -.infinity)
    #expect((Tensor([1]) / 0).elements[0] == .infinity)
    #expect(Tensor([-.infinity, 0]).softmax() == Tensor([0, 1]))
    #expect((x .== x) == Tensor([1, 1, 1, 0]))
  }
}
