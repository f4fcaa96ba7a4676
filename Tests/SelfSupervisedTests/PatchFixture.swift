import Foundation
import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

/// What PyTorch computed in double precision; see Fixtures/make_patches.py.
struct PatchFixture {
  let file: Safetensors
  let patches: Tensor
  let mask: PatchMask

  init() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/patches.safetensors")
    file = try Safetensors([UInt8](Data(contentsOf: path)))
    patches = try #require(file["patches"])
    let order = try #require(file["order"])
    mask = PatchMask(
      order: (0..<order.shape[0]).map { order[$0].elements.map { Int($0) } }, visibleCount: 3)
  }

  func tensor(_ name: String) throws -> Tensor { try #require(file[name], "no \(name)") }

  func numbers(_ name: String) throws -> [Double] { [Double](try tensor(name)) }

  /// `model` with the fixture's weights, and their names.
  func weighted<M: Module>(_ model: M, _ kind: String) throws -> (model: M, names: [String]) {
    var result = model
    var names: [String] = []
    var missing: [String] = []
    result.visitParameters(ParameterPath()) { path, tensor in
      names.append(path.description)
      guard let weight = file["\(kind).weight.\(path)"], weight.shape == tensor.shape else {
        missing.append("\(path) \(tensor.shape)")
        return
      }
      tensor = weight.parameter()
    }
    #expect(missing == [])
    #expect(names.count == file.entries.count { $0.name.hasPrefix("\(kind).weight.") })
    return (result, names)
  }

  /// One step of AdamW on `loss` compared: loss, gradients and new weights.
  func checkStep<M: Module>(
    _ start: M, _ names: [String], _ kind: String, loss: (M) -> Tensor
  ) throws {
    var model = start
    let value = loss(model)
    expectClose(value.scalar, Double(try tensor("\(kind).loss").scalar), within: 2e-6, "loss")
    let gradients = value.gradients(of: model.parameters)
    for (name, gradient) in zip(names, gradients) {
      let expected = try numbers("\(kind).gradient.\(name)")
      expectClose(gradient.elements, expected, within: 1e-5, "gradient of \(name)")
    }
    var optimizer = AdamW(learningRate: 1e-3, weightDecay: 0.01)
    optimizer.update(&model, gradients)
    for (name, weight) in zip(names, model.parameters) {
      var (actual, expected) = (weight.elements, try numbers("\(kind).after.\(name)"))
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

/// The book's digits cut into patches of 2 × 2 pixels: for training and for testing.
func digitPatches() throws -> (training: Tensor, test: Tensor) {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let data = try Data(contentsOf: root.appending(path: "chapters/data/digits.bin"))
  let digits = try #require(Digits(packed: [UInt8](data)))
  let grid = PatchGrid(side: 8, patchSize: 2)
  func patches(_ images: [[Double]]) -> Tensor {
    grid.patches(of: Tensor(images.flatMap { $0 }, shape: [images.count, 64]))
  }
  return (patches(digits.trainingImages), patches(digits.testImages))
}
