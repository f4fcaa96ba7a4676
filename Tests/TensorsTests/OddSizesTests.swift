import Tensors
import TestSupport
import Testing

/// An operation on inputs of unusual shapes: no axes, axes of length 1, no elements.
struct SizeRow: Sendable, CustomTestStringConvertible {
  let name: String
  let shapes: [Shape]
  let result: Shape
  let function: @Sendable ([Tensor]) -> Tensor

  init(
    _ name: String, _ shapes: [Shape], _ result: Shape,
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    (self.name, self.shapes, self.result, self.function) = (name, shapes, result, function)
  }

  var testDescription: String {
    "\(name) of \(shapes.map { $0.description }.joined(separator: " and "))"
  }
}

@Suite("Empty tensors, axes of length 1, and numbers without axes") struct OddSizesTests {
  @Test(
    "every operation has the result's shape and gradients of its inputs' shapes", arguments: rows)
  func shapes(row: SizeRow) {
    var random = RandomSource(seed: 3)
    let inputs = row.shapes.map { Tensor.uniform($0, in: 0.2..<0.9, using: &random).parameter() }
    let output = row.function(inputs)
    #expect(output.shape == row.result)
    #expect(output.elements.allSatisfy { !$0.isNaN })
    let gradients = output.sum().gradients(of: inputs)
    for (gradient, input) in zip(gradients, inputs) {
      #expect(gradient.shape == input.shape)
      #expect(gradient.elements.allSatisfy { !$0.isNaN })
    }
  }

  static let odd: [Shape] = [
    [], [1], [0], [1, 1], [0, 3], [3, 0], [2, 1, 3], [1, 1, 1, 1, 1, 1, 2],
  ]

  @Test("a function of each element is the same function in any shape", arguments: odd)
  func anyShape(shape: Shape) {
    var random = RandomSource(seed: 3)
    let x = Tensor.uniform(shape, in: 0.2..<0.9, using: &random)
    for (name, function) in Self.functions {
      let (y, line) = (function(x), function(x.flattened()))
      #expect(y.shape == shape, "\(name)")
      #expect(y.elements == line.elements, "\(name)")
    }
  }

  @Test("every public operation is in a table of gradients and of unusual sizes")
  func isComplete() throws {
    let tables = [
      ("gradients", Set(GradientTests.rows.map { operation($0.name) })),
      ("PyTorch", Set(OperationTests.rows.map { operation($0.name) })),
      ("sizes", Set((Self.rows.map { $0.name } + Self.functions.map { $0.0 }).map(operation))),
    ]
    for name in try TensorSources.publicOperations()
    where !Self.notDifferentiable.contains(name) {
      for (table, names) in tables {
        #expect(names.contains(name), "\(name) is not in the table of \(table)")
      }
    }
  }

  /// The first word of a row's name.
  private func operation(_ name: String) -> String { String(name.prefix { $0 != " " }) }

  /// What returns no tensor that depends on this one, or is the tape's own.
  static let notDifferentiable: Set<String> = [
    "argmax", "sampledRows", "withPointer", "update", "gradient", "gradients", "parameter",
    "stopGradient", "full", "zeros", "ones", "range", "linearSpace", "identity", "oneHot",
    "uniform",
    "normal", "bernoulli", "stoppingAtNaN", ".==", ".!=", ".<", ".<=", ".>", ".>=",
  ]

  static let functions: [(String, @Sendable (Tensor) -> Tensor)] = [
    ("abs", { $0.abs() }), ("clipped", { $0.clipped(to: 0.3...0.5) }), ("cos", { $0.cos() }),
    ("erf", { $0.erf() }), ("exp", { $0.exp() }), ("expm1", { $0.expm1() }),
    ("floor", { $0.floor() }), ("gelu", { $0.gelu() }), ("gelu tanh", { $0.gelu(.tanh) }),
    ("log", { $0.log() }), ("log1p", { $0.log1p() }), ("power", { $0.power(1.5) }),
    ("relu", { $0.relu() }), ("sigmoid", { $0.sigmoid() }), ("sign", { $0.sign() }),
    ("silu", { $0.silu() }), ("sin", { $0.sin() }), ("softplus", { $0.softplus() }),
    ("sqrt", { $0.sqrt() }), ("squared", { $0.squared() }), ("tanh", { $0.tanh() }),
    ("+", { $0 + $0 }), ("+ number", { $0 + 1 }), ("-", { 1 - $0 }), ("-x", { -$0 }),
    ("*", { $0 * $0 }), ("* number", { 2 * $0 }), ("/", { 1 / $0 }), ("/ number", { $0 / 3 }),
    ("maximum", { .maximum($0, Tensor(0.5)) }), ("minimum", { .minimum($0, Tensor(0.5)) }),
    ("where", { .where($0 .> 0.5, $0, Tensor(7)) }),
    ("maskedFill", { $0.maskedFill($0 .<= 0.5, with: 7) }),
    (".==", { $0 .== $0 }), (".!=", { $0 .!= 0.5 }), (".<", { $0 .< 0.5 }), (".>=", { $0 .>= 0.5 }),
  ]

  static let rows: [SizeRow] = reductions + movement + indexing + products + layers + algebra

  static let reductions: [SizeRow] = [
    .init("sum", [[]], []) { $0[0].sum() },
    .init("sum", [[0, 3]], []) { $0[0].sum() },
    .init("sum", [[0, 3]], [3]) { $0[0].sum(axes: 0) },
    .init("sum", [[3, 0]], [3, 1]) { $0[0].sum(axes: 1, keepDims: true) },
    .init("sum", [[2, 0, 3]], [0]) { $0[0].sum(axes: [0, 2]) },
    .init("sum", [[1, 5, 1]], [1, 1]) { $0[0].sum(axes: 1) },
    .init("sum", [[2, 3]], [2, 3]) { $0[0].sum(axes: []) },
    .init("mean", [[]], []) { $0[0].mean() },
    .init("mean", [[1, 1]], [1]) { $0[0].mean(axes: 0) },
    .init("mean", [[0, 3]], [0]) { $0[0].mean(axes: 1) },
    .init("variance", [[]], []) { $0[0].variance() },
    .init("variance", [[0, 3]], [0]) { $0[0].variance(axes: 1) },
    .init("variance", [[3, 1]], [3]) { $0[0].variance(axes: 1) },
    .init("max", [[]], []) { $0[0].max() },
    .init("max", [[0, 3]], []) { $0[0].max() },
    .init("max", [[2, 0]], [2]) { $0[0].max(axes: 1) },
    .init("max", [[1, 1]], [1, 1]) { $0[0].max(axes: 1, keepDims: true) },
    .init("min", [[0, 3]], [3]) { $0[0].min(axes: 0) },
    .init("min", [[1]], []) { $0[0].min() },
    .init("logSumExp", [[]], []) { $0[0].logSumExp() },
    .init("logSumExp", [[0, 3]], [3]) { $0[0].logSumExp(axes: 0) },
    .init("logSumExp", [[0, 3]], [0]) { $0[0].logSumExp(axes: 1) },
    .init("logSumExp", [[1, 1]], [1, 1]) { $0[0].logSumExp(axes: 1, keepDims: true) },
    .init("softmax", [[1]], [1]) { $0[0].softmax() },
    .init("softmax", [[0, 3]], [0, 3]) { $0[0].softmax() },
    .init("softmax", [[3, 0]], [3, 0]) { $0[0].softmax() },
    .init("softmax", [[]], []) { $0[0].softmax(axes: .all) },
    .init("softmax", [[3, 1]], [3, 1]) { $0[0].softmax(axes: 0) },
    .init("logSoftmax", [[1]], [1]) { $0[0].logSoftmax() },
    .init("logSoftmax", [[0, 3]], [0, 3]) { $0[0].logSoftmax(axes: 0) },
    .init("crossEntropy", [[1, 1]], []) { $0[0].crossEntropy(targets: [0]) },
    .init("cumulativeSum", [[0]], [0]) { $0[0].cumulativeSum() },
    .init("cumulativeSum", [[2, 0]], [2, 0]) { $0[0].cumulativeSum(axis: 0) },
    .init("cumulativeSum", [[1, 1]], [1, 1]) { $0[0].cumulativeSum(axis: 0) },
    .init("sorted", [[0]], [0]) { $0[0].sorted().values },
    .init("sorted", [[0, 3]], [0, 3]) { $0[0].sorted(axis: 0).values },
    .init("sorted", [[3, 1]], [3, 1]) { $0[0].sorted(descending: true).values },
    .init("topK", [[3]], [0]) { $0[0].topK(0).values },
    .init("topK", [[0, 3]], [0, 0]) { $0[0].topK(0).values },
    .init("topK", [[2, 1]], [2, 1]) { $0[0].topK(1).values },
  ]

  static let movement: [SizeRow] = [
    .init("reshaped", [[]], [1, 1]) { $0[0].reshaped([1, -1]) },
    .init("reshaped", [[0, 3]], [3, 0]) { $0[0].reshaped([3, 0] as Shape) },
    .init("flattened", [[]], [1]) { $0[0].flattened() },
    .init("flattened", [[2, 0]], [0]) { $0[0].flattened() },
    .init("expanded", [[]], [1]) { $0[0].expanded(axis: -1) },
    .init("expanded", [[0]], [0, 1]) { $0[0].expanded(axis: 1) },
    .init("squeezed", [[1]], []) { $0[0].squeezed(axis: 0) },
    .init("squeezed", [[0, 1]], [0]) { $0[0].squeezed(axis: 1) },
    .init("permuted", [[]], []) { $0[0].permuted([]) },
    .init("permuted", [[0, 1, 3]], [3, 0, 1]) { $0[0].permuted([2, 0, 1]) },
    .init("permuted", [[1, 2, 1, 3]], [3, 1, 2, 1]) { $0[0].permuted([3, 0, 1, 2]) },
    .init("transposed", [[1, 3]], [3, 1]) { $0[0].transposed() },
    .init("transposed", [[3, 0]], [0, 3]) { $0[0].transposed() },
    .init("broadcast", [[]], [2, 0]) { $0[0].broadcast(to: [2, 0]) },
    .init("broadcast", [[1, 1]], [2, 3]) { $0[0].broadcast(to: [2, 3]) },
    .init("slice", [[3]], [0]) { $0[0].slice(1..<1, axis: 0) },
    .init("slice", [[0, 3]], [0, 2]) { $0[0].slice(1..<3, axis: 1) },
    .init("split", [[3, 0]], [3, 0]) { $0[0].split([0], axis: 1)[0] },
    .init("split", [[1]], [0]) { $0[0].split([0, 1], axis: 0)[0] },
    .init("concatenate", [[0, 3], [1, 3]], [1, 3]) { .concatenate($0) },
    .init("concatenate", [[2, 0], [2, 1]], [2, 1]) { .concatenate($0, axis: 1) },
    .init("stack", [[], []], [2]) { .stack($0) },
    .init("stack", [[0], [0]], [0, 2]) { .stack($0, axis: 1) },
    .init("padded", [[0]], [3]) { $0[0].padded(before: 1, after: 2, axis: 0) },
    .init("padded", [[2, 0]], [3, 0]) { $0[0].padded(before: 1, after: 0, axis: 0) },
  ]

  static let indexing: [SizeRow] = [
    .init("gather", [[3]], [0]) { $0[0].gather([] as [Int]) },
    .init("gather", [[1, 0]], [2, 0]) { $0[0].gather([0, 0]) },
    .init("gather", [[1]], [2, 1]) { $0[0].gather([[0], [0]]) },
    .init("gatherRows", [[0, 2, 1]], [0, 0, 1]) { $0[0].gatherRows([]) },
    .init("gatherRows", [[1, 1, 1]], [1, 2, 1]) { $0[0].gatherRows([[0, 0]]) },
    .init("scatterAdd", [[1], [2]], [1]) { $0[0].scatterAdd($0[1], at: [0, 0]) },
    .init("scatterAdd", [[2, 0], [1, 0]], [2, 0]) { $0[0].scatterAdd($0[1], at: [1]) },
    .init("picked", [[3]], []) { $0[0].picked([2]) },
    .init("picked", [[0, 3]], [0]) { $0[0].picked([]) },
    .init("lowerTriangle", [[0, 3]], [0, 3]) { $0[0].lowerTriangle() },
    .init("lowerTriangle", [[3, 0]], [3, 0]) { $0[0].lowerTriangle() },
    .init("lowerTriangle", [[2, 1, 1]], [2, 1, 1]) { $0[0].lowerTriangle(diagonal: -5) },
    .init("diagonal", [[0, 3]], [0]) { $0[0].diagonal() },
    .init("diagonal", [[1, 3]], [1]) { $0[0].diagonal() },
  ]

  static let products: [SizeRow] = [
    .init("matmul", [[0, 3], [3, 2]], [0, 2]) { $0[0].matmul($0[1]) },
    .init("matmul", [[2, 0], [0, 3]], [2, 3]) { $0[0].matmul($0[1]) },
    .init("matmul", [[0], [0]], []) { $0[0].matmul($0[1]) },
    .init("matmul", [[1], [1]], []) { $0[0].matmul($0[1]) },
    .init("matmul", [[0, 2, 3], [3, 2]], [0, 2, 2]) { $0[0].matmul($0[1]) },
    .init("matmul", [[2, 1, 1], [1, 1, 1]], [2, 1, 1]) { $0[0].matmul($0[1]) },
    .init("matmul", [[2, 3, 0], [2, 0, 1]], [2, 3, 1]) { $0[0].matmul($0[1]) },
    .init("linear", [[0, 3], [3, 2], [2]], [0, 2]) { $0[0].linear($0[1], bias: $0[2]) },
    .init("linear", [[2, 0], [0, 3], [3]], [2, 3]) {
      $0[0].linear($0[1], bias: $0[2], activation: .gelu)
    },
    .init("linear", [[1], [1, 1]], [1]) { $0[0].linear($0[1], activation: .tanh) },
    .init("einsum", [[]], []) { .einsum("->", $0[0]) },
    .init("einsum", [[], [3]], [3]) { .einsum(",i->i", $0[0], $0[1]) },
    .init("einsum", [[0, 3], [3]], [0]) { .einsum("ij,j->i", $0[0], $0[1]) },
    .init("einsum", [[0, 0]], [0]) { .einsum("ii->i", $0[0]) },
  ]

  static let layers: [SizeRow] = [
    .init("layerNorm", [[0, 3], [3], [3]], [0, 3]) { $0[0].layerNorm(gamma: $0[1], beta: $0[2]) },
    .init("layerNorm", [[1]], [1]) { $0[0].layerNorm() },
    .init("l2Normalized", [[0, 3]], [0, 3]) { $0[0].l2Normalized() },
    .init("l2Normalized", [[1]], [1]) { $0[0].l2Normalized() },
    .init("conv2d", [[0, 4, 4, 2], [3, 3, 2, 5], [5]], [0, 2, 2, 5]) {
      $0[0].conv2d($0[1], bias: $0[2])
    },
    .init("conv2d", [[1, 1, 1, 1], [1, 1, 1, 1]], [1, 1, 1, 1]) { $0[0].conv2d($0[1]) },
    .init("maxPooled", [[0, 4, 4, 2]], [0, 2, 2, 2]) { $0[0].maxPooled(window: 2) },
    .init("maxPooled", [[1, 1, 1, 1]], [1, 1, 1, 1]) { $0[0].maxPooled(window: 1) },
    .init("averagePooled", [[1, 2, 2, 0]], [1, 1, 1, 0]) { $0[0].averagePooled(window: 2) },
    .init("averagePooled", [[1, 1, 1, 1]], [1, 1, 1, 1]) { $0[0].averagePooled(window: 1) },
    .init("groupNorm", [[0, 4], [4], [4]], [0, 4]) {
      $0[0].groupNorm(groups: 2, gamma: $0[1], beta: $0[2])
    },
    .init("groupNorm", [[1, 1], [1], [1]], [1, 1]) {
      $0[0].groupNorm(groups: 1, gamma: $0[1], beta: $0[2])
    },
    .init("batchNorm", [[1], [1], [1]], [1]) {
      $0[0].batchNorm(gamma: $0[1], beta: $0[2]).output
    },
    .init("batchNorm", [[0, 3], [3], [3]], [0, 3]) {
      $0[0].batchNorm(gamma: $0[1], beta: $0[2]).output
    },
    .init("attention", [[1, 0, 4], [1, 3, 4], [1, 3, 4]], [1, 0, 4]) {
      .attention(queries: $0[0], keys: $0[1], values: $0[2], heads: 2)
    },
    .init("attention", [[1, 2, 4], [1, 0, 4], [1, 0, 4]], [1, 2, 4]) {
      .attention(queries: $0[0], keys: $0[1], values: $0[2], heads: 2)
    },
    .init("attention", [[1, 1, 1], [1, 1, 1], [1, 1, 1]], [1, 1, 1]) {
      .attention(queries: $0[0], keys: $0[1], values: $0[2], heads: 1)
    },
    .init("selfAttention", [[0, 2, 6]], [0, 2, 2]) { $0[0].selfAttention(heads: 1) },
    .init("selfAttention", [[1, 1, 3]], [1, 1, 1]) {
      $0[0].selfAttention(heads: 1, isCausal: true)
    },
  ]

  static let algebra: [SizeRow] = [
    .init("cholesky", [[0, 0]], [0, 0]) { $0[0].cholesky() },
    .init("cholesky", [[1, 1]], [1, 1]) { $0[0].cholesky() },
    .init("solve", [[0, 0], [0]], [0]) { $0[0].solve($0[1]) },
    .init("solve", [[1, 1], [1, 0]], [1, 0]) { $0[0].solve($0[1]) },
    .init("inverse", [[1, 1]], [1, 1]) { $0[0].inverse() },
    .init("inverse", [[0, 0]], [0, 0]) { $0[0].inverse() },
    .init("logDeterminant", [[0, 0]], []) { $0[0].logDeterminant() },
    .init("logDeterminant", [[1, 1]], []) { $0[0].logDeterminant() },
    .init("trace", [[0, 0]], []) { $0[0].trace() },
    .init("trace", [[1, 1]], []) { $0[0].trace() },
    .init("symmetricEigen", [[0, 0]], [0]) { $0[0].symmetricEigen().values },
    .init("symmetricEigen", [[1, 1]], [1, 1]) { $0[0].symmetricEigen().vectors },
    .init("singularValueDecomposition", [[0, 3]], [0]) {
      $0[0].singularValueDecomposition().values
    },
    .init("singularValueDecomposition", [[3, 0]], [3, 0]) { $0[0].singularValueDecomposition().u },
    .init("singularValueDecomposition", [[1, 1]], [1, 1]) { $0[0].singularValueDecomposition().v },
  ]
}
