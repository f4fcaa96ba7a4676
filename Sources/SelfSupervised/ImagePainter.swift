import Tensors

/// Draws one augmented image after another into memory, with scratch space of its own.
struct ImagePainter {
  private let augmentation: ImageAugmentation
  private let form: ImageForm
  private let isGeometric: Bool
  private var resampler: Resampler

  init(_ augmentation: ImageAugmentation, _ form: ImageForm) {
    self.augmentation = augmentation
    self.form = form
    isGeometric =
      augmentation.rotation != 0 || augmentation.shift != 0 || augmentation.shear != 0
      || augmentation.scale != 1...1 || augmentation.crop != 1...1
    resampler = Resampler(form)
  }

  mutating func paint(
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>,
    using random: inout RandomSource
  ) {
    if isGeometric {
      resample(source, target, using: &random)
    } else {
      target.update(from: source, count: form.pixels)
    }
    if augmentation.blur != 0...0 {
      blur(target, standardDeviation: random.uniform(in: augmentation.blur))
    }
    if augmentation.cutout > 0 { cut(target, using: &random) }
    if augmentation.gain != 1...1 {
      let gain = random.uniform(in: augmentation.gain)
      for i in 0..<form.pixels { target[i] *= gain }
    }
    if augmentation.contrast != 1...1 {
      let factor = random.uniform(in: augmentation.contrast)
      var mean: Float = 0
      for i in 0..<form.pixels { mean += target[i] }
      mean /= Float(form.pixels)
      for i in 0..<form.pixels { target[i] = mean + factor * (target[i] - mean) }
    }
    if augmentation.noise > 0 {
      for i in 0..<form.pixels { target[i] += augmentation.noise * random.normal() }
    }
  }

  /// The image turned, resized, slanted and moved by a draw.
  private mutating func resample(
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>,
    using random: inout RandomSource
  ) {
    let a = augmentation
    let rotation = random.uniform(in: -a.rotation...a.rotation)
    let share = random.uniform(in: a.crop)
    let size = share / random.uniform(in: a.scale)
    let slant = random.uniform(in: -a.shear...a.shear)
    let room = (1 - share) / 2
    let right =
      random.uniform(in: -a.shift...a.shift) + random.uniform(in: -room...room) * Float(form.width)
    let down =
      random.uniform(in: -a.shift...a.shift) + random.uniform(in: -room...room) * Float(form.height)
    let places = Resampler.Places(
      rotation: rotation, size: size, slant: slant, right: right, down: down)
    resampler.paint(source, target, places)
  }

  private func cut(_ target: UnsafeMutablePointer<Float>, using random: inout RandomSource) {
    let side = augmentation.cutout
    let top = random.integer(in: 0..<(form.height - side + 1))
    let left = random.integer(in: 0..<(form.width - side + 1))
    for y in top..<top + side {
      (target + (y * form.width + left) * form.channels)
        .update(repeating: 0, count: side * form.channels)
    }
  }

  /// Weights that fall like a bell, first along rows, then along columns; zeros outside.
  private func blur(_ target: UnsafeMutablePointer<Float>, standardDeviation sigma: Float) {
    guard sigma > 0 else { return }
    let radius = max(1, Int((2 * sigma).rounded(.up)))
    var weights = (-radius...radius).map {
      Float(exp(-Double($0 * $0) / Double(2 * sigma * sigma)))
    }
    let total = weights.reduce(0, +)
    for i in weights.indices { weights[i] /= total }
    let (height, width, channels) = (form.height, form.width, form.channels)
    var result = Array(repeating: Float(0), count: form.pixels)
    for isVertical in [false, true] {
      for y in 0..<height {
        for x in 0..<width {
          for channel in 0..<channels {
            var sum: Float = 0
            for k in -radius...radius {
              let (v, u) = isVertical ? (y + k, x) : (y, x + k)
              guard v >= 0, v < height, u >= 0, u < width else { continue }
              sum += weights[k + radius] * target[(v * width + u) * channels + channel]
            }
            result[(y * width + x) * channels + channel] = sum
          }
        }
      }
      for i in 0..<form.pixels { target[i] = result[i] }
    }
  }
}

extension RandomSource {
  /// A number uniform between the bounds; one draw, also when they agree.
  fileprivate mutating func uniform(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }
}
