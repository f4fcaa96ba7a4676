import Tensors

/// A given move, turn, slant and size of small images: what ``ImageAugmentation`` draws at random,
/// one value at a time.
///
/// What is shown is moved first, then slanted, turned and resized about the centre of the image.
/// With A the product of a turn by θ and a slant k, over the scale,
///
///     y(d) = x( A d − (right, down) ),  A = [cos θ, k cos θ − sin θ; sin θ, cos θ + k sin θ]/scale
///
/// for distances d from the centre, columns to the right and rows down; between pixels x is bilinear,
/// and 0 outside.
///
///     let turned = AffineMap(rotation: 15)(images)
///
/// - Source: Jaderberg et al. 2015, equations 1 and 5, arXiv:1506.02025.
public struct AffineMap: Sendable, Equatable {
  /// θ, in degrees; what is shown turns counterclockwise.
  public let rotation: Float
  /// What sizes are multiplied by, above 0.
  public let scale: Float
  /// k: by how many columns a row moves sideways for each row below the centre.
  public let shear: Float
  /// How far it is moved to the right, in pixels.
  public let right: Float
  /// How far it is moved down, in pixels.
  public let down: Float

  /// A map of the parts that are named.
  ///
  /// - Precondition: finite numbers, a scale above 0; stops with what is not.
  public init(
    rotation: Float = 0, scale: Float = 1, shear: Float = 0, right: Float = 0, down: Float = 0
  ) {
    for value in [rotation, scale, shear, right, down] where !value.isFinite {
      fail("AffineMap: \(value) is not a finite number")
    }
    if scale <= 0 { fail("AffineMap: scale \(scale) is not above 0") }
    (self.rotation, self.scale, self.shear) = (rotation, scale, shear)
    (self.right, self.down) = (right, down)
  }

  /// The images, each changed alike; no gradient goes through.
  ///
  /// - Parameter images: `[N, H, W]`, `[N, H, W, C]`, or square images as rows `[N, H·H]`.
  /// - Returns: the same shape.
  public func callAsFunction(_ images: Tensor) -> Tensor {
    let form = ImageForm(images.shape)
    if form.count == 0 { return images.stopGradient() }
    let places = Resampler.Places(
      rotation: rotation, size: 1 / scale, slant: shear, right: -right, down: -down)
    return images.withPointer { source in
      Tensor(images.shape, blockSize: 32) { range, target in
        var resampler = Resampler(form)
        for (row, index) in range.enumerated() {
          resampler.paint(
            source + index * form.pixels, target + row * form.pixels, places)
        }
      }
    }
  }
}

/// Draws images whose pixels are found elsewhere in a source, with scratch space of its own.
struct Resampler {
  /// Where each pixel's value is found, seen from the centre: A d + (right, down).
  struct Places {
    let xx: Float, xy: Float, yx: Float, yy: Float
    let right: Float, down: Float

    /// - Parameters:
    ///   - rotation: in degrees.
    ///   - size: of what is looked at, over that of the image.
    init(rotation: Float, size: Float, slant: Float, right: Float, down: Float) {
      let angle = Double(rotation) * Double.pi / 180
      let (c, s) = (Float(cos(angle)) * size, Float(sin(angle)) * size)
      (xx, xy, yx, yy) = (c, slant * c - s, s, c + slant * s)
      (self.right, self.down) = (right, down)
    }
  }

  private let form: ImageForm
  /// An image with zeros around it: one before, two after, so that no neighbour is outside.
  private var padded: [Float]
  private let stride: Int

  init(_ form: ImageForm) {
    self.form = form
    stride = (form.width + 3) * form.channels
    padded = Array(repeating: 0, count: (form.height + 3) * stride)
  }

  /// Each pixel from between its four neighbours.
  mutating func paint(
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ places: Places
  ) {
    let (height, width, channels) = (form.height, form.width, form.channels)
    let (middleX, middleY) = (Float(width - 1) / 2, Float(height - 1) / 2)
    let stride = self.stride
    padded.withUnsafeMutableBufferPointer { padded in
      guard let base = padded.baseAddress else { return }
      for y in 0..<height {
        (base + (y + 1) * stride + channels).update(
          from: source + y * width * channels, count: width * channels)
      }
      var out = target
      for i in 0..<height {
        let dy = Float(i) - middleY
        for j in 0..<width {
          let dx = Float(j) - middleX
          let x = places.xx * dx + places.xy * dy + middleX + places.right
          let y = places.yx * dx + places.yy * dy + middleY + places.down
          let (insideX, insideY) = (
            min(max(x, -1), Float(width)) + 1, min(max(y, -1), Float(height)) + 1
          )
          let (column, row) = (Int(insideX), Int(insideY))
          let (fx, fy) = (insideX - Float(column), insideY - Float(row))
          let corner = base + row * stride + column * channels
          for channel in 0..<channels {
            let p = corner + channel
            let above = p[0] + fx * (p[channels] - p[0])
            let below = p[stride] + fx * (p[stride + channels] - p[stride])
            out[channel] = above + fy * (below - above)
          }
          out += channels
        }
      }
    }
  }
}
