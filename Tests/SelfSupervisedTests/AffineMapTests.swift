import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Affine maps of images") struct AffineMapTests {
  static let cases = [
    AffineMap(rotation: 30), AffineMap(scale: 1.3), AffineMap(shear: 0.4),
    AffineMap(right: 1.25, down: -2),
    AffineMap(rotation: -40, scale: 0.8, shear: 0.2, right: 0.5, down: 1.5),
  ]

  @Test("agree with PyTorch", arguments: cases.indices) func torch(index: Int) throws {
    let fixture = try TorchFixture("affine")
    let images = try fixture.tensor("images")
    let expected = try fixture.numbers("case.\(index)")
    expectClose(Self.cases[index](images).elements, expected, within: 2e-6)
    // As rows, and with channels.
    expectClose(Self.cases[index](images.reshaped([2, 64])).elements, expected, within: 2e-6)
    expectClose(Self.cases[index](images.reshaped([2, 8, 8, 1])).elements, expected, within: 2e-6)
  }

  @Test("nothing named changes nothing; whole moves and quarter turns are exact") func exact() {
    let image = Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9]).reshaped([1, 9])
    #expect(AffineMap()(image) == image)
    #expect(AffineMap(right: 1)(image).elements == [0, 1, 2, 0, 4, 5, 0, 7, 8])
    #expect(AffineMap(down: 1)(image).elements == [0, 0, 0, 1, 2, 3, 4, 5, 6])
    // Counterclockwise: what was on the right is on top.
    expectClose(
      AffineMap(rotation: 90)(image).elements, [3, 6, 9, 2, 5, 8, 1, 4, 7], within: 1e-6)
    #expect(AffineMap(right: 99)(image).elements == Array(repeating: 0, count: 9))
  }

  @Test("opposite moves and turns undo each other inside") func inverse() {
    var random = RandomSource(seed: 1)
    let image = Tensor.normal([1, 5, 7], using: &random)
    let back = AffineMap(right: -2, down: 1)(AffineMap(right: 2, down: -1)(image))
    #expect(back.elements[7..<12] == image.elements[7..<12])
    let turned = AffineMap(rotation: -180)(AffineMap(rotation: 180)(image))
    expectClose(turned.elements, [Double](image), within: 1e-5)
  }

  @Test("of a slope: sizes, slants and turns as the formula says") func slope() {
    // x(d) = column: the mean of neighbours is exact inside.
    let image = Tensor((0..<81).map { Float($0 % 9) }).reshaped([1, 9, 9])
    let centre = 4 * 9 + 4
    let map = AffineMap(rotation: 20, scale: 2, shear: 0.3, right: 0.5, down: 0.25)
    let out = map(image).elements
    let angle = 20 * Double.pi / 180
    for (dx, dy) in [(0, 0), (2, 1), (-3, 2)] {
      let found = Double(out[centre + 9 * dy + dx])
      let turned = cos(angle) * Double(dx) + (0.3 * cos(angle) - sin(angle)) * Double(dy)
      #expect(isClose(found, 4 + turned / 2 - 0.5, within: 1e-5))
    }
  }

  @Test("NaN in gives NaN out, in its image alone") func notANumber() {
    let images = Tensor([[.nan, 1, 1, 1], [1, 1, 1, 1]])
    let out = AffineMap(right: 0.5)(images)
    #expect(out[0].elements.contains { $0.isNaN } && !out[1].elements.contains { $0.isNaN })
  }

  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      AffineMapTests.rows[index].call()
    }
    expectStopped(result, Self.rows[index])
  }

  static let rows: [Mistake] = [
    Mistake("AffineMap: nan is not a finite number") { _ = AffineMap(rotation: .nan) },
    Mistake("AffineMap: inf is not a finite number") { _ = AffineMap(down: .infinity) },
    Mistake("AffineMap: scale 0.0 is not above 0") { _ = AffineMap(scale: 0) },
    Mistake("ImageAugmentation: rows of [2, 3] are not square images") {
      _ = AffineMap()(.ones([2, 3]))
    },
  ]
}
