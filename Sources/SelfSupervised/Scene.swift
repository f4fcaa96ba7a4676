import Tensors

/// A made-up picture: one colored shape at one of four places on a dark or a light ground.
///
/// There are 4 shapes × 6 colors × 4 places × 2 grounds = 192 scenes. Of the 96 combinations of
/// shape, color and place, those whose numbers add up to a multiple of 5 are held out of training.
public struct Scene: Sendable, Equatable {
  /// 0..<4: square, disc, cross, triangle.
  public var shape: Int
  /// 0..<6: red, green, blue, yellow, purple, cyan.
  public var color: Int
  /// 0..<4: upper left, upper right, lower left, lower right.
  public var place: Int
  /// 0..<2: dark, light.
  public var ground: Int

  /// How many scenes there are.
  public static let count = 192
  /// Pictures are `side` × `side` pixels of red, green and blue.
  public static let side = 12

  /// The scene of four attributes.
  public init(shape: Int, color: Int, place: Int, ground: Int) {
    let isKnown = 0..<4 ~= shape && 0..<6 ~= color && 0..<4 ~= place && 0..<2 ~= ground
    if !isKnown { fail("Scene: no attributes \(shape), \(color), \(place), \(ground)") }
    (self.shape, self.color, self.place, self.ground) = (shape, color, place, ground)
  }

  /// The scene of a number in 0..<192, the inverse of ``number``.
  public init(number: Int) {
    require([number], below: Scene.count, "Scene", "number")
    self.init(
      shape: number / 48, color: number / 8 % 6, place: number / 2 % 4, ground: number % 2)
  }

  /// 48·shape + 8·color + 2·place + ground.
  public var number: Int { 48 * shape + 8 * color + 2 * place + ground }

  /// Whether training never shows this combination of shape, color and place.
  public var isHeldOut: Bool { (shape + color + place) % 5 == 0 }

  /// Which scenes are drawn.
  public enum Split: Sendable {
    /// Scenes that training may show.
    case training
    /// Scenes whose combination of shape, color and place is held out.
    case heldOut
    /// Both.
    case all
  }

  /// Scenes drawn independently, each of the split equally likely.
  public static func drawn(_ count: Int, from split: Split, using random: inout RandomSource)
    -> [Scene]
  {
    require(count: count, "Scene.drawn", "scenes")
    var result: [Scene] = []
    while result.count < count {
      let scene = Scene(number: random.integer(in: 0..<Scene.count))
      if split == .all || (split == .heldOut) == scene.isHeldOut { result.append(scene) }
    }
    return result
  }

  /// Pictures of scenes, `[scenes.count, 12, 12, 3]`. No two are alike: brightness of the ground,
  /// tint, place to within a pixel, and the noise of every value are drawn anew.
  public static func pictures(
    _ scenes: [Scene], noise: Float = 0.08, using random: inout RandomSource
  ) -> Tensor {
    let size = side * side * 3
    var values = [Float](repeating: 0, count: scenes.count * size)
    for (index, scene) in scenes.enumerated() { scene.draw(&values, at: index * size, &random) }
    let clean = Tensor(values, shape: [scenes.count, side, side, 3])
    if noise == 0 { return clean }
    return clean + Tensor.normal(clean.shape, standardDeviation: noise, using: &random)
  }

  private static let paints: [Float] = [
    0.85, 0.10, 0.10, 0.10, 0.70, 0.15, 0.15, 0.20, 0.90, 0.85, 0.80, 0.10, 0.65, 0.15, 0.75,
    0.10, 0.75, 0.80,
  ]

  private func draw(_ values: inout [Float], at start: Int, _ random: inout RandomSource) {
    let side = Scene.side
    let grey = ground == 0 ? random.uniform(in: 0..<0.25) : random.uniform(in: 0.7..<0.95)
    for i in 0..<side * side * 3 { values[start + i] = grey }
    var paint: [Float] = []
    for channel in 0..<3 {
      let tint = Scene.paints[3 * color + channel] + random.uniform(in: -0.08..<0.08)
      paint.append(min(1, max(0, tint)))
    }
    // The shape's centre: two or three pixels from the corner's edges, or seven or eight.
    let row = (place < 2 ? 2 : 7) + random.integer(in: 0..<2)
    let column = (place % 2 == 0 ? 2 : 7) + random.integer(in: 0..<2)
    for y in -2...2 {
      for x in -2...2 where covers(x, y) {
        let pixel = start + 3 * ((row + y) * side + column + x)
        for channel in 0..<3 { values[pixel + channel] = paint[channel] }
      }
    }
  }

  /// Whether the shape covers the pixel x to the right of its centre and y below it.
  private func covers(_ x: Int, _ y: Int) -> Bool {
    switch shape {
    case 0: true
    case 1: x * x + y * y <= 5
    case 2: x == 0 || y == 0
    default: 2 * abs(x) <= y + 2
    }
  }
}
