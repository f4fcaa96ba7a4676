import Kernels

extension Tensor {
  /// Numbers uniform in `range`, in any shape, row by row from the stream.
  ///
  /// - Precondition: finite bounds.
  public static func uniform(
    _ shape: Shape, in range: Range<Float> = 0..<1, using random: inout RandomSource
  ) -> Tensor {
    RandomSource.requireFinite(range)
    return Tensor(shape) { pointer in
      random.draw(shape.elementCount) { start, bits in
        let y = pointer + start
        for i in bits.indices { y[i] = RandomSource.uniform(bits[i], in: range) }
      }
    }
  }

  /// Numbers from a normal distribution, row by row from the stream.
  ///
  /// - Parameters:
  ///   - shape: any.
  ///   - mean: where they are centred.
  ///   - standardDeviation: how far they spread; 0 or more.
  ///   - random: one draw for each element.
  public static func normal(
    _ shape: Shape, mean: Float = 0, standardDeviation: Float = 1,
    using random: inout RandomSource
  ) -> Tensor {
    Tensor(shape) { pointer in
      random.draw(shape.elementCount) { start, bits in
        guard let base = bits.baseAddress else { return }
        let y = pointer + start
        Normal.quantiles(base, y, count: bits.count)
        for i in bits.indices { y[i] = mean + standardDeviation * y[i] }
      }
    }
  }

  /// 1 with a probability in 0...1, otherwise 0, in any shape, row by row from the stream.
  ///
  /// - Precondition: a probability in 0...1.
  public static func bernoulli(
    _ shape: Shape, probability: Float, using random: inout RandomSource
  ) -> Tensor {
    if !(probability >= 0 && probability <= 1) {
      fail("bernoulli: probability \(probability) is not in 0...1")
    }
    // A draw of 32 bits below `limit` is a 1, one above it a 0. At `limit` itself, once in four
    // thousand million, further bits decide what 32 are too coarse for.
    let scaled = Double(probability) * 0x1p32
    let limit = UInt64(scaled)
    let further = UInt64((scaled - Double(limit)) * 0x1p32)
    let source = random
    return Tensor(shape) { pointer in
      random.draw(shape.elementCount) { start, bits in
        let y = pointer + start
        for i in bits.indices {
          let isOne =
            UInt64(bits[i]) == limit
            ? UInt64(source.furtherBits(start + i)) < further : UInt64(bits[i]) < limit
          y[i] = isOne ? 1 : 0
        }
      }
    }
  }

  /// A class for each row of unnormalised log-probabilities, drawn in proportion to exp(row).
  ///
  /// - Parameter random: one draw for each row.
  /// - Returns: an index in `0..<classes` for each row, rows in memory order, of `[…, classes]`.
  /// - Precondition: at least one class, no row of −∞ alone, and none with NaN or ∞.
  public func sampledRows(using random: inout RandomSource) -> [Int] {
    let (rows, classes) = shape.rowsAndColumns
    if classes == 0 { fail("sampledRows: \(shape) has no classes") }
    let weights = stopGradient().softmax(axes: -1)
    return (0..<rows).map { row in
      random.categorical(
        weights.withPointer {
          Array(UnsafeBufferPointer(start: $0 + row * classes, count: classes))
        })
    }
  }
}
