import Networks
import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Images as patches") struct PatchTensorTests {
  let grid = PatchGrid(side: 6, patchSize: 3)

  @Test("patches hold the pixels that the grid names, and come together again")
  func patchify() {
    let images = Tensor.range(0..<72).reshaped([2, 36] as Shape)
    let patches = grid.patches(of: images)
    #expect(patches.shape == [2, 4, 9])
    for image in 0..<2 {
      for patch in 0..<4 {
        let expected = grid.pixels(of: patch).map { Float(36 * image + $0) }
        #expect(patches[image][patch].elements == expected)
      }
    }
    #expect(grid.images(from: patches).elements == images.elements)
    #expect(grid.patches(of: images.reshaped([2, 6, 6] as Shape)) == patches)
  }

  @Test("channels stay beside each other")
  func channels() {
    let images = Tensor.range(0..<72).reshaped([1, 6, 6, 2] as Shape)
    let patches = grid.patches(of: images)
    #expect(patches.shape == [1, 4, 18])
    let expected = grid.pixels(of: 2).flatMap { [Float(2 * $0), Float(2 * $0 + 1)] }
    #expect(patches[0][2].elements == expected)
    #expect(grid.images(from: patches) == images)
  }

  @Test("the gradient of a pixel comes back to it")
  func gradient() {
    let images = Tensor.zeros([1, 36]).parameter()
    let weights = Tensor.range(0..<36).reshaped([1, 4, 9] as Shape)
    let gradient = (grid.patches(of: images) * weights).sum().gradient(of: images)
    #expect(gradient.elements == grid.images(from: weights).elements)
  }

  @Test("images of another size stop the program")
  func shape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = PatchGrid(side: 6, patchSize: 3).patches(of: .zeros([2, 35]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("PatchGrid.patches: [2, 35] are not images of 6 × 6 pixels"))
  }
}

@Suite("Masks of patches") struct PatchMaskTests {
  @Test("the restore order undoes the order, and flags name the hidden")
  func restore() {
    var random = RandomSource(seed: 4)
    let mask = PatchMask.random(images: 5, patches: 9, hiding: 6, using: &random)
    let x = Tensor.normal([5, 9, 2], using: &random)
    #expect(x.gatherRows(mask.order).gatherRows(mask.restoreOrder) == x)
    #expect(mask.hiddenCount == 6 && mask.visibleCount == 3)
    for image in 0..<5 {
      #expect(Set(mask.visible[image] + mask.hidden[image]) == Set(0..<9))
      let flagged = (0..<9).filter { mask.hiddenFlags[image].elements[$0] == 1 }
      #expect(flagged == mask.hidden[image].sorted())
    }
  }

  @Test("every patch is hidden equally often, and so is every pair")
  func uniform() {
    var random = RandomSource(seed: 5)
    let mask = PatchMask.random(images: 12_000, patches: 4, hiding: 2, using: &random)
    var pairs = [Int: Int]()
    for hidden in mask.hidden {
      let sorted = hidden.sorted()
      pairs[4 * sorted[0] + sorted[1], default: 0] += 1
    }
    #expect(pairs.count == 6)
    // 2000 of each; the standard deviation is 41.
    #expect(pairs.values.allSatisfy { abs($0 - 2000) < 170 })
  }

  @Test("the same seed draws the same masks")
  func seeded() {
    var (a, b) = (RandomSource(seed: 6), RandomSource(seed: 6))
    #expect(
      PatchMask.random(images: 3, patches: 16, hiding: 12, using: &a)
        == PatchMask.random(images: 3, patches: 16, hiding: 12, using: &b))
  }

  @Test("what is not a permutation stops the program")
  func wrong() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = PatchMask(order: [[0, 1, 2], [0, 1, 1]], visibleCount: 1)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("PatchMask: list 1 is not a permutation of 3 patches"))
  }
}

@Suite("Masked pixel loss") struct MaskedPixelLossTests {
  @Test("agrees with PyTorch, normalised and not", arguments: [false, true])
  func torch(isNormalized: Bool) throws {
    let fixture = try PatchFixture()
    let kind = isNormalized ? "normalized" : "plain"
    let guess = try fixture.tensor("guess").parameter()
    let each = maskedPixelLosses(
      predictions: guess, patches: fixture.patches, mask: fixture.mask,
      isNormalized: isNormalized)
    expectClose(each.elements, try fixture.numbers("\(kind).losses"), within: 1e-6)
    let loss = maskedPixelLoss(
      predictions: guess, patches: fixture.patches, mask: fixture.mask,
      isNormalized: isNormalized)
    expectClose(loss.scalar, Double(try fixture.tensor("\(kind).loss").scalar), within: 1e-6)
    expectClose(
      loss.gradient(of: guess).elements, try fixture.numbers("\(kind).gradient"), within: 1e-6)
  }

  @Test("is the mean over pixels, then over hidden patches")
  func loops() throws {
    let fixture = try PatchFixture()
    let (guess, patches) = (try fixture.numbers("guess"), [Double](fixture.patches))
    var total = 0.0
    for (image, hidden) in fixture.mask.hidden.enumerated() {
      for patch in hidden {
        var sum = 0.0
        for pixel in 0..<4 {
          let place = (image * 9 + patch) * 4 + pixel
          sum += (guess[place] - patches[place]) * (guess[place] - patches[place])
        }
        total += sum / 4
      }
    }
    let loss = maskedPixelLoss(
      predictions: try fixture.tensor("guess"), patches: fixture.patches, mask: fixture.mask)
    expectClose(loss.scalar, total / 18, within: 1e-6)
  }

  @Test("a guess that is off by a everywhere costs a²; a perfect one nothing")
  func closedForm() {
    var random = RandomSource(seed: 2)
    let patches = Tensor.normal([4, 9, 4], using: &random)
    let mask = PatchMask.random(images: 4, patches: 9, hiding: 5, using: &random)
    #expect(maskedPixelLoss(predictions: patches, patches: patches, mask: mask).scalar == 0)
    let off = maskedPixelLoss(predictions: patches + 0.5, patches: patches, mask: mask)
    expectClose(off.scalar, 0.25, within: 1e-6)
    // A normalised patch of P² pixels has the mean square (P² − 1)/P².
    let zero = maskedPixelLoss(
      predictions: .zeros([4, 9, 4]), patches: patches, mask: mask, isNormalized: true)
    expectClose(zero.scalar, 0.75, within: 1e-4)
  }

  @Test("visible patches do not count, the order of hidden ones does not matter")
  func symmetry() {
    var random = RandomSource(seed: 3)
    let patches = Tensor.normal([2, 4, 4], using: &random)
    let guess = Tensor.normal([2, 4, 4], using: &random)
    let mask = PatchMask(order: [[1, 0, 3, 2], [2, 3, 1, 0]], visibleCount: 2)
    let turned = PatchMask(order: [[0, 1, 2, 3], [3, 2, 0, 1]], visibleCount: 2)
    func loss(_ guess: Tensor, _ mask: PatchMask) -> Float {
      maskedPixelLoss(predictions: guess, patches: patches, mask: mask).scalar
    }
    expectClose(loss(guess, mask), Double(loss(guess, turned)), within: 1e-6)
    var changed = guess
    changed.update { $0[4] += 100 }  // patch 1 of image 0 is visible
    #expect(loss(guess, mask) == loss(changed, mask))
  }

  @Test("gradients agree with finite differences", arguments: [false, true])
  func finiteDifferences(isNormalized: Bool) {
    var random = RandomSource(seed: 8)
    let patches = Tensor.normal([2, 4, 4], using: &random)
    let mask = PatchMask.random(images: 2, patches: 4, hiding: 3, using: &random)
    let guess = Tensor.normal([2, 4, 4], using: &random)
    let check = GradientCheck([guess]) {
      maskedPixelLoss(
        predictions: $0[0], patches: patches, mask: mask, isNormalized: isNormalized)
    }
    #expect(check.worstError < 2e-3, "\(String(describing: check.worst))")
  }

  @Test("a patch of one colour has nothing to normalise")
  func constant() {
    #expect(normalizedPatches(.full([1, 2, 4], 0.7)).elements.allSatisfy { abs($0) < 1e-3 })
  }

  @Test("nothing hidden, and shapes that differ, stop the program")
  func wrong() async {
    let nothing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([2, 4, 4])
      _ = maskedPixelLoss(predictions: x, patches: x, mask: .none(images: 2, patches: 4))
    }
    let first = String(decoding: nothing?.standardErrorContent ?? [], as: UTF8.self)
    #expect(first.contains("maskedPixelLoss: nothing is hidden"))
    let shapes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let mask = PatchMask.showing([0], of: 4, images: 2)
      _ = maskedPixelLoss(
        predictions: .zeros([2, 4, 5]), patches: .zeros([2, 4, 4]), mask: mask)
    }
    let second = String(decoding: shapes?.standardErrorContent ?? [], as: UTF8.self)
    #expect(second.contains("maskedPixelLoss: [2, 4, 5] predictions for [2, 4, 4] patches"))
  }
}
