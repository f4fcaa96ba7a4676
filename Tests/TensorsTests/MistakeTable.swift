import Tensors

// The table of MistakeTests.swift: what is called with x, [2, 3], and how the program ends.

extension MistakeTests {
  static let x = Tensor.zeros([2, 3])
  static let images = Tensor.zeros([1, 4, 4, 3])

  static let rows: [Mistake] = shapes + arithmetic + parts + products + layers + algebra + others

  static let shapes: [Mistake] = [
    .init("shape: axis length -1 is negative") { _ = Tensor.zeros([2, -1]) },
    .init("shape: axis length 3000000000 is not below 2³¹") { _ = Shape([3_000_000_000]) },
    .init("shape: more than 7 axes after [1, 1, 1, 1, 1, 1, 1]") {
      _ = Shape([1, 1, 1, 1, 1, 1, 1, 1])
    },
    .init("shape: [2147483647] × 2147483647 elements are more than memory can hold") {
      _ = Tensor.zeros([2_147_483_647, 2_147_483_647])
    },
    // The product itself overflows.
    .init("shape: [2147483647, 500000000] × 2147483647 elements are more than memory can hold") {
      _ = Tensor.zeros([2_147_483_647, 500_000_000, 2_147_483_647])
    },
    .init("shape: no axis 2 in [2, 3]") { _ = x.shape[2] },
    .init("shape: no axis -3 in [2, 3]") {
      var shape = x.shape
      shape[-3] = 1
    },
    .init("shape2: [2] has 1 axes, not 2") { _ = Tensor.zeros([2]).shape2 },
    .init("shape3: [2, 3] has 2 axes, not 3") { _ = x.shape3 },
    .init("shape4: [2, 3] has 2 axes, not 4") { _ = x.shape4 },
    .init("Tensor: 3 numbers do not fill [2, 2]") {
      _ = Tensor([1, 2, 3] as [Float], shape: [2, 2])
    },
    .init("Tensor: 2 numbers do not fill [3]") { _ = Tensor([1, 2] as [Double], shape: [3]) },
    .init("Tensor: row 1 has 1 numbers, row 0 has 2") { _ = Tensor([[1, 2], [3]]) },
    .init("Tensor: part 1 is [1, 2], part 0 is [2, 1]") {
      _ = Tensor([[[1], [2]], [[1, 2]]])
    },
    .init("oneHot: index 3 at 1 is not in 0..<3") { _ = Tensor.oneHot([0, 3], classes: 3) },
    .init("scalar: [2, 3] has 6 elements, not one") { _ = x.scalar },
    .init("element: 1 positions for the 2 axes of [2, 3]") { _ = x[element: 1] },
    .init("element: position 3 on axis 1 of [2, 3]") { _ = x[element: 0, 3] },
  ]

  static let arithmetic: [Mistake] = [
    .init("+: [2, 3] and [4]: lengths 3 and 4 do not broadcast") { _ = x + .zeros([4]) },
    .init("-: [2, 3] and [4]: lengths 3 and 4 do not broadcast") { _ = x - .zeros([4]) },
    .init("*: [2, 3] and [3, 3]: lengths 2 and 3 do not broadcast") { _ = x * .zeros([3, 3]) },
    .init("/: [2, 3] and [2, 2]: lengths 3 and 2 do not broadcast") { _ = x / .zeros([2, 2]) },
    .init("maximum: [2, 3] and [4]: lengths 3 and 4 do not broadcast") {
      _ = Tensor.maximum(x, .zeros([4]))
    },
    .init("minimum: [2, 3] and [4]: lengths 3 and 4 do not broadcast") {
      _ = Tensor.minimum(x, .zeros([4]))
    },
    .init(".==: [2, 3] and [4]: lengths 3 and 4 do not broadcast") { _ = x .== .zeros([4]) },
    .init(".!=: [2, 3] and [4]: lengths 3 and 4 do not broadcast") { _ = x .!= .zeros([4]) },
    .init(".<: [2, 3] and [4]: lengths 3 and 4 do not broadcast") { _ = x .< .zeros([4]) },
    .init(".<=: [2, 3] and [4]: lengths 3 and 4 do not broadcast") { _ = x .<= .zeros([4]) },
    .init(".>: [2, 3] and [4]: lengths 3 and 4 do not broadcast") { _ = x .> .zeros([4]) },
    .init(".>=: [2, 3] and [4]: lengths 3 and 4 do not broadcast") { _ = x .>= .zeros([4]) },
    .init("where: [2, 3] and [2]: lengths 3 and 2 do not broadcast") {
      _ = Tensor.where(.zeros([2]), x, x)
    },
    .init("broadcast: [5] and [2, 3]: lengths 5 and 3 do not broadcast") {
      _ = x.maskedFill(.zeros([5]), with: 1)
    },
    .init("broadcast: [2, 3] does not broadcast to [3]") { _ = x.broadcast(to: [3]) },
  ]

  static let parts: [Mistake] = [
    .init("slice: 1..<4 of axis 1 is outside [2, 3]") { _ = x.slice(1..<4, axis: 1) },
    .init("slice: no axis 2 in [2, 3]") { _ = x.slice(0..<1, axis: 2) },
    .init("subscript: [] has no axis to take element 0 of") { _ = Tensor(1)[0] },
    .init("subscript: no element 2 in [2, 3]") { _ = x[2] },
    .init("subscript: [] has no axis to take a range of") { _ = Tensor(1)[0..<1] },
    .init("subscript: 2 ranges for [3]") { _ = Tensor.zeros([3])[0..<1, 0..<1] },
    .init("slice: 0..<4 of axis 1 is outside [1, 3]") { _ = x[0..<1, 0..<4] },
    .init("concatenate: no tensors") { _ = Tensor.concatenate([]) },
    .init("concatenate: [2, 3] and [2, 4] differ beside axis 0") {
      _ = Tensor.concatenate([x, .zeros([2, 4])])
    },
    .init("concatenate: [2, 1, 3] and [3, 1, 3] differ beside axis 1") {
      _ = Tensor.stack([x, .zeros([3, 3])], axis: 1)
    },
    .init("split: lengths [1, 1] do not add up to axis 1 of [2, 3]") {
      _ = x.split([1, 1], axis: 1)
    },
    .init("padded: [2, 3] by -1 and 0") { _ = x.padded(before: -1, after: 0, axis: 0) },
    .init("reshaped: [2, 3] to [4]: 6 elements are not 4") { _ = x.reshaped([4] as Shape) },
    .init("reshaped: [2, 3] to [4, -1]: 6 elements do not divide by 4") {
      _ = x.reshaped([4, -1])
    },
    .init("expanded: no place 3 in [2, 3]") { _ = x.expanded(axis: 3) },
    .init("squeezed: axis 0 of [2, 3] has length 2, not 1") { _ = x.squeezed(axis: 0) },
    .init("permuted: [0, 0] does not name each axis of [2, 3] once") { _ = x.permuted([0, 0]) },
    .init("permuted: no axis 2 in [2, 3]") { _ = x.permuted([0, 2]) },
    .init("transposed: [3] has fewer than two axes") { _ = Tensor.zeros([3]).transposed() },
    .init("gather: [] has no axis to index") { _ = Tensor(1).gather([0]) },
    .init("gather: index 2 at 1 is not in 0..<2 of [2, 3]") { _ = x.gather([0, 2]) },
    .init("gather: index -1 at 0 is not in 0..<2 of [2, 3]") { _ = x.gather([-1]) },
    .init("scatterAdd: index 2 at 0 is not in 0..<2 of [2, 3]") {
      _ = x.scatterAdd(.zeros([1, 3]), at: [2])
    },
    .init("gather: list 1 has 1 indices, list 0 has 2") { _ = x.gather([[0, 1], [0]]) },
    .init("gatherRows: [2, 3] has 2 axes, not 3") { _ = x.gatherRows([[0]]) },
    .init("gatherRows: 2 lists for [1, 2, 3]") { _ = x.expanded(axis: 0).gatherRows([[0], [0]]) },
    .init("gatherRows: list 1 has 0 indices, list 0 has 1") {
      _ = Tensor.zeros([2, 1, 1]).gatherRows([[0], []])
    },
    .init("gatherRows: index 2 in list 0 is not in 0..<2 of [1, 2, 3]") {
      _ = x.expanded(axis: 0).gatherRows([[2]])
    },
    .init("scatterAdd: [1, 4] at 1 indices of [2, 3]") {
      _ = x.scatterAdd(.zeros([1, 4]), at: [0])
    },
    .init("picked: [] has no rows") { _ = Tensor(1).picked([0]) },
    .init("picked: 1 indices for [2, 3]") { _ = x.picked([0]) },
    .init("picked: index 3 at row 1 is not in 0..<3 of [2, 3]") { _ = x.picked([0, 3]) },
    .init("lowerTriangle: [3] has fewer than two axes") { _ = Tensor.zeros([3]).lowerTriangle() },
    .init("topK: 4 of [2, 3]: rows are shorter") { _ = x.topK(4) },
    .init("sorted: no axis 2 in [2, 3]") { _ = x.sorted(axis: 2) },
    .init("cumulativeSum: no axis -1 in []") { _ = Tensor(1).cumulativeSum() },
    .init("argmax: axis -1 of [2, 0] is empty") { _ = Tensor.zeros([2, 0]).argmax() },
    .init("sum: axis -2 of [2, 3] is named twice") { _ = x.sum(axes: [0, -2]) },
    .init("logSumExp: no axis 5 in [2, 3]") { _ = x.logSumExp(axes: 5) },
  ]

  static let products: [Mistake] = [
    .init("matmul: [2, 3] × [2, 3]: inner sizes 3 and 2 differ") { _ = x.matmul(x) },
    .init("matmul: [2, 3]ᵀ × [4, 3]: inner sizes 2 and 4 differ") {
      _ = x.matmul(.zeros([4, 3]), transposeSelf: true)
    },
    .init("matmul: [] × [2, 3]: a number has no rows") { _ = Tensor(1).matmul(x) },
    .init("matmul: [2] and [3]: lengths 2 and 3 do not broadcast") {
      _ = Tensor.zeros([2, 1, 1]).matmul(.zeros([3, 1, 1]))
    },
    .init("linear: [2, 3] × [4, 5]: inner sizes 3 and 4 differ") { _ = x.linear(.zeros([4, 5])) },
    .init("linear: [3] has 1 axes, not 2") { _ = x.linear(.zeros([3])) },
    .init("linear: bias [4] for [3, 5]: needs 5 numbers") {
      _ = x.linear(.zeros([3, 5]), bias: .zeros([4]))
    },
    .init("linear: residual [2, 4] for [2, 5], without an activation") {
      _ = x.linear(.zeros([3, 5]), residual: .zeros([2, 4]))
    },
    .init("einsum: i;j->: letters, commas between operands and one -> only") {
      _ = Tensor.einsum("i;j->", x)
    },
    .init("einsum: ij: no -> and result") { _ = Tensor.einsum("ij", x) },
    .init("einsum: ij,jk->ik has 2 operands, 1 given") { _ = Tensor.einsum("ij,jk->ik", x) },
    .init("einsum: i->i: [2, 3] has 2 axes, not 1") { _ = Tensor.einsum("i->i", x) },
    .init("einsum: ij,jk->ik: one letter for lengths 3 and 2") {
      _ = Tensor.einsum("ij,jk->ik", x, x)
    },
    .init("einsum: ij->ii: a letter twice in ->") { _ = Tensor.einsum("ij->ii", x) },
    .init("einsum: ij->k: the result has a new letter") { _ = Tensor.einsum("ij->k", x) },
  ]

  static let layers: [Mistake] = [
    .init(
      "conv2d: [1, 4, 4, 3] and [3, 3, 2, 5]: needs [N, H, W, C] and [height, width, C, outputs]"
    ) {
      _ = images.conv2d(.zeros([3, 3, 2, 5]))
    },
    .init("conv2d: [2, 3] and [3, 3, 3, 5]: needs [N, H, W, C]") {
      _ = x.conv2d(.zeros([3, 3, 3, 5]))
    },
    .init("conv2d: [5, 5, 3, 2] on [1, 4, 4, 3] with stride 1, padding 0") {
      _ = images.conv2d(.zeros([5, 5, 3, 2]))
    },
    .init("conv2d: bias [3] for [3, 3, 3, 2]: needs 2 numbers") {
      _ = images.conv2d(.zeros([3, 3, 3, 2]), bias: .zeros([3]))
    },
    .init("maxPooled: window 5, stride 5 on [1, 4, 4, 3]") { _ = images.maxPooled(window: 5) },
    .init("averagePooled: [2, 3] has 2 axes, not 4") { _ = x.averagePooled(window: 1) },
    .init("groupNorm: [3] has no channels beside its images") {
      _ = Tensor.zeros([3]).groupNorm(groups: 1, gamma: .ones([3]), beta: .zeros([3]))
    },
    .init("groupNorm: 3 channels of [2, 3] do not divide into 2 groups") {
      _ = x.groupNorm(groups: 2, gamma: .ones([3]), beta: .zeros([3]))
    },
    .init("batchNorm: [] has no channels") {
      _ = Tensor(1).batchNorm(gamma: .ones([1]), beta: .zeros([1]))
    },
    .init("batchNorm: [2, 3] with γ [2] and β [3]: needs [3]") {
      _ = x.batchNorm(gamma: .ones([2]), beta: .zeros([3]))
    },
    .init("layerNorm: [] has no rows") { _ = Tensor(1).layerNorm() },
    .init("layerNorm: [2, 3] with a parameter [2]: needs [3]") {
      _ = x.layerNorm(gamma: .ones([2]))
    },
    .init("l2Normalized: [] has no rows") { _ = Tensor(1).l2Normalized() },
    .init("attention: queries [2, 3], keys [1, 2, 3], values [1, 2, 3]") {
      let keys = x.expanded(axis: 0)
      _ = Tensor.attention(queries: x, keys: keys, values: keys, heads: 1)
    },
    .init("attention: queries [1, 2, 3], keys [1, 2, 4], values [1, 2, 4]") {
      let keys = Tensor.zeros([1, 2, 4])
      _ = Tensor.attention(queries: x.expanded(axis: 0), keys: keys, values: keys, heads: 1)
    },
    .init("attention: width 3 does not divide into 2 heads") {
      _ = Tensor.zeros([1, 2, 9]).selfAttention(heads: 2)
    },
    .init("attention: key mask [2, 2] for [1, 2]") {
      _ = Tensor.zeros([1, 2, 9]).selfAttention(heads: 1, keyMask: .ones([2, 2]))
    },
    .init("selfAttention: [1, 2, 4]: the last axis is not three widths") {
      _ = Tensor.zeros([1, 2, 4]).selfAttention(heads: 1)
    },
    .init("selfAttention: [2, 3] has 2 axes, not 3") { _ = x.selfAttention(heads: 1) },
    .init("crossEntropy: [] has no classes") { _ = Tensor(1).crossEntropy(targets: []) },
    .init("crossEntropy: 1 targets for [2, 3]") { _ = x.crossEntropy(targets: [0]) },
    .init("crossEntropy: target 3 at row 0 is not below 3 of [2, 3]") {
      _ = x.crossEntropy(targets: [3, 0])
    },
    .init("infoNCE: queries [2, 3] and keys [3, 3]: needs two of [N, D]") {
      _ = Tensor.infoNCELoss(
        queries: x, keys: .zeros([3, 3]), scale: Tensor(1), isSymmetric: false)
    },
  ]

  static let algebra: [Mistake] = [
    .init("cholesky: [2, 3] is not a square matrix") { _ = x.cholesky() },
    .init("cholesky: [2, 2] is not positive definite at row 1") {
      _ = Tensor([[1, 2], [2, 1]]).cholesky()
    },
    .init("solve: [2, 2] and [3]: 2 equations need as many rows") {
      _ = Tensor.identity(2).solve(.zeros([3]))
    },
    .init("solve: [2, 2] is singular") { _ = Tensor.ones([2, 2]).solve(.zeros([2])) },
    .init("inverse: [2, 3] is not a square matrix") { _ = x.inverse() },
    .init("logDeterminant: [2, 3] is not a square matrix") { _ = x.logDeterminant() },
    .init("symmetricEigen: [2, 3] is not a square matrix") { _ = x.symmetricEigen() },
    .init("singularValueDecomposition: [3] has 1 axes, not 2") {
      _ = Tensor.zeros([3]).singularValueDecomposition()
    },
    .init("trace: [2, 3] is not a square matrix") { _ = x.trace() },
    .init("diagonal: [3] has 1 axes, not 2") { _ = Tensor.zeros([3]).diagonal() },
  ]

  static let others: [Mistake] = [
    .init("sampledRows: [2, 0] has no classes") {
      var random = RandomSource(seed: 1)
      _ = Tensor.zeros([2, 0]).sampledRows(using: &random)
    },
    .init("integer: the range 3..<3 is empty") {
      var random = RandomSource(seed: 1)
      _ = random.integer(in: 3..<3)
    },
    .init("Matrix: 2 × 3 does not hold 5 values") {
      _ = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5])
    },
    .init("Matrix: rows of 2 and 1 values") { _ = Matrix([[1, 2], [3]]) },
    .init("Matrix.times: [2, 3] × [4, 1]: inner sizes 3 and 4 differ") {
      _ = Matrix(zeros: 2, 3).times(Matrix(zeros: 4, 1))
    },
    .init("Matrix: -1 × 2 is not the size of a matrix") { _ = Matrix(zeros: -1, 2) },
    .init("Matrix: 9223372036854775807 × 2 is not the size of a matrix") {
      _ = Matrix(zeros: Int.max, 2)
    },
    .init("Matrix: no element [0, 2] in [2, 2]") { _ = Matrix.identity(2)[0, 2] },
    .init("Matrix: no element [-1, 0] in [2, 2]") {
      var matrix = Matrix.identity(2)
      matrix[-1, 0] = 1
    },
    .init("Matrix: no row 2 in [2, 2]") { _ = Matrix.identity(2).row(2) },
    .init("permutation: of -1 numbers; needs 0 or more, and fewer than 2³¹ − 1") {
      var random = RandomSource(seed: 1)
      _ = random.permutation(-1)
    },
    .init("permutation: of 9223372036854775807 numbers; needs 0 or more") {
      var random = RandomSource(seed: 1)
      _ = random.permutation(Int.max)
    },
    .init("uniform: the range 0.0..<inf is not finite") {
      var random = RandomSource(seed: 1)
      _ = random.uniform(in: 0..<Float.infinity)
    },
    .init("bernoulli: probability nan is not in 0...1") {
      var random = RandomSource(seed: 1)
      _ = Tensor.bernoulli([1], probability: .nan, using: &random)
    },
    .init("bernoulli: probability 1.5 is not in 0...1") {
      var random = RandomSource(seed: 1)
      _ = Tensor.bernoulli([1], probability: 1.5, using: &random)
    },
    .init("categorical: weight -1.0 is not a number from 0 on") {
      var random = RandomSource(seed: 1)
      _ = random.categorical([1, -1])
    },
    .init("categorical: weight inf is not a number from 0 on") {
      var random = RandomSource(seed: 1)
      _ = random.categorical([1, .infinity])
    },
    .init("split: lengths [9223372036854775807, 9223372036854775807] do not add up to axis 1 of") {
      _ = x.split([Int.max, Int.max], axis: 1)
    },
    .init("padded: [2, 3] by 9223372036854775807 and 1") {
      _ = x.padded(before: Int.max, after: 1, axis: 0)
    },
    .init("conv2d: [3, 3, 3, 2] on [1, 4, 4, 3] with stride 1, padding 9223372036854775807") {
      _ = images.conv2d(.zeros([3, 3, 3, 2]), padding: Int.max)
    },
    .init("shape: axis length 9223372036854775807 is not below 2³¹") {
      _ = Tensor.range(Int.min..<Int.max)
    },
    .init("categorical: none of 2 weights is positive") {
      var random = RandomSource(seed: 1)
      _ = random.categorical([0, 0])
    },
    .init("gradients: of [2, 3]: only a single number has gradients; take its sum or mean") {
      let w = x.parameter()
      _ = w.gradient(of: w)
    },
    .init("gradients: seed [3] for a result [2, 3]") {
      let w = x.parameter()
      _ = w.gradients(of: [w], seed: .ones([3]))
    },
    .init("gradients: tensor 0, [2], is not a parameter() or made of one") {
      _ = Tensor(1).parameter().gradient(of: .zeros([2]))
    },
    .init("update: [2, 3] by [3]") {
      var w = x
      w.move(towards: .zeros([3]), weight: 1)
    },
  ]
}
