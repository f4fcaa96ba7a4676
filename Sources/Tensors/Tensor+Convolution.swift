import Kernels

// Images are channels last, `[N, H, W, C]`: the channels of a pixel lie side by side, so a patch
// is a few long runs and a vector holds neighbouring channels.

extension Tensor {
  /// A two-dimensional convolution (cross-correlation, as everywhere in the field).
  ///
  /// - Parameters:
  ///   - weights: `[kernel height, kernel width, C, outputs]`.
  ///   - bias: `[outputs]`, or none.
  ///   - stride: the step of the kernel in both directions, 1 or more.
  ///   - padding: zeros put around each image.
  /// - Returns: `[N, H′, W′, outputs]` with H′ = (H + 2·padding − kernel height)/stride + 1,
  ///   rounded down.
  /// - Precondition: this is `[N, H, W, C]`, and the kernel fits into the padded image.
  public func conv2d(
    _ weights: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0
  ) -> Tensor {
    if rank != 4 || weights.rank != 4 || shape[3] != weights.shape[2] {
      fail(
        "conv2d: \(shape) and \(weights.shape): needs [N, H, W, C] and [height, width, C, outputs]")
    }
    let (n, h, w, c) = shape4
    let (kh, kw, _, outputs) = weights.shape4
    let isPadding = padding >= 0 && padding <= Int(Int32.max) / 4
    if stride < 1 || !isPadding || h + 2 * padding < kh || w + 2 * padding < kw {
      fail("conv2d: \(weights.shape) on \(shape) with stride \(stride), padding \(padding)")
    }
    if let bias, bias.shape != [outputs] as Shape {
      fail("conv2d: bias \(bias.shape) for \(weights.shape): needs \(outputs) numbers")
    }
    let plan = ConvolutionShape(
      batch: n, height: h, width: w, inputs: c, outputs: outputs, kernelHeight: kh,
      kernelWidth: kw, stride: stride, padding: padding)
    let (x, kernel) = (stopGradient(), weights.stopGradient())
    let result = Tensor(
      [n, plan.outHeight, plan.outWidth, outputs], from: x, kernel, bias ?? kernel
    ) { y, x, weights, b in
      Convolution.forward(
        plan, x, weights: weights, y, end: ProductEnd(bias: bias == nil ? nil : b))
    }
    return result.recorded(
      "conv2d", self, weights, bias ?? Tensor(0),
      backward: { gradient, node in
        if node.needs(2) {
          let rows = n * plan.outHeight * plan.outWidth
          node.add(
            2,
            Tensor([outputs], from: gradient) { y, g in
              Reduce.columnSums(g, rows: rows, columns: outputs, y)
            })
        }
        let dx = node.needs(0) ? Tensor(uninitialized: x.shape) : nil
        let dWeights = Tensor(kernel.shape, from: gradient, x, kernel) { dw, g, x, weights in
          Convolution.backward(
            plan, g, x, weights: weights, dx: dx?.storage.pointer, dWeights: dw)
        }
        node.add(1, dWeights)
        if let dx { node.add(0, dx) }
      })
  }

  private func pooling(_ operation: StaticString, _ window: Int, _ stride: Int?) -> PoolingShape {
    requireRank(4, operation)
    let (n, h, w, c) = shape4
    let step = stride ?? window
    if window < 1 || step < 1 || window > h || window > w {
      fail("\(operation): window \(window), stride \(step) on \(shape)")
    }
    return PoolingShape(
      batch: n, height: h, width: w, channels: c, window: window, stride: step)
  }

  /// The largest of each square window, `[N, H′, W′, C]`; its gradient goes to the first of equals.
  ///
  /// - Parameters:
  ///   - window: the window's side.
  ///   - stride: the window's step; its side if nil.
  /// - Precondition: this is `[N, H, W, C]`, and the window fits into the image.
  public func maxPooled(window: Int, stride: Int? = nil) -> Tensor {
    let plan = pooling("maxPooled", window, stride)
    let x = stopGradient()
    let y = Tensor([shape[0], plan.outHeight, plan.outWidth, shape[3]], from: x) { y, x in
      Pooling.max(plan, x, y)
    }
    return y.recorded(
      "maxPooled", self,
      backward: { gradient, node in
        node.add(
          0,
          Tensor(x.shape, from: gradient, x, y) { dx, g, x, y in
            Pooling.maxBackward(plan, g, x, y, dx)
          })
      })
  }

  /// The mean of each square window, `[N, H′, W′, C]`.
  ///
  /// - Parameters:
  ///   - window: the window's side.
  ///   - stride: the window's step; its side if nil.
  /// - Precondition: this is `[N, H, W, C]`, and the window fits into the image.
  public func averagePooled(window: Int, stride: Int? = nil) -> Tensor {
    let plan = pooling("averagePooled", window, stride)
    let source = shape
    let y = Tensor([shape[0], plan.outHeight, plan.outWidth, shape[3]], from: self) { y, x in
      Pooling.mean(plan, x, y)
    }
    return y.recorded(
      "averagePooled", self,
      backward: { gradient, node in
        node.add(
          0, Tensor(source, from: gradient) { dx, g in Pooling.meanBackward(plan, g, dx) })
      })
  }
}
