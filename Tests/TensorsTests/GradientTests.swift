import Tensors
import Testing

/// One differentiable operation: inputs of these shapes, and a function of them to a tensor.
struct GradientRow: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [Shape]
  /// Inputs are uniform in this range; it keeps away from kinks and poles.
  var range: Range<Float> = -1.5..<1.5
  /// How far elements are moved; smaller where the function curves strongly.
  var step: Float = 1e-2
  let function: @Sendable ([Tensor]) -> Tensor

  init(
    _ name: String, _ shapes: [Shape], in range: Range<Float> = -1.5..<1.5, step: Float = 1e-2,
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    (self.name, self.shapes, self.range, self.step) = (name, shapes, range, step)
    self.function = function
  }

  var testDescription: String { name }
}

@Suite("Gradients against finite differences") struct GradientTests {
  @Test("every differentiable operation", arguments: rows)
  func agrees(row: GradientRow) {
    var random = RandomSource(seed: 42)
    let inputs = row.shapes.map { Tensor.uniform($0, in: row.range, using: &random) }
    // Random weights on the outputs: a mistake cannot cancel in a plain sum.
    let weights = Tensor.uniform(row.function(inputs).shape, in: -1..<1, using: &random)
    let check = GradientCheck(inputs, step: row.step) { (row.function($0) * weights).sum() }
    #expect(check.worstError < 2e-3, "\(String(describing: check.worst))")
  }

  @Test("the table notices a wrong gradient")
  func noticesMistakes() {
    let x = Tensor([1, 2, 3])
    let check = GradientCheck([x]) { ($0[0].stopGradient() * $0[0]).sum() }
    #expect(check.worstError > 0.3)
  }

  static let rows: [GradientRow] =
    arithmetic + functions + reductions + movement + products + linear + layers

  static let arithmetic: [GradientRow] = [
    .init("+", [[3, 4], [3, 4]]) { $0[0] + $0[1] },
    .init("+ row", [[3, 4], [4]]) { $0[0] + $0[1] },
    .init("+ column", [[3, 4], [3, 1]]) { $0[0] + $0[1] },
    .init("+ middle axis", [[2, 3, 4], [3, 1]]) { $0[0] + $0[1] },
    .init("+ number", [[3, 4], []]) { $0[0] + $0[1] },
    .init("- both stretched", [[3, 1], [1, 4]]) { $0[0] - $0[1] },
    .init("* row", [[3, 4], [4]]) { $0[0] * $0[1] },
    .init("* column", [[3, 1], [3, 4]]) { $0[0] * $0[1] },
    .init("* channels", [[2, 3, 2, 2], [1, 3, 1, 1]]) { $0[0] * $0[1] },
    .init("* itself", [[5]]) { $0[0] * $0[0] },
    .init("/", [[3, 4], [3, 4]], in: 0.5..<2) { $0[0] / $0[1] },
    .init("/ column", [[3, 4], [3, 1]], in: 0.5..<2) { $0[0] / $0[1] },
    .init("number - x", [[5]]) { 2 - $0[0] },
    .init("x - number", [[5]]) { $0[0] - 2 },
    .init("x / number", [[5]]) { $0[0] / 3 },
    .init("number / x", [[5]], in: 0.5..<2) { 3 / $0[0] },
    .init("-x", [[5]]) { -$0[0] },
    .init("maximum", [[7], [7]]) { .maximum($0[0], $0[1]) },
    .init("minimum", [[7], [1]]) { .minimum($0[0], $0[1]) },
    .init("where", [[3, 3], [3]]) { .where(Tensor.identity(3), $0[0], $0[1]) },
    .init("maskedFill", [[3, 3]]) { $0[0].maskedFill(.identity(3), with: 7) },
  ]

  static let functions: [GradientRow] = [
    .init("exp", [[17]]) { $0[0].exp() },
    .init("expm1", [[17]]) { $0[0].expm1() },
    .init("log", [[17]], in: 0.5..<3) { $0[0].log() },
    .init("log1p", [[17]], in: -0.4..<3) { $0[0].log1p() },
    .init("sqrt", [[17]], in: 0.5..<3) { $0[0].sqrt() },
    .init("squared", [[17]]) { $0[0].squared() },
    .init("sign", [[5]], in: 0.1..<2) { ($0[0] - 3).sign() + $0[0].sign() },
    .init("floor", [[5]], in: 0.1..<0.9) { $0[0].floor() },
    .init("power", [[17]], in: 0.5..<3) { $0[0].power(1.7) },
    .init("power of a negative", [[17]], in: -2..<(-0.5)) { $0[0].power(3) },
    .init("abs", [[17]], in: 0.1..<2) { ($0[0] - 3).abs() + $0[0].abs() },
    .init("sin", [[17]]) { $0[0].sin() },
    .init("cos", [[17]]) { $0[0].cos() },
    .init("tanh", [[17]]) { $0[0].tanh() },
    .init("erf", [[17]]) { $0[0].erf() },
    .init("sigmoid", [[17]]) { $0[0].sigmoid() },
    .init("softplus", [[17]]) { $0[0].softplus() },
    .init("relu", [[17]], in: 0.1..<2) { $0[0].relu() + ($0[0] - 3).relu() },
    .init("silu", [[17]]) { $0[0].silu() },
    .init("gelu", [[17]]) { $0[0].gelu() },
    .init("gelu tanh", [[17]]) { $0[0].gelu(.tanh) },
    .init("clipped", [[17]], in: 0.1..<0.9) {
      $0[0].clipped(to: 0...1) + ($0[0] * 3).clipped(to: 0.05...9)
    },
  ]

  static let reductions: [GradientRow] = [
    .init("sum", [[3, 4]]) { $0[0].sum() },
    .init("sum rows", [[3, 4]]) { $0[0].sum(axes: -1) },
    .init("sum columns", [[3, 4]]) { $0[0].sum(axes: 0, keepDims: true) },
    .init("sum middle", [[2, 3, 4]]) { $0[0].sum(axes: 1) },
    .init("sum apart", [[2, 3, 4]]) { $0[0].sum(axes: [0, 2]) },
    .init("mean apart", [[2, 3, 4]]) { $0[0].mean(axes: [0, 2], keepDims: true) },
    .init("variance", [[3, 4]]) { $0[0].variance(axes: 1) },
    .init("variance corrected", [[3, 4]]) { $0[0].variance(correction: 1) },
    .init("max", [[3, 5]], step: 1e-3) { $0[0].max(axes: 1) },
    .init("min columns", [[3, 5]], step: 1e-3) { $0[0].min(axes: 0) },
    .init("logSumExp", [[3, 5]]) { $0[0].logSumExp(axes: 1) },
    .init("logSumExp columns", [[3, 5]]) { $0[0].logSumExp(axes: 0, keepDims: true) },
    .init("softmax", [[3, 5]]) { $0[0].softmax() },
    .init("softmax middle", [[2, 3, 4]]) { $0[0].softmax(axes: 1) },
    .init("softmax first", [[2, 3, 4]]) { $0[0].softmax(axes: 0) },
    .init("softmax apart", [[2, 3, 4]]) { $0[0].softmax(axes: [0, 2]) },
    .init("logSoftmax", [[3, 5]]) { $0[0].logSoftmax() },
    .init("logSoftmax columns", [[3, 5]]) { $0[0].logSoftmax(axes: 0) },
    .init("crossEntropy", [[4, 5]]) { $0[0].crossEntropy(targets: [1, -100, 0, 4]) },
    .init("layerNorm", [[3, 6], [6], [6]]) { $0[0].layerNorm(gamma: $0[1], beta: $0[2]) },
    .init("layerNorm plain", [[3, 6]]) { $0[0].layerNorm() },
    .init("l2Normalized", [[3, 6]]) { $0[0].l2Normalized() },
    .init("cumulativeSum", [[3, 4]]) { $0[0].cumulativeSum() },
    .init("cumulativeSum columns", [[3, 4, 2]]) { $0[0].cumulativeSum(axis: 1) },
    .init("sorted", [[3, 5]], step: 1e-3) { $0[0].sorted(axis: 0).values },
    .init("topK", [[3, 5]], step: 1e-3) { $0[0].topK(2).values },
  ]

  static let movement: [GradientRow] = [
    .init("reshaped", [[3, 4]]) { $0[0].reshaped([2, -1]).squared() },
    .init("flattened", [[3, 4]]) { $0[0].flattened().squared() },
    .init("expanded", [[3, 4]]) { $0[0].expanded(axis: 1) },
    .init("squeezed", [[3, 1, 4]]) { $0[0].squeezed(axis: -2) },
    .init("transposed", [[3, 4]]) { $0[0].transposed() },
    .init("permuted", [[2, 3, 4]]) { $0[0].permuted([2, 0, 1]) },
    .init("broadcast", [[3, 1]]) { $0[0].broadcast(to: [2, 3, 4]) },
    .init("slice", [[3, 4]]) { $0[0].slice(1..<3, axis: 1) },
    .init("slice rows", [[3, 4]]) { $0[0][1...] },
    .init("subscript", [[3, 4]]) { $0[0][-1] },
    .init("concatenate", [[3, 4], [3, 2]]) { .concatenate($0, axis: 1) },
    .init("concatenate twice the same", [[3, 4]]) { .concatenate([$0[0], $0[0]]) },
    .init("stack", [[3, 4], [3, 4]]) { .stack($0, axis: 1) },
    .init("split", [[3, 4]]) { x in
      let parts = x[0].split([1, 3], axis: 1)
      return parts[0] * parts[1]
    },
    .init("padded", [[3, 4]]) { $0[0].padded(before: 1, after: 2, axis: 1, with: 5) },
    .init("gather", [[3, 4]]) { $0[0].gather([2, 0, 2]) },
    .init("gather lists", [[3, 2]]) { $0[0].gather([[2, 0], [1, 1]]) },
    .init("gatherRows", [[2, 3, 2]]) { $0[0].gatherRows([[2, 0], [1, 1]]) },
    .init("scatterAdd", [[3, 2], [4, 2]]) { $0[0].scatterAdd($0[1], at: [0, 2, 2, 1]) },
    .init("picked", [[3, 4]]) { $0[0].picked([3, 0, 1]) },
    .init("lowerTriangle of a batch", [[2, 3, 4]]) { $0[0].lowerTriangle(diagonal: 1) },
    .init("lowerTriangle", [[3, 4]]) { $0[0].lowerTriangle(diagonal: -1) },
    .init("diagonal", [[3, 4]]) { $0[0].diagonal() },
  ]

  static let products: [GradientRow] = [
    .init("matmul", [[3, 4], [4, 5]]) { $0[0].matmul($0[1]) },
    .init("matmul Aᵀ", [[4, 3], [4, 5]]) { $0[0].matmul($0[1], transposeSelf: true) },
    .init("matmul Bᵀ", [[3, 4], [5, 4]]) { $0[0].matmul($0[1], transposeOther: true) },
    .init("matmul AᵀBᵀ", [[4, 3], [5, 4]]) {
      $0[0].matmul($0[1], transposeSelf: true, transposeOther: true)
    },
    .init("matmul batch × matrix", [[2, 3, 4], [4, 5]]) { $0[0].matmul($0[1]) },
    .init("matmul batch × matrixᵀ", [[2, 3, 4], [5, 4]]) {
      $0[0].matmul($0[1], transposeOther: true)
    },
    .init("matmul batchᵀ × matrix", [[2, 4, 3], [4, 5]]) {
      $0[0].matmul($0[1], transposeSelf: true)
    },
    .init("matmul batchᵀ × matrixᵀ", [[2, 4, 3], [5, 4]]) {
      $0[0].matmul($0[1], transposeSelf: true, transposeOther: true)
    },
    .init("matmul matrix × batch", [[3, 4], [2, 4, 5]]) { $0[0].matmul($0[1]) },
    .init("matmul batch", [[2, 3, 4], [2, 4, 2]]) { $0[0].matmul($0[1]) },
    .init("matmul batchᵀ", [[2, 4, 3], [2, 2, 4]]) {
      $0[0].matmul($0[1], transposeSelf: true, transposeOther: true)
    },
    .init("matmul broadcast batch", [[2, 1, 3, 2], [3, 2, 4]]) { $0[0].matmul($0[1]) },
    .init("matmul vector", [[4], [4, 3]]) { $0[0].matmul($0[1]) },
    .init("matmul by vector", [[2, 3, 4], [4]]) { $0[0].matmul($0[1]) },
    .init("dot product", [[4], [4]]) { $0[0].matmul($0[1]) },
    .init("linear", [[2, 3, 4], [4, 5], [5]]) { $0[0].linear($0[1], bias: $0[2]) },
    .init("linear without bias", [[3, 4], [4, 5]]) { $0[0].linear($0[1]) },
    .init("linear gelu", [[3, 4], [4, 5], [5]]) {
      $0[0].linear($0[1], bias: $0[2], activation: .geluTanh)
    },
    .init("linear exact gelu", [[3, 4], [4, 5], [5]]) {
      $0[0].linear($0[1], bias: $0[2], activation: .gelu)
    },
    .init("linear relu", [[3, 4], [4, 5]], in: 0.1..<1) {
      $0[0].linear($0[1], activation: .relu) + $0[0].linear(-1 * $0[1], activation: .relu)
    },
    .init("linear silu", [[3, 4], [4, 5]]) { $0[0].linear($0[1], activation: .silu) },
    .init("linear sigmoid", [[3, 4], [4, 5]]) { $0[0].linear($0[1], activation: .sigmoid) },
    .init("linear tanh", [[3, 4], [4, 5]]) { $0[0].linear($0[1], activation: .tanh) },
  ]

  static let layers: [GradientRow] = [
    .init("linear residual", [[3, 4], [4, 5], [5], [3, 5]]) {
      $0[0].linear($0[1], bias: $0[2], residual: $0[3])
    },
    .init("conv2d", [[2, 5, 6, 3], [3, 3, 3, 4], [4]]) {
      $0[0].conv2d($0[1], bias: $0[2], stride: 2, padding: 1)
    },
    .init("conv2d plain", [[1, 4, 4, 1], [2, 3, 1, 2]]) { $0[0].conv2d($0[1]) },
    .init("maxPooled", [[2, 4, 5, 3]], step: 1e-3) { $0[0].maxPooled(window: 2) },
    .init("averagePooled", [[2, 4, 5, 3]]) { $0[0].averagePooled(window: 3, stride: 1) },
    .init("groupNorm", [[2, 3, 2, 4], [4], [4]]) {
      $0[0].groupNorm(groups: 2, gamma: $0[1], beta: $0[2])
    },
    .init("batchNorm", [[2, 3, 2, 4], [4], [4]], step: 1e-3) {
      $0[0].batchNorm(gamma: $0[1], beta: $0[2], isRelu: true).output
    },
    .init("attention", [[2, 3, 4], [2, 5, 4], [2, 5, 4]]) {
      .attention(queries: $0[0], keys: $0[1], values: $0[2], heads: 2)
    },
    .init("selfAttention causal", [[2, 5, 12]]) { $0[0].selfAttention(heads: 2, isCausal: true) },
    .init("selfAttention masked", [[2, 5, 12]]) {
      $0[0].selfAttention(heads: 2, keyMask: Tensor([[1, 1, 1, 1, 0], [1, 1, 0, 0, 0]]))
    },
    .init("einsum", [[2, 3, 4], [2, 5, 4]]) { .einsum("bqd,bkd->bqk", $0[0], $0[1]) },
    .init("einsum outer", [[3], [4]]) { .einsum("i,j->ji", $0[0], $0[1]) },
    .init("einsum column sums", [[3, 4]]) { .einsum("ij->j", $0[0]) },
    .init("einsum transposed", [[3, 4]]) { .einsum("ij->ji", $0[0]) },
    .init("einsum trace", [[3, 3]]) { .einsum("ii->", $0[0]) },
    .init("einsum diagonal", [[2, 3, 3], [2, 4]]) { .einsum("bii,bj->jbi", $0[0], $0[1]) },
    .init("einsum to a number", [[4], [4]]) { .einsum("i,i->", $0[0], $0[1]) },
    .init("einsum chain", [[2, 3], [3, 4], [4, 5]]) {
      .einsum("ij,jk,kl->il", $0[0], $0[1], $0[2])
    },
    .init("einsum bilinear", [[5, 3], [3, 4], [5, 4]]) {
      .einsum("ni,ij,nj->n", $0[0], $0[1], $0[2])
    },
    .init("einsum of four", [[2], [3], [2, 4], [3, 4]]) {
      .einsum("a,b,ac,bc->ab", $0[0], $0[1], $0[2], $0[3])
    },
    .init("ntXent", [[6, 4]]) {
      $0[0].ntXentLoss(partners: [1, 0, 3, 2, 5, 4], temperature: 0.5)
    },
    .init("infoNCE", [[4, 3], [4, 3], []]) {
      .infoNCELoss(queries: $0[0], keys: $0[1], scale: $0[2], isSymmetric: true)
    },
  ]

  static let linear: [GradientRow] = [
    .init("cholesky", [[3, 3]]) { x in
      (x[0].matmul(x[0], transposeOther: true) + Tensor.identity(3)).cholesky()
    },
    .init("solve", [[3, 3], [3, 2]]) { (3 * Tensor.identity(3) + $0[0]).solve($0[1]) },
    .init("solve vector", [[3, 3], [3]]) { (3 * Tensor.identity(3) + $0[0]).solve($0[1]) },
    .init("inverse", [[3, 3]]) { (3 * Tensor.identity(3) + $0[0]).inverse() },
    .init("logDeterminant", [[3, 3]]) { (3 * Tensor.identity(3) + $0[0]).logDeterminant() },
    .init("trace", [[3, 3]]) { $0[0].trace() },
    .init("symmetricEigen", [[3, 3]], step: 1e-3) { x in
      (x[0] + x[0].transposed()).symmetricEigen().values
    },
    // Signs of vectors are a convention, so their squares are compared.
    .init("symmetricEigen vectors", [[3, 3]], step: 1e-3) { x in
      (x[0] + x[0].transposed()).symmetricEigen().vectors.squared()
    },
    .init("singularValueDecomposition", [[4, 3]], step: 1e-3) {
      $0[0].singularValueDecomposition().values
    },
    .init("singularValueDecomposition wide", [[2, 3]], step: 1e-3) {
      $0[0].singularValueDecomposition().values
    },
    .init("singularValueDecomposition vectors", [[4, 3]], step: 1e-3) {
      let (u, _, v) = $0[0].singularValueDecomposition()
      return .concatenate([u.squared(), v.squared()])
    },
    .init("singularValueDecomposition vectors wide", [[2, 3]], step: 1e-3) {
      let (u, _, v) = $0[0].singularValueDecomposition()
      return .concatenate([u.squared(), v.squared()])
    },
    .init("singularValueDecomposition both", [[3, 3]], step: 1e-3) {
      let (u, s, v) = $0[0].singularValueDecomposition()
      return (u * (s + 1).log()).matmul(v, transposeOther: true)
    },
  ]
}
