// Convolution by tiles of output positions, for images of few channels.
//
// An image is copied once into a frame of zeros. There every patch is whole: kernelHeight runs of
// kernelWidth x inputs numbers, a row of the frame apart, and the patches of neighbouring positions
// begin stride x inputs apart. So a tile of a matrix product reads patches where they lie,
//
//     y[position, output] += frame[position, tap] w[tap, output]
//
// and for the gradient of the weights, the taps of one kernel row being a tile's rows and the
// positions of an image its depth,
//
//     dw[tap, output] += frame[position, tap] g[position, output]

struct PaddedConvolution {
  var shape: ConvolutionShape

  /// Numbers of a row of the frame.
  private var rowSize: Int { (shape.width &+ 2 &* shape.padding) &* shape.inputs }
  private var frameSize: Int {
    shape.padding == 0 ? 0 : (shape.height &+ 2 &* shape.padding) &* rowSize
  }
  /// Numbers of a kernel row.
  private var run: Int { shape.kernelWidth &* shape.inputs }
  /// From one position to the next in a row.
  private var step: Int { shape.stride &* shape.inputs }
  private var outSize: Int { shape.positions &* shape.outputs }
  private var panels: Int { (shape.outputs &+ panelWidth &- 1) / panelWidth }

  /// Images of one chunk: about a million operations.
  private var imagesPerChunk: Int { max(1, 500_000 / max(1, outSize &* shape.patch)) }

  func forward(_ x: Floats, _ weights: Floats, _ y: MutableFloats, _ end: ProductEnd) {
    let s = shape
    Scratch.floats(max(1, panels &* panelWidth &* s.patch)) { packed in
      packPanels(
        Matrix(weights, stride: s.outputs), depth: s.patch, columns: s.outputs, into: packed)
      Parallel.ranges(s.batch, grain: imagesPerChunk, isLong: s.isLong) { from, to in
        withFrame { frame in
          for image in from..<to {
            let y = y + image &* outSize
            multiply(framed(x + image &* s.imageSize, frame), packed, y, end.bias)
            end.activation?.apply(
              outSize, y, y, derivative: end.derivative.map { $0 + image &* outSize })
          }
        }
      }
    }
  }

  /// The results of one image.
  private func multiply(_ x: Floats, _ packed: Floats, _ y: MutableFloats, _ bias: Floats?) {
    let s = shape
    for panel in 0..<panels {
      let column = panel &* panelWidth
      for row in 0..<s.outHeight {
        var place = 0
        while place < s.outWidth {
          let rows = min(tileRows, s.outWidth &- place)
          let work = TileWork(
            a: x + (row &* s.stride &* rowSize &+ place &* step), rowStride: step, depthStride: 1,
            runs: s.kernelHeight, runStride: rowSize, b: packed + column &* s.patch,
            bStride: panelWidth, depth: run,
            c: y + ((row &* s.outWidth &+ place) &* s.outputs &+ column), cStride: s.outputs,
            base: bias.map { $0 + column }, baseStride: 0)
          multiplyRows(work, rows: rows, columns: min(panelWidth, s.outputs &- column))
          place &+= rows
        }
      }
    }
  }

  /// The gradient of the weights from `images` images, added to `dWeights` unless they are the first.
  func addWeightGradient(
    _ images: Int, _ g: Floats, _ x: Floats, _ dWeights: MutableFloats, isFirst: Bool
  ) {
    let s = shape
    withFrame { frame in
      // Whole panels of the gradient are read where they lie; a narrow last one is copied.
      let rest = s.outputs % panelWidth
      let isCopied = rest != 0 && rest != lanes
      Scratch.floats(isCopied ? s.positions &* panelWidth : 1) { copy in
        for image in 0..<images {
          let (x, g) = (framed(x + image &* s.imageSize, frame), g + image &* outSize)
          if isCopied {
            packPanel(
              Matrix(g, stride: s.outputs), from: s.outputs &- rest, width: rest, depth: 0,
              count: s.positions, into: copy)
          }
          for panel in 0..<panels {
            let column = panel &* panelWidth
            let isLast = isCopied && panel == panels &- 1
            addTaps(
              x, isLast ? Floats(copy) : g + column, isLast ? panelWidth : s.outputs,
              dWeights + column, min(panelWidth, s.outputs &- column),
              isFirst: isFirst && image == 0)
          }
        }
      }
    }
  }

  /// The gradient of one panel of the weights from one image.
  private func addTaps(
    _ x: Floats, _ g: Floats, _ gStride: Int, _ dWeights: MutableFloats, _ width: Int, isFirst: Bool
  ) {
    let s = shape
    for k in 0..<s.kernelHeight {
      var tap = 0
      while tap < run {
        let rows = min(tileRows, run &- tap)
        let target = dWeights + (k &* run &+ tap) &* s.outputs
        let work = TileWork(
          a: x + (k &* rowSize &+ tap), rowStride: 1, depthStride: step, runs: s.outHeight,
          runStride: s.stride &* rowSize, b: g, bStride: gStride, depth: s.outWidth, c: target,
          cStride: s.outputs, base: isFirst ? nil : Floats(target), baseStride: s.outputs)
        multiplyRows(work, rows: rows, columns: width)
        tap &+= rows
      }
    }
  }

  /// Lends a frame whose border is zero.
  private func withFrame(_ body: (MutableFloats) -> Void) {
    Scratch.floats(max(1, frameSize)) { frame in
      frame.update(repeating: 0, count: frameSize)
      body(frame)
    }
  }

  /// The image in the frame, or where it is when it needs none.
  private func framed(_ x: Floats, _ frame: MutableFloats) -> Floats {
    let s = shape
    if s.padding == 0 { return x }
    let width = s.width &* s.inputs
    let first = frame + (s.padding &* rowSize &+ s.padding &* s.inputs)
    for row in 0..<s.height { copyRow(x + row &* width, first + row &* rowSize, width) }
    return Floats(frame)
  }
}
