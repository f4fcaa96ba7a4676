extension Tensor {
  /// A single number, shape `[]`.
  public init(_ value: Float) {
    self.init([]) { $0[0] = value }
  }

  /// A vector, shape `[n]`.
  public init(_ elements: [Float]) {
    self.init(elements, shape: [elements.count])
  }

  /// The numbers of `elements`, row by row, in `shape`.
  ///
  /// - Precondition: as many numbers as the shape has elements.
  public init(_ elements: [Float], shape: Shape) {
    if elements.count != shape.elementCount {
      fail("Tensor: \(elements.count) numbers do not fill \(shape)")
    }
    self.init(shape) { pointer in
      elements.withUnsafeBufferPointer {
        if let base = $0.baseAddress { pointer.update(from: base, count: $0.count) }
      }
    }
  }

  /// The numbers of `elements`, rounded to single precision, in `shape`; a vector without one.
  ///
  /// - Precondition: as many numbers as the shape has elements.
  public init(_ elements: [Double], shape: Shape? = nil) {
    let shape = shape ?? [elements.count]
    if elements.count != shape.elementCount {
      fail("Tensor: \(elements.count) numbers do not fill \(shape)")
    }
    self.init(shape) { pointer in
      for i in elements.indices { pointer[i] = Float(elements[i]) }
    }
  }

  /// A matrix from its rows, shape `[rows, columns]`.
  ///
  /// - Precondition: all rows have the same length.
  public init(_ rows: [[Float]]) {
    let columns = rows.first?.count ?? 0
    for (index, row) in rows.enumerated() where row.count != columns {
      fail("Tensor: row \(index) has \(row.count) numbers, row 0 has \(columns)")
    }
    self.init([rows.count, columns]) { pointer in
      for (r, row) in rows.enumerated() {
        for c in 0..<columns { pointer[r * columns + c] = row[c] }
      }
    }
  }

  /// A tensor of three axes from its matrices, shape `[matrices, rows, columns]`.
  ///
  /// - Precondition: all matrices have the same shape.
  public init(_ matrices: [[[Float]]]) { self.init(parts: matrices.map { Tensor($0) }, rank: 3) }

  /// A tensor of four axes from its parts, shape `[parts, matrices, rows, columns]`.
  ///
  /// - Precondition: all parts have the same shape.
  public init(_ parts: [[[[Float]]]]) { self.init(parts: parts.map { Tensor($0) }, rank: 4) }

  private init(parts: [Tensor], rank: Int) {
    let inner = parts.first?.shape ?? Shape(repeatElement(0, count: rank - 1))
    for (index, part) in parts.enumerated() where part.shape != inner {
      fail("Tensor: part \(index) is \(part.shape), part 0 is \(inner)")
    }
    self.init(inner.inserting(parts.count, at: 0)) { pointer in
      for (index, part) in parts.enumerated() {
        part.withPointer {
          (pointer + index * inner.elementCount).update(from: $0, count: inner.elementCount)
        }
      }
    }
  }

  /// `value` everywhere, in any shape.
  public static func full(_ shape: Shape, _ value: Float) -> Tensor {
    Tensor(shape) { $0.update(repeating: value, count: shape.elementCount) }
  }

  /// 0 everywhere, in any shape.
  public static func zeros(_ shape: Shape) -> Tensor { full(shape, 0) }

  /// 1 everywhere, in any shape.
  public static func ones(_ shape: Shape) -> Tensor { full(shape, 1) }

  /// The whole numbers of a range, shape `[n]`. Exact up to 2²⁴.
  public static func range(_ range: Range<Int>) -> Tensor {
    let (count, isTooLong) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
    return Tensor([isTooLong ? Int.max : count]) { pointer in
      for i in 0..<count { pointer[i] = Float(range.lowerBound + i) }
    }
  }

  /// `count` numbers evenly spaced from `start` to `end`, both included, shape `[count]`.
  public static func linearSpace(from start: Float, to end: Float, count: Int) -> Tensor {
    Tensor([count]) { pointer in
      for i in 0..<count {
        let t = count > 1 ? Float(i) / Float(count - 1) : 0
        pointer[i] = start * (1 - t) + end * t
      }
    }
  }

  /// 1 on the diagonal and 0 elsewhere, shape `[n, n]`.
  public static func identity(_ n: Int) -> Tensor {
    Tensor([n, n]) { pointer in
      pointer.update(repeating: 0, count: n * n)
      for i in 0..<n { pointer[i * n + i] = 1 }
    }
  }

  /// A row for each class index with 1 at that index and 0 elsewhere, shape `[n, classes]`.
  ///
  /// - Precondition: every index is in `0..<classes`.
  public static func oneHot(_ indices: [Int], classes: Int) -> Tensor {
    Tensor([indices.count, classes]) { pointer in
      pointer.update(repeating: 0, count: indices.count * classes)
      for (row, index) in indices.enumerated() {
        if index < 0 || index >= classes {
          fail("oneHot: index \(index) at \(row) is not in 0..<\(classes)")
        }
        pointer[row * classes + index] = 1
      }
    }
  }
}
