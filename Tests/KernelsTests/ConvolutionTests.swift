import Kernels
import Testing

@Suite("Convolution and pooling")
struct ConvolutionTests {
  static let shapes = [
    ConvolutionShape(
      batch: 1, height: 1, width: 1, inputs: 1, outputs: 1, kernelHeight: 1, kernelWidth: 1),
    ConvolutionShape(
      batch: 2, height: 5, width: 7, inputs: 1, outputs: 3, kernelHeight: 3, kernelWidth: 3,
      stride: 2, padding: 1),
    ConvolutionShape(
      batch: 3, height: 6, width: 5, inputs: 4, outputs: 17, kernelHeight: 3, kernelWidth: 3,
      stride: 1, padding: 1),
    ConvolutionShape(
      batch: 2, height: 7, width: 7, inputs: 16, outputs: 33, kernelHeight: 3, kernelWidth: 3,
      stride: 2, padding: 1),
    ConvolutionShape(
      batch: 1, height: 4, width: 4, inputs: 2, outputs: 2, kernelHeight: 5, kernelWidth: 5,
      stride: 3, padding: 2),
    ConvolutionShape(
      batch: 40, height: 4, width: 4, inputs: 3, outputs: 4, kernelHeight: 2, kernelWidth: 2,
      stride: 2),
    ConvolutionShape(
      batch: 27, height: 5, width: 7, inputs: 32, outputs: 17, kernelHeight: 3, kernelWidth: 3,
      stride: 2, padding: 1),
    ConvolutionShape(
      batch: 13, height: 3, width: 3, inputs: 17, outputs: 33, kernelHeight: 2, kernelWidth: 2,
      stride: 1, padding: 3),
  ]

  @Test("convolution agrees with plain loops, its gradients with its transpose", arguments: shapes)
  func convolution(_ s: ConvolutionShape) {
    let outputs = s.batch * s.outHeight * s.outWidth * s.outputs
    let x = Numbers.some(s.batch * s.height * s.width * s.inputs, seed: 1)
    let w = Numbers.some(s.kernelHeight * s.kernelWidth * s.inputs * s.outputs, seed: 2)
    let (bias, g) = (Numbers.some(s.outputs, seed: 3), Numbers.some(outputs, seed: 4))
    func reference(_ x: [Double], _ w: [Double]) -> [Double] {
      Reference.convolution(
        x, w, batch: s.batch, height: s.height, width: s.width, inputs: s.inputs,
        outputs: s.outputs, kernel: s.kernelHeight, stride: s.stride, padding: s.padding)
    }
    var y = [Float](repeating: 7, count: outputs)
    bias.withUnsafeBufferPointer {
      Convolution.forward(s, x, weights: w, &y, end: ProductEnd(bias: $0.baseAddress))
    }
    let expected = reference(doubles(x), doubles(w)).enumerated().map {
      $1 + Double(bias[$0 % s.outputs])
    }
    expectClose(y, expected, tolerance: 2e-6)

    var (dx, dw) = ([Float](repeating: 7, count: x.count), [Float](repeating: 7, count: w.count))
    dx.withUnsafeMutableBufferPointer {
      Convolution.backward(s, g, x, weights: w, dx: $0.baseAddress, dWeights: &dw)
    }
    // The map is linear in x and in w: <g, conv(e, w)> = <dx, e> for any e.
    func inner(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map(*).reduce(0, +) }
    for seed in 10..<16 {
      let e = doubles(Numbers.some(x.count, seed: UInt64(seed)))
      let f = doubles(Numbers.some(w.count, seed: UInt64(seed)))
      let left = inner(doubles(g), reference(e, doubles(w)))
      #expect((left - inner(doubles(dx), e)).magnitude < 1e-4 * max(1, left.magnitude))
      let right = inner(doubles(g), reference(doubles(x), f))
      #expect((right - inner(doubles(dw), f)).magnitude < 1e-4 * max(1, right.magnitude))
    }
  }

  @Test("convolution gives the same bits for any number of threads")
  func threads() {
    let s = Self.shapes[5]
    let x = Numbers.some(s.batch * s.height * s.width * s.inputs, seed: 1)
    let w = Numbers.some(4 * s.inputs * s.outputs, seed: 2)
    let g = Numbers.some(s.batch * s.outHeight * s.outWidth * s.outputs, seed: 4)
    let results = [1, 3].map { threads in
      withThreads(threads) { () -> [Float] in
        var dx = [Float](repeating: 0, count: x.count)
        var dw = [Float](repeating: 0, count: w.count)
        dx.withUnsafeMutableBufferPointer {
          Convolution.backward(s, g, x, weights: w, dx: $0.baseAddress, dWeights: &dw)
        }
        return dx + dw
      }
    }
    #expect(results[0] == results[1])
  }

  @Test("pooling takes the mean or the largest of each window, and sends gradients back")
  func pooling() {
    for (window, step, channels) in [(2, 2, 3), (3, 2, 17), (2, 1, 5)] {
      let s = PoolingShape(
        batch: 2, height: 5, width: 6, channels: channels, window: window, stride: step)
      let x = Numbers.some(2 * 5 * 6 * channels, seed: 1)
      let count = 2 * s.outHeight * s.outWidth * channels
      let g = Numbers.some(count, seed: 2)
      var (means, most) = (
        [Float](repeating: 7, count: count), [Float](repeating: 7, count: count)
      )
      Pooling.mean(s, x, &means)
      Pooling.max(s, x, &most)
      var (dMean, dMax) = (
        [Double](repeating: 0, count: x.count), [Double](repeating: 0, count: x.count)
      )
      for out in 0..<count {
        let (c, j) = (out % channels, out / channels % s.outWidth)
        let i = out / channels / s.outWidth % s.outHeight
        let b = out / channels / s.outWidth / s.outHeight
        let places = (0..<window * window).map {
          ((b * 5 + i * step + $0 / window) * 6 + j * step + $0 % window) * channels + c
        }
        let values = places.map { x[$0] }
        #expect(most[out] == values.max())
        let mean = doubles(values).reduce(0, +) / Double(values.count)
        #expect((Double(means[out]) - mean).magnitude < 1e-6)
        for place in places { dMean[place] += Double(g[out]) / Double(values.count) }
        dMax[places[values.firstIndex(of: most[out]) ?? 0]] += Double(g[out])
      }
      var dx = [Float](repeating: 7, count: x.count)
      Pooling.meanBackward(s, g, &dx)
      expectClose(dx, dMean, tolerance: 1e-6)
      Pooling.maxBackward(s, g, x, most, &dx)
      expectClose(dx, dMax, tolerance: 1e-6)
    }
  }
}
