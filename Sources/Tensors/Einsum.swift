extension Tensor {
  /// A sum of products, written with a letter for each axis: `"bqd,bkd->bqk"` multiplies each query
  /// with each key of the same batch element.
  ///
  /// Letters that the result lacks are summed over. One operand or two; each letter at most once
  /// in an operand, and in the result only if an operand has it.
  ///
  ///     Tensor.einsum("ij,jk->ik", a, b)      // matrix product
  ///     Tensor.einsum("nd,nd->n", a, b)       // dot product of each pair of rows
  ///     Tensor.einsum("ij->j", a)             // column sums
  ///
  /// - Precondition: a letter has one length everywhere.
  public static func einsum(_ formula: StaticString, _ operands: Tensor...) -> Tensor {
    let plan = EinsumPlan(formula, operands)
    var terms = zip(operands, plan.inputs).map { operand, letters in
      // What only this operand has and the result lacks is summed away first.
      plan.summedAlone(operand, letters)
    }
    guard terms.count == 2 else {
      let (only, letters) = terms.removeFirst()
      return only.permuted(plan.output.map { letter in plan.position(letter, letters) })
    }
    let (a, aLetters) = terms[0]
    let (b, bLetters) = terms[1]
    let shared = aLetters.filter { bLetters.contains($0) }
    let batch = shared.filter { plan.output.contains($0) }
    let inner = shared.filter { !plan.output.contains($0) }
    let left = aLetters.filter { !bLetters.contains($0) }
    let right = bLetters.filter { !aLetters.contains($0) }

    func size(_ letters: [UInt8]) -> Int { Shape(letters.map { plan.length($0) }).elementCount }
    func arranged(_ x: Tensor, _ own: [UInt8], _ order: [UInt8], _ rows: Int, _ columns: Int)
      -> Tensor
    {
      x.permuted(order.map { plan.position($0, own) }).reshaped(
        [size(batch), rows, columns] as Shape)
    }
    let (m, n, k) = (size(left), size(right), size(inner))
    let product = arranged(a, aLetters, batch + left + inner, m, k)
      .matmul(arranged(b, bLetters, batch + inner + right, k, n))
    let letters = batch + left + right
    return product.reshaped(Shape(letters.map { plan.length($0) }))
      .permuted(plan.output.map { plan.position($0, letters) })
  }
}

/// A checked formula.
private struct EinsumPlan {
  let formula: StaticString
  private(set) var inputs: [[UInt8]] = [[]]
  private(set) var output: [UInt8] = []
  private var lengths = [Int](repeating: -1, count: 128)

  init(_ formula: StaticString, _ operands: [Tensor]) {
    self.formula = formula
    var isOutput = false
    formula.withUTF8Buffer { text in
      for byte in text {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "-"): continue
        case UInt8(ascii: ","): inputs.append([])
        case UInt8(ascii: ">"): isOutput = true
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
          if isOutput { output.append(byte) } else { inputs[inputs.count - 1].append(byte) }
        default: fail("einsum: \(formula): letters, one comma and -> only")
        }
      }
    }
    if !isOutput { fail("einsum: \(formula): no -> and result") }
    if inputs.count != operands.count || inputs.count > 2 {
      fail("einsum: \(formula) has \(inputs.count) operands, \(operands.count) given; at most two")
    }
    for (letters, operand) in zip(inputs, operands) {
      if letters.count != operand.rank {
        fail("einsum: \(formula): \(operand.shape) has \(operand.rank) axes, not \(letters.count)")
      }
      for (axis, letter) in letters.enumerated() {
        let known = lengths[Int(letter)]
        if known >= 0 && known != operand.shape[axis] {
          fail("einsum: \(formula): one letter for lengths \(known) and \(operand.shape[axis])")
        }
        lengths[Int(letter)] = operand.shape[axis]
      }
    }
    for letters in inputs + [output] {
      for (index, letter) in letters.enumerated() {
        if letters[..<index].contains(letter) { fail("einsum: \(formula): a letter twice") }
        if lengths[Int(letter)] < 0 { fail("einsum: \(formula): the result has a new letter") }
      }
    }
  }

  func length(_ letter: UInt8) -> Int { lengths[Int(letter)] }

  func position(_ letter: UInt8, _ letters: [UInt8]) -> Int {
    letters.firstIndex(of: letter) ?? 0
  }

  func summedAlone(_ operand: Tensor, _ letters: [UInt8]) -> (Tensor, [UInt8]) {
    let alone = letters.filter { letter in
      !output.contains(letter) && inputs.filter { $0.contains(letter) }.count == 1
    }
    if alone.isEmpty { return (operand, letters) }
    let axes = alone.map { position($0, letters) }
    return (operand.sum(axes: Axes(axes)), letters.filter { !alone.contains($0) })
  }
}
