import Foundation
import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

/// What PyTorch computed in double precision; see Fixtures/make_patches.py.
struct PatchFixture {
  let torch: TorchFixture
  let patches: Tensor
  let mask: PatchMask

  init() throws {
    torch = try TorchFixture("patches")
    patches = try torch.tensor("patches")
    let order = try torch.tensor("order")
    mask = PatchMask(
      order: (0..<order.shape[0]).map { order[$0].elements.map { Int($0) } }, visibleCount: 3)
  }

  func tensor(_ name: String) throws -> Tensor { try torch.tensor(name) }

  func numbers(_ name: String) throws -> [Double] { try torch.numbers(name) }
}

/// The book's digits cut into patches of 2 × 2 pixels: for training and for testing.
func digitPatches() throws -> (training: Tensor, test: Tensor) {
  let digits = try bookDigits()
  let grid = PatchGrid(side: 8, patchSize: 2)
  func patches(_ images: [[Double]]) -> Tensor {
    grid.patches(of: Tensor(images.flatMap { $0 }, shape: [images.count, 64]))
  }
  return (patches(digits.trainingImages), patches(digits.testImages))
}
