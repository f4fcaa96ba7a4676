extension Tensor: CustomStringConvertible {
  /// The numbers in nested brackets as numpy prints them, with as many decimals as they need (at
  /// most four); long axes are cut in the middle.
  ///
  ///     [[0.25, 1.5 ],
  ///      [2.  , 3.75]]
  public var description: String {
    let numbers = NumberColumn(elements: visibleElements)
    var text = ""
    write(&text, axis: 0, start: 0, numbers)
    return text
  }

  private static let edge = 3

  /// The positions of an axis that are printed, nil for the dots between them.
  private func visible(_ axis: Int) -> [Int?] {
    let length = shape[axis]
    var result: [Int?] = []
    let isCut = count > 1000 && length > 2 * Tensor.edge
    for position in 0..<length {
      if !isCut || position < Tensor.edge || position >= length - Tensor.edge {
        result.append(position)
      } else if position == Tensor.edge {
        result.append(nil)
      }
    }
    return result
  }

  private var visibleElements: [Float] {
    var result: [Float] = []
    func collect(_ axis: Int, _ start: Int) {
      if axis == rank { return result.append(withPointer { $0[start] }) }
      let step = shape.axes(axis + 1, rank).elementCount
      for case let position? in visible(axis) { collect(axis + 1, start + position * step) }
    }
    if count > 0 { collect(0, 0) }
    return result
  }

  private func write(_ text: inout String, axis: Int, start: Int, _ numbers: NumberColumn) {
    if axis == rank {
      text += numbers.format(withPointer { $0[start] })
      return
    }
    let step = shape.axes(axis + 1, rank).elementCount
    // Rows on lines of their own, matrices with an empty line between.
    let isInnermost = axis == rank - 1
    let newline = String(repeating: "\n", count: rank - 1 - axis)
    let separator = isInnermost ? ", " : "," + newline + String(repeating: " ", count: axis + 1)
    text += "["
    for (index, position) in visible(axis).enumerated() {
      if index > 0 { text += separator }
      if let position {
        write(&text, axis: axis + 1, start: start + position * step, numbers)
      } else {
        text += "..."
      }
    }
    text += "]"
  }
}

/// Numbers printed under each other: the same decimals, or all in powers of ten.
private struct NumberColumn {
  private var decimals = 0
  private var width = 0
  private var isScientific = false

  init(elements: [Float]) {
    let finite = elements.filter { $0.isFinite && $0 != 0 }.map { $0.magnitude }
    let largest = finite.max() ?? 0
    let smallest = finite.min() ?? 0
    isScientific = largest >= 1e8 || (largest > 0 && (largest < 1e-3 || largest / smallest > 1e6))
    for value in elements {
      decimals = max(decimals, NumberColumn.neededDecimals(isScientific ? mantissa(value) : value))
    }
    for value in elements { width = max(width, text(value).utf8.count) }
  }

  func format(_ value: Float) -> String {
    let text = text(value)
    return String(repeating: " ", count: width - text.utf8.count) + text
  }

  private func text(_ value: Float) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if !isScientific { return fixed(Double(value)) }
    let exponent = exponent(value)
    let sign = exponent < 0 ? "-" : "+"
    let digits = String(exponent.magnitude)
    return fixed(Double(mantissa(value))) + "e" + sign + (digits.utf8.count < 2 ? "0" : "") + digits
  }

  /// `1.`, `0.25`: fixed decimals, trailing places filled with blanks as numpy does.
  private func fixed(_ value: Double) -> String {
    var scaled = value.magnitude
    for _ in 0..<decimals { scaled *= 10 }
    var digits = String(UInt64(scaled.rounded(.toNearestOrEven)))
    while digits.utf8.count <= decimals { digits = "0" + digits }
    var fraction = String(digits.suffix(decimals))
    var zeros = 0
    while fraction.last == "0" && !isScientific {
      fraction.removeLast()
      zeros += 1
    }
    return (value.sign == .minus ? "-" : "") + String(digits.dropLast(decimals)) + "." + fraction
      + String(repeating: " ", count: zeros)
  }

  private static func neededDecimals(_ value: Float) -> Int {
    if !value.isFinite { return 0 }
    var scale = 1.0
    for decimals in 0..<4 {
      let scaled = Double(value) * scale
      if (scaled - scaled.rounded()).magnitude < 0.5e-4 * scale { return decimals }
      scale *= 10
    }
    return 4
  }

  private func exponent(_ value: Float) -> Int {
    var rest = Double(value.magnitude)
    if rest == 0 || !rest.isFinite { return 0 }
    var result = 0
    while rest >= 9.99995 {
      rest /= 10
      result += 1
    }
    while rest < 0.999995 {
      rest *= 10
      result -= 1
    }
    return result
  }

  private func mantissa(_ value: Float) -> Float {
    var result = Double(value)
    let exponent = exponent(value)
    for _ in 0..<exponent.magnitude { result = exponent < 0 ? result * 10 : result / 10 }
    return Float(result)
  }
}
