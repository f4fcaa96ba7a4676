import Kernels

extension Tensor {
  /// eˣ / Σ eˣ over `axes`: probabilities that add up to 1. Shifting all elements changes nothing,
  /// and large ones do not overflow. The shape is this tensor's.
  public func softmax(axes: Axes = -1) -> Tensor {
    overRows("softmax", axes) { lines, rows, columns in
      let y = Tensor(lines.shape, from: lines) { y, x in
        Rows.softmax(x, y, rows: rows, columns: columns)
      }
      return y.recorded(
        "softmax", lines,
        backward: { gradient, node in
          gradient.replace(with: y) { dx, g, y in
            Rows.softmaxBackward(g, y, dx, rows: rows, columns: columns)
          }
          node.add(0, gradient)
        })
    }
  }

  /// ln softmax(x) over `axes`, without the loss of small probabilities, in this tensor's shape.
  public func logSoftmax(axes: Axes = -1) -> Tensor {
    overRows("logSoftmax", axes) { lines, rows, columns in
      let y = Tensor(lines.shape, from: lines) { y, x in
        Rows.logSoftmax(x, y, rows: rows, columns: columns)
      }
      return y.recorded(
        "logSoftmax", lines,
        backward: { gradient, node in
          gradient.replace(with: y) { dx, g, y in
            Rows.logSoftmaxBackward(g, y, dx, rows: rows, columns: columns)
          }
          node.add(0, gradient)
        })
    }
  }

  /// Calls `body` with a tensor whose rows are what `axes` span, and puts its result back.
  private func overRows(
    _ operation: StaticString, _ axes: Axes, _ body: (Tensor, Int, Int) -> Tensor
  ) -> Tensor {
    let plan = Reduction(self, axes, keepDims: false, operation)
    let rows = plan.shape.elementCount
    if plan.isAlongRows { return body(self, rows, plan.length) }
    let chosen = axes.chosen(in: shape, operation)
    let order = (0..<rank).filter { !chosen[$0] } + (0..<rank).filter { chosen[$0] }
    var inverse = order
    for (new, old) in order.enumerated() { inverse[old] = new }
    return body(permuted(order), rows, plan.length).permuted(inverse)
  }

  /// ln Σ eˣ over `axes`, without overflow; −∞ over nothing.
  ///
  /// - Parameters:
  ///   - axes: the axes to add up; all unless named.
  ///   - keepDims: keep them with length 1.
  public func logSumExp(axes: Axes = .all, keepDims: Bool = false) -> Tensor {
    let plan = Reduction(self, axes, keepDims: keepDims, "logSumExp")
    let (rows, columns, source) = (plan.shape.elementCount, plan.length, shape)
    if !plan.isAlongRows {
      let chosen = axes.chosen(in: shape, "logSumExp")
      let kept = (0..<rank).filter { !chosen[$0] }
      let moved = (0..<rank).filter { chosen[$0] }
      let lines = permuted(kept + moved).reshaped([rows, columns] as Shape)
      return lines.logSumExp(axes: 1).reshaped(plan.shape)
    }
    let x = stopGradient()
    let y = Tensor(plan.shape, from: x) { y, x in
      Rows.logSumExp(x, y, rows: rows, columns: columns)
    }
    return y.recorded(
      "logSumExp", self,
      backward: { gradient, node in
        node.add(
          0,
          Tensor(source, from: gradient, x, y) { dx, g, x, y in
            Rows.logSumExpBackward(g, x, y, dx, rows: rows, columns: columns)
          })
      })
  }

  /// The mean cross-entropy of rows of logits with class indices, in nats, shape `[]`.
  ///
  ///     −1/n Σᵢ ln softmax(xᵢ)[targetᵢ]
  ///
  /// Loss and gradient are computed in one visit of the logits.
  ///
  /// - Parameters:
  ///   - targets: the class of each row; a negative one leaves its row out.
  /// - Precondition: one target for each row, below the number of classes. The mean over no rows
  ///   is NaN.
  public func crossEntropy(targets: [Int]) -> Tensor {
    let (rows, columns) = rowsAndColumns(for: targets)
    var used = 0
    for target in targets where target >= 0 { used += 1 }
    let gradient = isRecorded ? Tensor(uninitialized: shape) : nil
    let losses = Tensor([rows], from: self) { losses, x in
      targets.withUnsafeBufferPointer {
        guard let targets = $0.baseAddress else { return }
        if let gradient {
          CrossEntropy.lossesAndGradient(
            x, targets: targets, scale: 1 / Float(used), losses, gradient.storage.pointer,
            rows: rows, columns: columns)
        } else {
          CrossEntropy.losses(x, targets: targets, losses, rows: rows, columns: columns)
        }
      }
    }
    let mean = losses.withPointer { Reduce.sum($0, count: rows) } / Float(used)
    return Tensor(mean).recorded(
      "crossEntropy", self,
      backward: { upstream, node in
        guard let gradient else { return }
        node.add(0, upstream.scalar == 1 ? gradient : gradient.scaled(by: upstream.scalar))
      })
  }

  /// ``crossEntropy(targets:)`` of each row, 0 where the target is negative; the shape without its
  /// last axis. What a row without a target holds does not matter.
  package func crossEntropies(targets: [Int]) -> Tensor {
    let (rows, columns) = rowsAndColumns(for: targets)
    let x = stopGradient()
    let result = Tensor(shape.axes(0, rank - 1), from: x) { losses, x in
      targets.withUnsafeBufferPointer {
        guard let targets = $0.baseAddress else { return }
        CrossEntropy.losses(x, targets: targets, losses, rows: rows, columns: columns)
      }
    }
    return result.recorded(
      "crossEntropy", self,
      backward: { gradient, node in
        node.add(
          0,
          Tensor(x.shape, from: gradient, x) { dx, g, x in
            targets.withUnsafeBufferPointer {
              guard let targets = $0.baseAddress else { return }
              CrossEntropy.backward(g, x, targets: targets, dx, rows: rows, columns: columns)
            }
          })
      })
  }

  private func rowsAndColumns(for targets: [Int]) -> (rows: Int, columns: Int) {
    if rank == 0 { fail("crossEntropy: [] has no classes") }
    let (rows, columns) = shape.rowsAndColumns
    if targets.count != rows { fail("crossEntropy: \(targets.count) targets for \(shape)") }
    for (row, target) in targets.enumerated() where target >= columns {
      fail("crossEntropy: target \(target) at row \(row) is not below \(columns) of \(shape)")
    }
    return (rows, columns)
  }
}
