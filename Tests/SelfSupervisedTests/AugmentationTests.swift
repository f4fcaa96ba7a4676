import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Image augmentation") struct AugmentationTests {
  @Test("nothing set changes nothing")
  func none() {
    var random = RandomSource(seed: 1)
    let images = Tensor.uniform([5, 64], using: &random)
    #expect(ImageAugmentation.none(images, using: &random) == images)
  }

  @Test(
    "resampling agrees with PyTorch's grid_sample", arguments: [("larger", 2), ("smaller", 0.5)])
  func torch(name: String, scale: Float) throws {
    let fixture = try TorchFixture("contrastive")
    var random = RandomSource(seed: 1)
    let images = try fixture.tensor("resample.images")
    let result = ImageAugmentation(scale: scale...scale)(images, using: &random)
    expectClose(result.elements, try fixture.numbers("resample.\(name)"), within: 1e-5)
  }

  @Test("rotation, slant, size and shift as plain loops with the same draws")
  func loops() {
    var random = RandomSource(seed: 2)
    let image = Tensor.uniform([1, 36], using: &random)
    var copy = random
    let augmentation = ImageAugmentation(
      rotation: 40, shift: 1.5, scale: 0.7...1.4, shear: 0.4, crop: 0.6...0.9)
    let result = augmentation(image, using: &random).elements

    var draws = copy.split()
    func draw(_ low: Double, _ high: Double) -> Double {
      low + (high - low) * Double(draws.uniform())
    }
    let angle = draw(-40, 40) * Double.pi / 180
    let share = draw(0.6, 0.9)
    let size = share / draw(0.7, 1.4)
    let slant = draw(-0.4, 0.4)
    let room = (1 - share) / 2
    let right = draw(-1.5, 1.5) + draw(-room, room) * 6
    let down = draw(-1.5, 1.5) + draw(-room, room) * 6
    func pixel(_ x: Int, _ y: Int) -> Double {
      0..<6 ~= x && 0..<6 ~= y ? Double(image.elements[6 * y + x]) : 0
    }
    var expected: [Double] = []
    for i in 0..<6 {
      for j in 0..<6 {
        let u = Double(j) - 2.5 + slant * (Double(i) - 2.5)
        let v = Double(i) - 2.5
        let x = size * (cos(angle) * u - sin(angle) * v) + 2.5 + right
        let y = size * (sin(angle) * u + cos(angle) * v) + 2.5 + down
        var sum = 0.0
        for n in -3...9 {
          for m in -3...9 {
            let weight = max(0, 1 - abs(x - Double(m))) * max(0, 1 - abs(y - Double(n)))
            sum += weight * pixel(m, n)
          }
        }
        expected.append(sum)
      }
    }
    expectClose(result, expected, within: 1e-5)
  }

  @Test("a colour image is changed alike in all channels")
  func channels() {
    var random = RandomSource(seed: 3)
    let grey = Tensor.uniform([4, 8, 8, 1], using: &random)
    let colour = Tensor.concatenate([grey, grey * 2, grey * 3], axis: 3)
    let augmentation = ImageAugmentation(
      rotation: 30, shift: 1, blur: 0.5...0.8, cutout: 3, gain: 0.5...1.5)
    var (a, b) = (RandomSource(seed: 9), RandomSource(seed: 9))
    let one = augmentation(grey, using: &a)
    let three = augmentation(colour, using: &b)
    for channel in 0..<3 {
      let slice = three.slice(channel..<channel + 1, axis: 3)
      expectClose(
        slice.elements, [Double](one).map { $0 * Double(channel + 1) }, within: 1e-5)
    }
  }

  @Test("noise has its deviation, gain and contrast their ranges")
  func strengths() {
    var random = RandomSource(seed: 4)
    let flat = Tensor.full([400, 64], 0.5)
    let noisy = ImageAugmentation(noise: 0.15)(flat, using: &random)
    expectClose(noisy.mean().scalar, 0.5, within: 0.004)
    expectClose(noisy.variance().sqrt().scalar, 0.15, within: 0.003)
    let gained = ImageAugmentation(gain: 0.7...1.3)(flat, using: &random)
    #expect(gained.min().scalar >= 0.35 && gained.max().scalar <= 0.65)
    #expect(gained.min().scalar < 0.36 && gained.max().scalar > 0.64)
    let images = Tensor.uniform([50, 64], using: &random)
    let faded = ImageAugmentation(contrast: 0...0)(images, using: &random)
    let means = images.mean(axes: 1, keepDims: true)
    expectClose(faded.elements, [Double](means.broadcast(to: [50, 64])), within: 1e-6)
  }

  @Test("a cutout is a square of zeros, and blur keeps the sum of what lies inside")
  func cutoutAndBlur() {
    var random = RandomSource(seed: 5)
    let ones = Tensor.ones([30, 64])
    let cut = ImageAugmentation(cutout: 3)(ones, using: &random)
    #expect(cut.sum(axes: 1).elements.allSatisfy { $0 == 55 })
    var dot = Tensor.zeros([1, 9, 9])
    dot[element: 0, 4, 4] = 1
    let blurred = ImageAugmentation(blur: 0.7...0.7)(dot, using: &random)
    expectClose(blurred.sum().scalar, 1, within: 1e-5)
    #expect(blurred[element: 0, 4, 5] == blurred[element: 0, 3, 4])
    #expect(blurred[element: 0, 4, 4] > blurred[element: 0, 4, 5])
  }

  @Test("two views differ, and the same stream gives the same ones")
  func views() throws {
    let images = try bookDigits().training.images[0..<70]
    var (a, b) = (RandomSource(seed: 6), RandomSource(seed: 6))
    let views = ImageAugmentation.digits.views(of: images, using: &a)
    #expect(views.shape == [140, 64])
    #expect(views == ImageAugmentation.digits.views(of: images, using: &b))
    #expect(views[0..<70] != views[70..<140])
  }

  @Test("an image's view depends on its place in the batch alone, not on the others")
  func independence() {
    var random = RandomSource(seed: 7)
    let images = Tensor.uniform([40, 64], using: &random)
    let others = Tensor.concatenate([Tensor.zeros([39, 64]), images[39..<40]])
    var (a, b) = (RandomSource(seed: 8), RandomSource(seed: 8))
    let one = ImageAugmentation.digits(images, using: &a)
    let two = ImageAugmentation.digits(others, using: &b)
    #expect(one[39] == two[39])
  }

  @Test("rows that are not square images stop the program")
  func shape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var random = RandomSource(seed: 1)
      _ = ImageAugmentation.digits(Tensor.ones([2, 60]), using: &random)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("rows of [2, 60] are not square images"))
  }
}

@Suite("Shuffled batches") struct ShuffledBatchesTests {
  @Test("a pass names nothing twice")
  func passes() {
    var random = RandomSource(seed: 1)
    var batches = ShuffledBatches(count: 10, batchSize: 3, using: &random)
    for _ in 0..<4 {
      let pass = (0..<3).flatMap { _ in batches.next() }
      #expect(Set(pass).count == 9)
      #expect(pass.allSatisfy { 0..<10 ~= $0 })
    }
  }
}
