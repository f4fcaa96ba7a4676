import Tensors
import TestSupport
import Testing

@Suite("Chance at its edges") struct ChanceTests {
  @Test("integers are even over ranges wider than 2³²") func wideRanges() {
    var random = RandomSource(seed: 1)
    let width = 3 << 61
    var counts = [0, 0, 0]
    for _ in 0..<30_000 { counts[random.integer(in: 0..<width) / (1 << 61)] += 1 }
    // Four standard deviations of a third.
    for count in counts { #expect((count - 10_000).magnitude < 330, "\(counts)") }
    var signs = 0
    for _ in 0..<10_000 where random.integer(in: Int.min..<Int.max) < 0 { signs += 1 }
    #expect((signs - 5000).magnitude < 200)
    for _ in 0..<100 {
      let near = random.integer(in: (Int.max - 3)..<Int.max)
      #expect((Int.max - 3..<Int.max).contains(near))
    }
  }

  @Test("a probability below 2⁻³² is met as rarely as it says") func rare() {
    var random = RandomSource(seed: 2)
    let count = 1 << 22
    #expect(
      Tensor.bernoulli([count], probability: 1e-12, using: &random).sum().scalar == 0)
    #expect(Tensor.bernoulli([count], probability: 0, using: &random).sum().scalar == 0)
    #expect(
      Tensor.bernoulli([count], probability: 1, using: &random).sum().scalar == Float(count))
    // 2⁻²² expects one of the 2²², 2⁻²⁷ thirty-two times fewer: drawn 32 times.
    var ones = 0
    for _ in 0..<32 {
      ones += Int(Tensor.bernoulli([count], probability: 0x1p-22, using: &random).sum().scalar)
    }
    #expect((12...56).contains(ones), "\(ones)")
  }

  @Test("numbers of a range wider than a float are in it, on both sides") func widest() {
    var random = RandomSource(seed: 3)
    let range = -Float.greatestFiniteMagnitude..<Float.greatestFiniteMagnitude
    let drawn = (0..<200).map { _ in random.uniform(in: range) }
    #expect(drawn.allSatisfy { range.contains($0) })
    #expect(drawn.contains { $0 > 1e38 } && drawn.contains { $0 < -1e38 })
  }
}

@Suite("Sizes at their edges") struct SizeTests {
  @Test("a diagonal beyond the matrix keeps all or nothing", arguments: [Int.min, -4, 4, Int.max])
  func triangles(diagonal: Int) {
    let x = Tensor.ones([3, 4])
    #expect(x.lowerTriangle(diagonal: diagonal) == (diagonal < 0 ? .zeros([3, 4]) : x))
  }
}
