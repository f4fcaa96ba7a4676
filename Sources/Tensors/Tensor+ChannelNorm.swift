import Kernels

extension Tensor {
  /// Group normalisation: channels of one image in groups, each brought to mean 0 and variance 1
  /// over its channels and all positions, then γ·x + β for each channel.
  ///
  /// - Parameters:
  ///   - groups: divides the channels.
  ///   - gamma: γ, `[C]`.
  ///   - beta: β, `[C]`.
  ///   - epsilon: added to the variance.
  ///   - isRelu: apply max(·, 0) in the same pass.
  /// - Returns: the shape of this tensor, `[N, …, C]`.
  /// - Precondition: at least two axes, parameters `[C]`, and groups that divide C.
  /// - Source: Wu and He 2018, arXiv:1803.08494.
  public func groupNorm(
    groups: Int, gamma: Tensor, beta: Tensor, epsilon: Float = 1e-5, isRelu: Bool = false
  ) -> Tensor {
    if rank < 2 { fail("groupNorm: \(shape) has no channels beside its images") }
    let (images, channels) = (shape[0], shape[-1])
    checkChannels("groupNorm", gamma, beta)
    if groups < 1 || channels % groups != 0 {
      fail("groupNorm: \(channels) channels of \(shape) do not divide into \(groups) groups")
    }
    let positions = shape.axes(1, rank - 1).elementCount
    let x = stopGradient()
    let scale = gamma.stopGradient()
    let mean = Tensor(uninitialized: [images, groups])
    let inverse = Tensor(uninitialized: [images, groups])
    let y = Tensor(shape, from: x, gamma, beta) { y, x, gamma, beta in
      ChannelNorm.group(
        x, gamma: gamma, beta: beta, groups: groups, epsilon: epsilon, isRelu: isRelu, y,
        mean: mean.storage.pointer, inverse: inverse.storage.pointer, images: images,
        positions: positions, channels: channels)
    }
    return y.recorded(
      "groupNorm", self, gamma, beta,
      backward: { gradient, node in
        let (dGamma, dBeta) = (
          Tensor(uninitialized: [channels]), Tensor(uninitialized: [channels])
        )
        gradient.replace(with: x) { dx, g, x in
          withExtendedLifetime((y.storage, scale.storage, mean.storage, inverse.storage)) {
            ChannelNorm.groupBackward(
              g, x, y.pointer, gamma: scale.pointer, groups: groups, isRelu: isRelu,
              mean: mean.pointer,
              inverse: inverse.pointer, dx: dx, dGamma: dGamma.storage.pointer,
              dBeta: dBeta.storage.pointer, images: images, positions: positions,
              channels: channels)
          }
        }
        node.add(0, gradient)
        node.add(1, dGamma)
        node.add(2, dBeta)
      })
  }

  /// Batch normalisation in training: each channel brought to mean 0 and variance 1 over all other
  /// axes, then γ·x + β.
  ///
  /// - Parameters:
  ///   - gamma: γ, `[C]`.
  ///   - beta: β, `[C]`.
  ///   - epsilon: added to the variance.
  ///   - isRelu: apply max(·, 0) in the same pass.
  /// - Returns: the result, `[…, C]`, and the statistics of this batch for running averages: mean
  ///   and variance (divided by the number of rows), `[C]`.
  /// - Precondition: at least one axis, and parameters `[C]`.
  /// - Source: Ioffe and Szegedy 2015, arXiv:1502.03167.
  public func batchNorm(
    gamma: Tensor, beta: Tensor, epsilon: Float = 1e-5, isRelu: Bool = false
  ) -> (output: Tensor, mean: Tensor, variance: Tensor) {
    checkChannels("batchNorm", gamma, beta)
    let (rows, channels) = shape.rowsAndColumns
    let x = stopGradient()
    let scale = gamma.stopGradient()
    let (mean, variance) = (Tensor(uninitialized: [channels]), Tensor(uninitialized: [channels]))
    let y = Tensor(shape, from: x, gamma, beta) { y, x, gamma, beta in
      ChannelNorm.batch(
        x, gamma: gamma, beta: beta, epsilon: epsilon, isRelu: isRelu, y,
        mean: mean.storage.pointer, variance: variance.storage.pointer, rows: rows,
        channels: channels)
    }
    let result = y.recorded(
      "batchNorm", self, gamma, beta,
      backward: { gradient, node in
        let (dGamma, dBeta) = (
          Tensor(uninitialized: [channels]), Tensor(uninitialized: [channels])
        )
        gradient.replace(with: x) { dx, g, x in
          withExtendedLifetime((y.storage, scale.storage, mean.storage, variance.storage)) {
            ChannelNorm.batchBackward(
              g, x, y.pointer, gamma: scale.pointer, epsilon: epsilon, isRelu: isRelu,
              mean: mean.pointer, variance: variance.pointer, dx: dx,
              dGamma: dGamma.storage.pointer, dBeta: dBeta.storage.pointer, rows: rows,
              channels: channels)
          }
        }
        node.add(0, gradient)
        node.add(1, dGamma)
        node.add(2, dBeta)
      })
    return (result, mean, variance)
  }

  private func checkChannels(_ operation: StaticString, _ gamma: Tensor, _ beta: Tensor) {
    if rank == 0 { fail("\(operation): [] has no channels") }
    if gamma.shape != [shape[-1]] as Shape || beta.shape != gamma.shape {
      fail("\(operation): \(shape) with γ \(gamma.shape) and β \(beta.shape): needs [\(shape[-1])]")
    }
  }
}
