import Foundation
import Networks
import Tensors
import TestSupport
import Testing

@Suite("Operations against PyTorch in double precision") struct OperationTests {
  /// Made by Fixtures/make_operations.py.
  static let fixtures: Safetensors = {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/operations.safetensors")
    guard let data = try? Data(contentsOf: path) else { return Safetensors() }
    return (try? Safetensors([UInt8](data))) ?? Safetensors()
  }()

  static let rows = GradientTests.rows.filter { fixtures["\($0.name)/output"] != nil }

  @Test("result and gradients", arguments: rows)
  func agrees(row: GradientRow) throws {
    var inputs: [Tensor] = []
    while let input = Self.fixtures["\(row.name)/input.\(inputs.count)"] {
      inputs.append(input.parameter())
    }
    let output = row.function(inputs)
    let expected = try #require(Self.fixtures["\(row.name)/output"])
    #expect(output.shape == expected.shape)
    expectClose(output.elements, [Double](expected), within: 2e-6, row.name)
    let weights = try #require(Self.fixtures["\(row.name)/weights"])
    let gradients = (output * weights).sum().gradients(of: inputs)
    for (index, gradient) in gradients.enumerated() {
      let expected = try #require(Self.fixtures["\(row.name)/gradient.\(index)"])
      #expect(gradient.shape == expected.shape)
      expectClose(
        gradient.elements, [Double](expected), within: 4e-6, "\(row.name), gradient \(index)")
    }
  }

  @Test("every gradient that is checked is compared with PyTorch's")
  func isComplete() {
    // The losses' fixtures are those of their public functions, in the tests of SelfSupervised.
    let missing = GradientTests.rows.filter { Self.fixtures["\($0.name)/output"] == nil }
    #expect(missing.map { $0.name } == ["ntXent", "infoNCE"])
  }
}
