import Foundation
import Networks
import Tensors
import TestSupport
import Testing

/// A step of a language model computed by PyTorch in double precision; see Fixtures/make_text.py.
struct TextFixture {
  let file: Safetensors

  init(_ name: String) throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/text-\(name).safetensors")
    file = try Safetensors([UInt8](Data(contentsOf: path)))
  }

  func tensor(_ name: String) throws -> Tensor { try #require(file[name], "no \(name)") }

  /// `start` with the fixture's weights, all of which it has.
  func model<M: Module>(_ start: M) -> M {
    var model = start
    var names: [String] = []
    model.visitParameters(ParameterPath()) { path, tensor in
      names.append(path.description)
      guard let weight = file["weight.\(path)"], weight.shape == tensor.shape else {
        Issue.record("\(path) \(tensor.shape) is not in the fixture")
        return
      }
      tensor = weight.parameter()
    }
    #expect(names.count == file.entries.count { $0.name.hasPrefix("weight.") })
    return model
  }

  /// Compares a loss, its gradients and the weights after one step.
  func check<M: Module>(_ start: M, loss: Tensor) throws {
    var model = start
    var names: [String] = []
    model.visitParameters(ParameterPath()) { path, _ in names.append(path.description) }
    expectClose(loss.scalar, Double(try tensor("loss").scalar), within: 2e-6, "loss")
    let gradients = loss.gradients(of: model.parameters)
    for (name, gradient) in zip(names, gradients) {
      let expected = [Double](try tensor("gradient.\(name)"))
      expectClose(gradient.elements, expected, within: 5e-6, "gradient of \(name)")
    }
    var optimizer = AdamW(learningRate: 1e-3, weightDecay: 0.01)
    optimizer.update(&model, gradients)
    for (name, weight) in zip(names, model.parameters) {
      var (actual, expected) = (weight.elements, [Double](try tensor("after.\(name)")))
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
