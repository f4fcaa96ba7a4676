import Foundation
import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

/// Numbers that PyTorch computed in double precision; the script that made a file is beside it.
struct TorchFixture {
  let file: Safetensors

  init(_ name: String) throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/\(name).safetensors")
    file = try Safetensors([UInt8](Data(contentsOf: path)))
  }

  func tensor(_ name: String) throws -> Tensor { try #require(file[name], "no \(name)") }

  func numbers(_ name: String) throws -> [Double] { [Double](try tensor(name)) }

  /// Gives every parameter of `model` the fixture's weight of its name, `prefix`weight.…
  func load<M: Module>(_ model: M, prefix: String = "") -> M {
    var model = model
    var missing: [String] = []
    var count = 0
    model.visitParameters(ParameterPath()) { path, tensor in
      guard tensor.isRecorded else { return }
      count += 1
      guard let weight = file["\(prefix)weight.\(path)"], weight.shape == tensor.shape else {
        missing.append("\(path) \(tensor.shape)")
        return
      }
      tensor = weight.parameter()
    }
    #expect(missing == [])
    #expect(count == file.entries.count { $0.name.hasPrefix("\(prefix)weight.") })
    return model
  }

  /// Trains one step of AdamW from the fixture's weights and compares loss, gradients and new
  /// weights, whose names begin with `prefix`.
  func checkStep<M: Module>(
    _ start: M, prefix: String = "", weightDecay: Float = 1e-2, loss: (inout M) throws -> Tensor
  ) throws {
    var model = load(start, prefix: prefix)
    var names: [String] = []
    model.visitParameters(ParameterPath()) { path, tensor in
      if tensor.isRecorded { names.append(path.description) }
    }
    let value = try loss(&model)
    expectClose(value.scalar, try numbers("\(prefix)loss")[0], within: 2e-6, "loss")
    let gradients = value.gradients(of: model.parameters)
    for (name, gradient) in zip(names, gradients) {
      let expected = try numbers("\(prefix)gradient.\(name)")
      let scale = max(1e-5, expected.reduce(0) { max($0, $1.magnitude) })
      expectClose(
        gradient.elements.map { $0 / Float(scale) }, expected.map { $0 / scale }, within: 2e-5,
        "gradient of \(name)")
    }
    var optimizer = AdamW(learningRate: 1e-3, weightDecay: weightDecay)
    optimizer.update(&model, gradients)
    for (name, weight) in zip(names, model.parameters) {
      var (actual, expected) = (weight.elements, try numbers("\(prefix)after.\(name)"))
      if name.hasSuffix("qkv.bias") {
        // The keys' third is noise: its gradient is zero in exact arithmetic.
        let third = actual.count / 3
        actual.removeSubrange(third..<(2 * third))
        expected.removeSubrange(third..<(2 * third))
      }
      expectClose(actual, expected, within: 2e-5, "\(name) after the step")
    }
  }
}

/// The book's digits.
func bookDigits() throws -> Digits {
  let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let data = try Data(contentsOf: root.appending(path: "chapters/data/digits.bin"))
  return try #require(Digits(packed: [UInt8](data)))
}
