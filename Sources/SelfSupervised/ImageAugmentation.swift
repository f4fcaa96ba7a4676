import Tensors

/// Random changes of small images that leave what they show as it is: two draws for one image are
/// its two views.
///
/// What is not set is not done. Each image is changed by its own stream of random numbers, in this
/// order: crop, rotation, scale, shear and shift in one bilinear resampling with zeros outside;
/// blur; cutout; gain and contrast; noise. Values are not clipped.
///
///     let augmentation = ImageAugmentation(rotation: 15, shift: 0.5, noise: 0.15)
///     let views = augmentation.views(of: images, using: &random)  // [2N, D]
public struct ImageAugmentation: Sendable, Equatable {
  /// The largest turn to either side, in degrees.
  public var rotation: Float
  /// The largest move along either axis, in pixels.
  public var shift: Float
  /// What the size is multiplied by.
  public var scale: ClosedRange<Float>
  /// The largest slant: columns move sideways by at most this much for each row.
  public var shear: Float
  /// The share of the side that a window, cut out anywhere inside and enlarged to the whole, keeps.
  public var crop: ClosedRange<Float>
  /// The standard deviation of a Gaussian blur, in pixels.
  public var blur: ClosedRange<Float>
  /// The side of a square set to 0 somewhere inside, in pixels.
  public var cutout: Int
  /// What all pixels are multiplied by.
  public var gain: ClosedRange<Float>
  /// What the pixels' differences from their mean are multiplied by.
  public var contrast: ClosedRange<Float>
  /// The standard deviation of normal noise added to each pixel.
  public var noise: Float

  /// An augmentation of the parts that are named.
  public init(
    rotation: Float = 0, shift: Float = 0, scale: ClosedRange<Float> = 1...1, shear: Float = 0,
    crop: ClosedRange<Float> = 1...1, blur: ClosedRange<Float> = 0...0, cutout: Int = 0,
    gain: ClosedRange<Float> = 1...1, contrast: ClosedRange<Float> = 1...1, noise: Float = 0
  ) {
    self.rotation = rotation
    self.shift = shift
    self.scale = scale
    self.shear = shear
    self.crop = crop
    self.blur = blur
    self.cutout = cutout
    self.gain = gain
    self.contrast = contrast
    self.noise = noise
  }

  /// Nothing is changed.
  public static let none = ImageAugmentation()

  /// What suits digits of 8 × 8 pixels: small turns, moves by half a pixel, other sizes, slants
  /// and strengths, and noise.
  public static let digits = ImageAugmentation(
    rotation: 15, shift: 0.5, scale: 0.85...1.15, shear: 0.2, gain: 0.7...1.3, noise: 0.15)

  /// The images, each changed by a draw of its own.
  ///
  /// - Parameters:
  ///   - images: `[N, H, W]`, `[N, H, W, C]`, or square images as rows `[N, H·H]`.
  ///   - random: what the changes are drawn from.
  /// - Returns: the same shape.
  /// - Precondition: one of these shapes, a cutout no larger than an image, finite parts, a crop in
  ///   0...1, a scale above 0, and no other part negative.
  public func callAsFunction(_ images: Tensor, using random: inout RandomSource) -> Tensor {
    let form = ImageForm(images.shape)
    check()
    if cutout > min(form.height, form.width) {
      fail("ImageAugmentation: a cutout of \(cutout) pixels does not fit \(images.shape)")
    }
    if form.count == 0 { return images }
    let streams = (0..<form.count).map { _ in random.split() }
    return images.withPointer { source in
      Tensor(images.shape, blockSize: 32) { range, target in
        var painter = ImagePainter(self, form)
        for (row, index) in range.enumerated() {
          var random = streams[index]
          painter.paint(
            source + index * form.pixels, target + row * form.pixels, using: &random)
        }
      }
    }
  }

  private func check() {
    func require(_ range: ClosedRange<Float>, in limits: ClosedRange<Float>, _ part: StaticString) {
      if !(limits.lowerBound <= range.lowerBound && range.upperBound <= limits.upperBound) {
        fail(
          "ImageAugmentation: \(part) \(range.lowerBound)...\(range.upperBound) is not in "
            + "\(limits.lowerBound)...\(limits.upperBound)")
      }
    }
    func require(_ most: Float, _ part: StaticString) {
      if !(most >= 0 && most <= 1e6) {
        fail("ImageAugmentation: \(part) \(most) is not in 0...1000000")
      }
    }
    require(rotation, "rotation")
    require(shift, "shift")
    require(shear, "shear")
    require(noise, "noise")
    require(scale, in: 1e-6...1e6, "scale")
    require(crop, in: 0...1, "crop")
    require(blur, in: 0...1000, "blur")
    require(gain, in: -1e6...1e6, "gain")
    require(contrast, in: -1e6...1e6, "contrast")
    if cutout < 0 { fail("ImageAugmentation: a cutout of \(cutout) pixels; needs 0 or more") }
  }

  /// Two views of each image: rows i and i + N belong together.
  ///
  /// - Parameters:
  ///   - images: as in ``callAsFunction(_:using:)``.
  ///   - random: what the changes are drawn from.
  /// - Returns: `[2N, …]`.
  public func views(of images: Tensor, using random: inout RandomSource) -> Tensor {
    let first = self(images, using: &random)
    return .concatenate([first, self(images, using: &random)])
  }
}

/// How a batch of images lies in memory.
struct ImageForm {
  var count: Int
  var height: Int
  var width: Int
  var channels = 1

  var pixels: Int { height * width * channels }

  init(_ shape: Shape) {
    switch shape.rank {
    case 2:
      count = shape[0]
      var side = 0
      while side * side < shape[1] { side += 1 }
      if side * side != shape[1] {
        fail("ImageAugmentation: rows of \(shape) are not square images")
      }
      (height, width) = (side, side)
    case 3: (count, height, width) = (shape[0], shape[1], shape[2])
    case 4: (count, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    default: fail("ImageAugmentation: \(shape) is not a batch of images")
    }
  }
}
