// Convolution without copies, for images of many channels. At one output position the same place of
// every image is one row of a matrix whose rows are an image apart, and the channels of one kernel
// row are its columns, side by side: so a position is one product per kernel row, and taps that
// fall on the padding are not multiplied at all.
//
// Which way a convolution goes, and how many images make a block, decides the order of its sums. So
// both follow the largest tile of any machine, 12 x 32, and not the tile of this one.

extension ConvolutionShape {
  /// The runs of a kernel row are long enough, and the images not so far apart that they collide in
  /// the first cache.
  var isDirect: Bool { inputs >= 16 && imageSize % 1024 != 0 && batch >= 12 }

  /// Parts of a kernel row must begin with a panel, too.
  var isDirectBackward: Bool { isDirect && inputs % 32 == 0 }
}

struct DirectConvolution {
  var shape: ConvolutionShape

  /// Whole tiles of images that stay in the second cache.
  var imagesPerBlock: Int {
    let some = 196_608 / max(1, shape.imageSize)
    return max(12, some / 12 &* 12)
  }

  private var run: Int { shape.kernelWidth &* shape.inputs }
  private var outSize: Int { shape.positions &* shape.outputs }

  /// Calls `body` for every kernel row of every output position that touches the image: the
  /// position, the place in the image, the kernel row and its first and last column inside.
  @inline(always)
  private func overRuns(_ body: (Int, Int, Int, Int, Int) -> Void, after: (Int, Bool) -> Void) {
    let s = shape
    for row in 0..<s.outHeight {
      for column in 0..<s.outWidth {
        let position = row &* s.outWidth &+ column
        let left = column &* s.stride &- s.padding
        let (first, last) = (max(0, -left), min(s.kernelWidth, s.width &- left))
        var isTouched = false
        for k in 0..<s.kernelHeight {
          let y = row &* s.stride &- s.padding &+ k
          guard y >= 0, y < s.height, first < last else { continue }
          body(position, (y &* s.width &+ left &+ first) &* s.inputs, k, first, last)
          isTouched = true
        }
        after(position, isTouched)
      }
    }
  }

  func forward(_ x: Floats, _ weights: Floats, _ y: MutableFloats, _ end: ProductEnd) {
    let s = shape
    let panels = (s.outputs &+ panelWidth &- 1) / panelWidth &* panelWidth
    Scratch.floats(panels &* s.patch) { packed in
      packPanels(
        Matrix(weights, stride: s.outputs), depth: s.patch, columns: s.outputs, into: packed)
      Parallel.ranges(s.batch, grain: imagesPerBlock, isLong: s.isLong) { from, to in
        var image = from
        while image < to {
          let images = min(imagesPerBlock, to &- image)
          let y = y + image &* outSize
          forward(images, x + image &* s.imageSize, packed, y, end.bias)
          if let activation = end.activation {
            activation.apply(
              images &* outSize, y, y, derivative: end.derivative.map { $0 + image &* outSize })
          }
          image &+= images
        }
      }
    }
  }

  private func forward(
    _ images: Int, _ x: Floats, _ packed: Floats, _ y: MutableFloats, _ bias: Floats?
  ) {
    let s = shape
    var previous = -1
    overRuns { position, place, k, first, last in
      multiplyPacked(
        Matrix(x + place, stride: s.imageSize),
        packed + (k &* run &+ first &* s.inputs) &* panelWidth, packedDepth: s.patch,
        into: y + position &* s.outputs, stride: outSize, rows: images, columns: s.outputs,
        depth: (last &- first) &* s.inputs, accumulate: position == previous, bias: bias)
      previous = position
    } after: { position, isTouched in
      if isTouched { return }
      for image in 0..<images {
        let y = y + (image &* outSize &+ position &* s.outputs)
        if let bias {
          copyRow(bias, y, s.outputs)
        } else {
          y.update(repeating: 0, count: s.outputs)
        }
      }
    }
  }

  var packedTransposeSize: Int { shape.kernelHeight &* run &* shape.outputs }

  /// Each kernel row of the weights as outputs x (columns, inputs), in panels.
  func packTransposes(_ weights: Floats, into packed: MutableFloats) {
    for k in 0..<shape.kernelHeight {
      packPanels(
        Matrix(
          weights + k &* run &* shape.outputs, stride: shape.outputs, isTransposed: true),
        depth: shape.outputs, columns: run, into: packed + k &* run &* shape.outputs)
    }
  }

  /// The gradients of a block of images; those of the weights are added unless it is the first.
  func backward(
    _ images: Int, _ g: Floats, _ x: Floats, _ packed: Floats, _ dx: MutableFloats?,
    _ dWeights: MutableFloats, isFirst: Bool
  ) {
    let s = shape
    if isFirst { dWeights.update(repeating: 0, count: s.patch &* s.outputs) }
    dx?.update(repeating: 0, count: images &* s.imageSize)
    let panels = (s.outputs &+ panelWidth &- 1) / panelWidth &* panelWidth
    Scratch.floats(panels &* images) { packedG in
      var previous = -1
      overRuns { position, place, k, first, last in
        let slope = Matrix(g + position &* s.outputs, stride: outSize)
        if position != previous {
          packPanels(slope, depth: images, columns: s.outputs, into: packedG)
          previous = position
        }
        let (offset, width) = (k &* run &+ first &* s.inputs, (last &- first) &* s.inputs)
        multiplyPacked(
          Matrix(x + place, stride: s.imageSize, isTransposed: true), packedG,
          packedDepth: images, into: dWeights + offset &* s.outputs, stride: s.outputs,
          rows: width, columns: s.outputs, depth: images, accumulate: true)
        guard let dx else { return }
        multiplyPacked(
          slope, packed + offset &* s.outputs, packedDepth: s.outputs, into: dx + place,
          stride: s.imageSize, rows: images, columns: width, depth: s.outputs, accumulate: true)
      } after: { _, _ in
      }
    }
  }
}
