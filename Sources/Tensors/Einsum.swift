extension Tensor {
  /// A sum of products, written with a letter for each axis: `"bqd,bkd->bqk"` multiplies each query
  /// with each key of the same batch element.
  ///
  /// Letters that the result lacks are summed over; a letter twice in one operand takes its
  /// diagonal. Any number of operands: of all pairs, the one that costs the fewest products is
  /// multiplied first.
  ///
  ///     Tensor.einsum("ij,jk->ik", a, b)      // matrix product
  ///     Tensor.einsum("nd,nd->n", a, b)       // dot product of each pair of rows
  ///     Tensor.einsum("ni,ij,nj->n", x, a, y) // a bilinear form for each pair of rows
  ///     Tensor.einsum("ij->j", a)             // column sums
  ///     Tensor.einsum("ii->", a)              // trace
  ///
  /// - Precondition: operands as the formula has them, each letter of one length everywhere, and in
  ///   the result at most once and only if an operand has it; stops with the formula otherwise.
  public static func einsum(_ formula: StaticString, _ operands: Tensor...) -> Tensor {
    let plan = EinsumPlan(formula, operands.map { $0.shape })
    var terms = zip(operands, plan.inputs).map { EinsumTerm($0, $1).withDistinctLetters() }
    while terms.count > 1 {
      let (i, j) = plan.cheapestPair(terms)
      let b = terms.remove(at: j)
      let a = terms.remove(at: i)
      let others = terms.reduce(plan.output) { $0 + $1.letters }
      terms.insert(a.times(b, keeping: others), at: i)
    }
    return terms[0].summed(keeping: plan.output).permuted(to: plan.output).tensor
  }
}

/// A checked formula.
private struct EinsumPlan {
  private(set) var inputs: [[UInt8]] = [[]]
  private(set) var output: [UInt8] = []
  private var lengths = [Int](repeating: -1, count: 128)

  init(_ formula: StaticString, _ shapes: [Shape]) {
    var isOutput = false
    formula.withUTF8Buffer { text in
      for byte in text {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "-"): continue
        case UInt8(ascii: ",") where !isOutput: inputs.append([])
        case UInt8(ascii: ">") where !isOutput: isOutput = true
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
          if isOutput { output.append(byte) } else { inputs[inputs.count - 1].append(byte) }
        default: fail("einsum: \(formula): letters, commas between operands and one -> only")
        }
      }
    }
    if !isOutput { fail("einsum: \(formula): no -> and result") }
    if inputs.count != shapes.count {
      fail("einsum: \(formula) has \(inputs.count) operands, \(shapes.count) given")
    }
    for (letters, shape) in zip(inputs, shapes) {
      if letters.count != shape.rank {
        fail("einsum: \(formula): \(shape) has \(shape.rank) axes, not \(letters.count)")
      }
      for (axis, letter) in letters.enumerated() {
        let known = lengths[Int(letter)]
        if known >= 0 && known != shape[axis] {
          fail("einsum: \(formula): one letter for lengths \(known) and \(shape[axis])")
        }
        lengths[Int(letter)] = shape[axis]
      }
    }
    for (index, letter) in output.enumerated() {
      if output[..<index].contains(letter) { fail("einsum: \(formula): a letter twice in ->") }
      if lengths[Int(letter)] < 0 { fail("einsum: \(formula): the result has a new letter") }
    }
  }

  /// The two terms whose product takes the fewest multiplications, the first of equals.
  func cheapestPair(_ terms: [EinsumTerm]) -> (Int, Int) {
    var best = (0, 1)
    var leastCost = Double.infinity
    for j in 1..<terms.count {
      for i in 0..<j {
        let letters = terms[i].letters + terms[j].letters.filter { !terms[i].letters.contains($0) }
        let cost = letters.reduce(1.0) { $0 * Double(lengths[Int($1)]) }
        if cost < leastCost { (best, leastCost) = ((i, j), cost) }
      }
    }
    return best
  }
}

/// A tensor with a letter for each of its axes.
private struct EinsumTerm {
  let tensor: Tensor
  let letters: [UInt8]

  init(_ tensor: Tensor, _ letters: [UInt8]) { (self.tensor, self.letters) = (tensor, letters) }

  private func position(_ letter: UInt8) -> Int { letters.firstIndex(of: letter) ?? 0 }

  func permuted(to order: [UInt8]) -> EinsumTerm {
    EinsumTerm(tensor.permuted(order.map(position)), order)
  }

  /// The diagonal along each pair of axes with one letter.
  func withDistinctLetters() -> EinsumTerm {
    for (second, letter) in letters.enumerated() where position(letter) != second {
      let rest = letters.indices.filter { $0 != position(letter) && $0 != second }
      let length = tensor.shape[second]
      let inner = Shape(rest.map { tensor.shape[$0] })
      let pairs = tensor.permuted([position(letter), second] + rest)
        .reshaped(Shape([length * length] + inner))
      let diagonal = pairs.gather((0..<length).map { $0 * (length + 1) })
      return EinsumTerm(diagonal, [letter] + rest.map { letters[$0] }).withDistinctLetters()
    }
    return self
  }

  /// The sum over every axis whose letter is not in `kept`.
  func summed(keeping kept: [UInt8]) -> EinsumTerm {
    let axes = letters.indices.filter { !kept.contains(letters[$0]) }
    if axes.isEmpty { return self }
    return EinsumTerm(tensor.sum(axes: Axes(axes)), letters.filter { kept.contains($0) })
  }

  /// The product with another term, summed over the letters that nobody in `kept` needs: one batch
  /// of matrix products.
  func times(_ other: EinsumTerm, keeping kept: [UInt8]) -> EinsumTerm {
    // What only one of the two has is summed away first.
    let a = summed(keeping: kept + other.letters)
    let b = other.summed(keeping: kept + letters)
    let shared = a.letters.filter { b.letters.contains($0) }
    let batch = shared.filter { kept.contains($0) }
    let inner = shared.filter { !kept.contains($0) }
    let left = a.letters.filter { !b.letters.contains($0) }
    let right = b.letters.filter { !a.letters.contains($0) }
    let x = a.permuted(to: batch + left + inner).tensor
    let y = b.permuted(to: batch + inner + right).tensor
    let (outer, m) = (batch.count, left.count)
    let (batchShape, leftShape) = (x.shape.axes(0, outer), x.shape.axes(outer, outer + m))
    let innerCount = x.shape.axes(outer + m, x.rank).elementCount
    let rightShape = y.shape.axes(outer + inner.count, y.rank)
    let product = x.reshaped(
      [batchShape.elementCount, leftShape.elementCount, innerCount] as Shape
    )
    .matmul(
      y.reshaped([batchShape.elementCount, innerCount, rightShape.elementCount] as Shape))
    return EinsumTerm(
      product.reshaped(Shape(Array(batchShape) + leftShape + rightShape)), batch + left + right)
  }
}
