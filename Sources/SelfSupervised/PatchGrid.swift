import Tensors

/// An image cut into square patches, row by row.
public struct PatchGrid: Sendable, Equatable {
  /// Pixels along one side of the image.
  public let side: Int
  /// P: pixels along one side of a patch.
  public let patchSize: Int

  /// A grid of patches of P × P pixels; stops unless they tile the side.
  public init(side: Int, patchSize: Int) {
    if patchSize < 1 || side < 1 || side > 32_768 || side % patchSize != 0 {
      fail(
        "PatchGrid: patches of \(patchSize) do not tile a side of \(side) pixels, 32768 at most")
    }
    self.side = side
    self.patchSize = patchSize
  }

  /// Patches along one side.
  public var across: Int { side / patchSize }
  /// L: patches in the image.
  public var count: Int { across * across }

  /// The pixels of a patch, as indices into the image's rows laid end to end.
  ///
  /// - Precondition: a patch of the grid.
  public func pixels(of patch: Int) -> [Int] {
    require([patch], below: count, "PatchGrid.pixels", "patch")
    let top = patch / across * patchSize
    let left = patch % across * patchSize
    var result: [Int] = []
    for y in top..<top + patchSize {
      for x in left..<left + patchSize { result.append(y * side + x) }
    }
    return result
  }

  /// The pixels of several patches, in increasing order.
  public func pixels(of patches: [Int]) -> [Int] {
    patches.flatMap { pixels(of: $0) }.sorted()
  }

  /// The patches that stay visible when `hidden` of them, chosen uniformly, are taken away.
  ///
  /// - Source: He et al. 2022, section 3, arXiv:2111.06377.
  public func randomVisible(
    hiding hidden: Int, using random: inout some RandomNumberGenerator
  ) -> [Int] {
    if hidden < 0 || hidden > count {
      fail("PatchGrid: cannot hide \(hidden) of \(count) patches")
    }
    return Array((0..<count).shuffled(using: &random).prefix(count - hidden)).sorted()
  }
}
