// Two-dimensional convolution on channels-last images, without laying patches out as a matrix:
// with few input channels ConvolutionPadded.swift multiplies tiles of positions, with many
// ConvolutionDirect.swift the same position of many images. The gradient of images of few channels
// is a matrix of patches, of some images at a time, added back to their places (col2im).

/// The sizes of a convolution. Images are batch x height x width x inputs, weights
/// kernelHeight x kernelWidth x inputs x outputs, results batch x outHeight x outWidth x outputs.
public struct ConvolutionShape: Sendable {
  public var batch: Int
  public var height: Int
  public var width: Int
  public var inputs: Int
  public var outputs: Int
  public var kernelHeight: Int
  public var kernelWidth: Int
  public var stride: Int
  /// Zeros around the image.
  public var padding: Int

  public init(
    batch: Int, height: Int, width: Int, inputs: Int, outputs: Int, kernelHeight: Int,
    kernelWidth: Int, stride: Int = 1, padding: Int = 0
  ) {
    self.batch = batch
    self.height = height
    self.width = width
    self.inputs = inputs
    self.outputs = outputs
    self.kernelHeight = kernelHeight
    self.kernelWidth = kernelWidth
    self.stride = stride
    self.padding = padding
  }

  public var outHeight: Int { max(0, (height + 2 * padding - kernelHeight) / stride + 1) }
  public var outWidth: Int { max(0, (width + 2 * padding - kernelWidth) / stride + 1) }

  /// Numbers of one patch.
  var patch: Int { kernelHeight &* kernelWidth &* inputs }
  /// Patches of one image.
  var positions: Int { outHeight &* outWidth }
  var imageSize: Int { height &* width &* inputs }

  /// Images whose patches fill half of a second cache.
  fileprivate var imagesPerBlock: Int { max(1, 98_304 / max(1, positions &* patch)) }
  var isLong: Bool { 2 &* batch &* positions &* patch &* outputs > 50_000_000 }
}

/// Two-dimensional convolution.
public enum Convolution {
  /// y = x * w [+ bias], then the activation of `end`.
  @inline(never)
  public static func forward(
    _ s: ConvolutionShape, _ x: Floats, weights: Floats, _ y: MutableFloats,
    end: ProductEnd = ProductEnd()
  ) {
    if s.isDirect {
      DirectConvolution(shape: s).forward(x, weights, y, end)
      return
    }
    PaddedConvolution(shape: s).forward(x, weights, y, end)
  }

  /// The gradients from `g`, that of the output.
  ///
  /// - Parameters:
  ///   - dx: receives the gradient of the images, or nil when it is not wanted.
  ///   - dWeights: receives the gradient of the weights.
  @inline(never)
  public static func backward(
    _ s: ConvolutionShape, _ g: Floats, _ x: Floats, weights: Floats, dx: MutableFloats?,
    dWeights: MutableFloats
  ) {
    let direct = DirectConvolution(shape: s)
    let isDirect = s.isDirectBackward
    let block = isDirect ? direct.imagesPerBlock : s.imagesPerBlock
    let blocks = (s.batch &+ block &- 1) / block
    // Each chunk sums its own gradient of the weights; there are at most sixteen.
    let perChunk = max(1, (blocks &+ 15) / 16)
    let chunks = (blocks &+ perChunk &- 1) / perChunk
    let size = s.patch &* s.outputs
    guard chunks > 0, size > 0 else {
      dWeights.update(repeating: 0, count: size)
      return
    }
    let packedSize = isDirect && dx != nil ? direct.packedTransposeSize : 0
    Scratch.floats(chunks &* size &+ packedSize) { partial in
      let packed = partial + chunks &* size
      if packedSize > 0 { direct.packTransposes(weights, into: packed) }
      Parallel.run(chunks, isLong: s.isLong) { chunk in
        let last = min(s.batch, (chunk &+ 1) &* perChunk &* block)
        var image = chunk &* perChunk &* block
        var isFirst = true
        while image < last {
          let images = min(block, last &- image)
          let (g, x) = (g + image &* s.positions &* s.outputs, x + image &* s.imageSize)
          let (dx, sums) = (dx.map { $0 + image &* s.imageSize }, partial + chunk &* size)
          if isDirect {
            direct.backward(images, g, x, packed, dx, sums, isFirst: isFirst)
          } else {
            backwardBlock(s, images, g, x, weights, dx, sums, isFirst: isFirst)
          }
          isFirst = false
          image &+= images
        }
      }
      addRowsInPairs(partial, chunks, size)
      copyRow(partial, dWeights, size)
    }
  }

  private static func backwardBlock(
    _ s: ConvolutionShape, _ images: Int, _ g: Floats, _ x: Floats, _ weights: Floats,
    _ dx: MutableFloats?, _ dWeights: MutableFloats, isFirst: Bool
  ) {
    PaddedConvolution(shape: s).addWeightGradient(images, g, x, dWeights, isFirst: isFirst)
    guard let dx else { return }
    let rows = images &* s.positions
    Scratch.floats(max(1, rows &* s.patch)) { patches in
      ProductJob(
        a: Matrix(g, stride: s.outputs),
        b: Matrix(weights, stride: s.outputs, isTransposed: true), c: patches, stride: s.patch,
        rows: rows, columns: s.patch, depth: s.outputs, base: nil, end: ProductEnd()
      ).runAlone()
      scatterPatches(s, patches, images, to: dx)
    }
  }
}

/// Calls `body` for every kernel row of every patch: the patch's place, the image row's place, the
/// first and last kernel column inside the image.
@inline(always)
private func overKernelRows(
  _ s: ConvolutionShape, _ images: Int, _ body: (Int, Int, Int, Int) -> Void
) {
  let run = s.kernelWidth &* s.inputs
  var patch = 0
  for image in 0..<images {
    for row in 0..<s.outHeight {
      for column in 0..<s.outWidth {
        let left = column &* s.stride &- s.padding
        let first = min(s.kernelWidth, max(0, -left))
        let last = max(first, min(s.kernelWidth, s.width &- left))
        for k in 0..<s.kernelHeight {
          let y = row &* s.stride &- s.padding &+ k
          let isInside = y >= 0 && y < s.height
          let place = ((image &* s.height &+ y) &* s.width &+ left) &* s.inputs
          body(patch, place, isInside ? first : 0, isInside ? last : 0)
          patch &+= run
        }
      }
    }
  }
}

/// col2im: every patch added back to its place.
private func scatterPatches(
  _ s: ConvolutionShape, _ patches: Floats, _ images: Int, to x: MutableFloats
) {
  x.update(repeating: 0, count: images &* s.imageSize)
  overKernelRows(s, images) { patch, place, first, last in
    let from = first &* s.inputs
    let count = last &* s.inputs &- from
    if count > 0 {
      let target = x + (place &+ from)
      mapRange(count, target, patches + (patch &+ from), target) { $0 + $1 }
    }
  }
}
