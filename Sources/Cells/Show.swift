import Plots
import Tensors
import Transcript

/// Shows text below the cell.
public func show(_ text: String) {
  Channel.shared.emit(.text(text))
}

/// Shows a number with three significant digits (an integer in full).
public func show(_ number: some RealValue) {
  show(number.prose)
}

/// Shows a row of numbers; of a long one, its two ends.
public func show(_ numbers: [some RealValue]) {
  show(row(numbers))
}

/// Shows a matrix, one row a line.
public func show(_ matrix: [[some RealValue]]) {
  show(shortened(matrix.map(row), gap: "…").joined(separator: "\n"))
}

/// Shows a table below the cell.
public func show(_ table: Table) {
  Channel.shared.emit(.table(table.event))
}

/// Shows a figure below the cell; its words stand for it where it cannot be seen.
public func show(_ figure: Figure) {
  Channel.shared.emit(
    .figure(
      .init(svg: figure.svg, unicode: figure.unicode(), description: figure.description)))
}

/// Shows a tensor with its shape.
public func show(_ tensor: Tensor) {
  show(tensor.description)
}

/// Shows whatever can describe itself.
@_disfavoredOverload
public func show(_ value: some CustomStringConvertible) {
  show(value.description)
}

private func row(_ numbers: [some RealValue]) -> String {
  "[\(shortened(numbers.map(\.prose), gap: "…").joined(separator: ", "))]"
}

private func shortened(_ parts: [String], gap: String) -> [String] {
  parts.count <= 24 ? parts : parts.prefix(10) + [gap] + parts.suffix(3)
}
