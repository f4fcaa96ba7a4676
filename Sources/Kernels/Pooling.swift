// Pooling of channels-last images: the mean or the largest of each window, and of each image.

/// The sizes of a pooling: square windows without padding.
public struct PoolingShape: Sendable {
  public var batch: Int
  public var height: Int
  public var width: Int
  public var channels: Int
  public var window: Int
  public var stride: Int

  public init(batch: Int, height: Int, width: Int, channels: Int, window: Int, stride: Int) {
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
    self.window = window
    self.stride = stride
  }

  public var outHeight: Int { max(0, (height - window) / stride + 1) }
  public var outWidth: Int { max(0, (width - window) / stride + 1) }
  fileprivate var imageSize: Int { height &* width &* channels }
  fileprivate var outSize: Int { outHeight &* outWidth &* channels }
}

/// Pooling of images batch x height x width x channels.
public enum Pooling {
  /// y = the mean of each window.
  @inline(never)
  public static func mean(_ s: PoolingShape, _ x: Floats, _ y: MutableFloats) {
    let share = V(repeating: 1 / Float(s.window * s.window))
    overWindows(s) { place, out in
      let y = y + out
      y.update(repeating: 0, count: s.channels)
      inWindow(s, place) { mapRange(s.channels, y, x + $0, y) { $0 + $1 } }
      mapRange(s.channels, y, y) { $0 * share }
    }
  }

  /// dx = each window's gradient, shared evenly.
  @inline(never)
  public static func meanBackward(_ s: PoolingShape, _ g: Floats, _ dx: MutableFloats) {
    let share = V(repeating: 1 / Float(s.window * s.window))
    dx.update(repeating: 0, count: s.batch &* s.imageSize)
    overWindows(s) { place, out in
      inWindow(s, place) {
        let dx = dx + $0
        mapRange(s.channels, dx, g + out, dx) { dx, g in fma(g, share, dx) }
      }
    }
  }

  /// y = the largest of each window; a NaN wins.
  @inline(never)
  public static func max(_ s: PoolingShape, _ x: Floats, _ y: MutableFloats) {
    overWindows(s) { place, out in
      let y = y + out
      y.update(repeating: -.infinity, count: s.channels)
      inWindow(s, place) { mapRange(s.channels, y, x + $0, y, largerOrNaN) }
    }
  }

  /// dx = each window's gradient at its largest number, the first of equals.
  @inline(never)
  public static func maxBackward(
    _ s: PoolingShape, _ g: Floats, _ x: Floats, _ y: Floats, _ dx: MutableFloats
  ) {
    dx.update(repeating: 0, count: s.batch &* s.imageSize)
    overWindows(s) { place, out in
      for c in 0..<s.channels {
        var isOpen = true
        inWindow(s, place) {
          if isOpen, x[$0 &+ c] == y[out &+ c] {
            dx[$0 &+ c] += g[out &+ c]
            isOpen = false
          }
        }
      }
    }
  }

  @inline(always)
  private static func overWindows(_ s: PoolingShape, _ body: (Int, Int) -> Void) {
    overRows(s.batch, s.imageSize) { image in
      var out = image &* s.outSize
      for row in 0..<s.outHeight {
        for column in 0..<s.outWidth {
          let top = (image &* s.height &+ row &* s.stride) &* s.width
          body((top &+ column &* s.stride) &* s.channels, out)
          out &+= s.channels
        }
      }
    }
  }

  @inline(always)
  private static func inWindow(_ s: PoolingShape, _ place: Int, _ body: (Int) -> Void) {
    for row in 0..<s.window {
      for column in 0..<s.window {
        body(place &+ (row &* s.width &+ column) &* s.channels)
      }
    }
  }
}
