import Tensors

/// Which patches of each image of a batch are visible: for each image an order of its patches, of
/// which the first ones are shown and the others hidden.
///
/// - Source: He et al. 2022, section 3, arXiv:2111.06377.
public struct PatchMask: Sendable, Equatable {
  /// `[B][L]`: a permutation of the patches for each image; the first `visibleCount` are visible.
  public let order: [[Int]]
  /// How many patches of each image are visible.
  public let visibleCount: Int

  /// - Precondition: permutations of one length, and no more visible patches than there are.
  public init(order: [[Int]], visibleCount: Int) {
    let length = order.first?.count ?? 0
    if visibleCount < 0 || visibleCount > length {
      fail("PatchMask: \(visibleCount) of \(length) patches cannot be visible")
    }
    for (image, list) in order.enumerated() {
      var isNamed = Array(repeating: false, count: length)
      for patch in list where patch >= 0 && patch < length { isNamed[patch] = true }
      if list.count != length || isNamed.contains(false) {
        fail("PatchMask: list \(image) is not a permutation of \(length) patches")
      }
    }
    self.order = order
    self.visibleCount = visibleCount
  }

  /// A mask for each of `images` images, every choice of the hidden patches equally likely.
  ///
  /// - Parameters:
  ///   - images: B.
  ///   - patches: L, the patches of an image.
  ///   - hidden: how many of them are hidden.
  ///   - random: what the orders are drawn from.
  public static func random(
    images: Int, patches: Int, hiding hidden: Int, using random: inout RandomSource
  ) -> PatchMask {
    require(count: images, "PatchMask", "images")
    if hidden < 0 || hidden > patches {
      fail("PatchMask.random: cannot hide \(hidden) of \(patches) patches")
    }
    var order: [[Int]] = []
    order.reserveCapacity(images)
    for _ in 0..<images { order.append(random.permutation(patches)) }
    return PatchMask(order: order, visibleCount: patches - hidden)
  }

  /// The same visible patches in each of `images` images.
  ///
  /// - Precondition: patches from 0 up to L, none of them twice.
  public static func showing(_ visible: [Int], of patches: Int, images: Int) -> PatchMask {
    require(count: images, "PatchMask", "images")
    require(count: patches, "PatchMask", "patches")
    require(visible, below: patches, "PatchMask.showing", "patch")
    var isShown = Array(repeating: false, count: patches)
    for patch in visible {
      if isShown[patch] { fail("PatchMask.showing: patch \(patch) of \(patches) is named twice") }
      isShown[patch] = true
    }
    let hidden = (0..<patches).filter { !isShown[$0] }
    return PatchMask(
      order: Array(repeating: visible + hidden, count: images), visibleCount: visible.count)
  }

  /// Nothing hidden.
  public static func none(images: Int, patches: Int) -> PatchMask {
    require(count: images, "PatchMask", "images")
    require(count: patches, "PatchMask", "patches")
    return PatchMask(
      order: Array(repeating: Array(0..<patches), count: images), visibleCount: patches)
  }

  /// B.
  public var images: Int { order.count }
  /// L.
  public var patches: Int { order.first?.count ?? 0 }
  /// How many patches of each image are hidden.
  public var hiddenCount: Int { patches - visibleCount }

  /// `[B][visibleCount]`.
  public var visible: [[Int]] { order.map { Array($0.prefix(visibleCount)) } }
  /// `[B][hiddenCount]`.
  public var hidden: [[Int]] { order.map { Array($0.dropFirst(visibleCount)) } }

  /// `[B][L]`: where each patch stands in `order`. Rows gathered by `order` and then by this are in
  /// their places again.
  public var restoreOrder: [[Int]] {
    order.map { list in
      var place = list
      for (rank, patch) in list.enumerated() { place[patch] = rank }
      return place
    }
  }

  /// `[B, L]`: 1 where a patch is hidden, else 0.
  public var hiddenFlags: Tensor {
    var flags = Array(repeating: Float(0), count: images * patches)
    for (image, list) in order.enumerated() {
      for patch in list.dropFirst(visibleCount) { flags[image * patches + patch] = 1 }
    }
    return Tensor(flags, shape: [images, patches])
  }
}
