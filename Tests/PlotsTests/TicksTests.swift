import Plots
import Testing

@Suite("Ticks") struct TicksTests {
  struct Case: Sendable {
    var low: Double
    var high: Double
    var labels: String
    var exponent = 0
    var type: ScaleType = .linear
    var target = 5
  }

  @Test(
    "an axis has the ticks that a person would draw",
    arguments: [
      Case(low: 0, high: 1, labels: "0.0 0.2 0.4 0.6 0.8 1.0"),
      Case(low: 0, high: 10, labels: "0 2 4 6 8 10"),
      Case(low: 0, high: 4.158883, labels: "0 1 2 3 4"),
      Case(low: -1, high: 1, labels: "−1.0 −0.5 0.0 0.5 1.0", target: 4),
      Case(low: 0.3, high: 0.7, labels: "0.3 0.4 0.5 0.6 0.7"),
      Case(low: 99.95, high: 100.05, labels: "99.96 99.98 100.00 100.02 100.04"),
      Case(low: 0, high: 100_000, labels: "0 20 000 40 000 60 000 80 000 100 000"),
      Case(low: 0, high: 5e6, labels: "0 1 2 3 4 5", exponent: 6),
      Case(
        low: 2e-7, high: 2.03e-7, labels: "2.000 2.005 2.010 2.015 2.020 2.025 2.030", exponent: -7,
        target: 6),
      Case(low: 0, high: 4e-300, labels: "0 1 2 3 4", exponent: -300),
      Case(low: -1e308, high: 1e308, labels: "−1.0 −0.5 0.0 0.5 1.0", exponent: 308),
      Case(low: 1, high: 10_000, labels: "1 10 100 1000 10 000", type: .log),
      Case(low: 1e-4, high: 1, labels: "10⁻⁴ 10⁻³ 10⁻² 10⁻¹ 1", type: .log),
      Case(low: 1, high: 20, labels: "1 2 5 10 20", type: .log),
      Case(low: 0.05, high: 2, labels: "0.05 0.1 0.2 0.5 1 2", type: .log),
      Case(low: 2.1, high: 2.9, labels: "2.2 2.4 2.6 2.8", type: .log),
      Case(low: 1e-12, high: 1e12, labels: "10⁻¹⁰ 10⁻⁵ 1 10⁵ 10¹⁰", type: .log),
      Case(low: 2, high: 1024, labels: "4 16 64 256 1024", type: .log2, target: 6),
      Case(low: 2, high: 64, labels: "2 4 8 16 32 64", type: .log2, target: 6),
      Case(low: 1, high: 1_048_576, labels: "2⁰ 2⁵ 2¹⁰ 2¹⁵ 2²⁰", type: .log2),
      Case(low: -1000, high: 1000, labels: "−1000 −10 0 10 1000", type: .symmetricLog),
    ])
  func table(_ entry: Case) {
    let scale = Scale(entry.type, low: entry.low, high: entry.high)
    let ticks = Ticks(for: scale, target: entry.target)
    let labels = ticks.major.map { $0.label.replacing("\u{2009}", with: " ") }
    #expect(labels.joined(separator: " ") == entry.labels)
    #expect(ticks.exponent == entry.exponent)
  }

  @Test("ticks lie inside the axis, in order, and are few, whatever its ends")
  func invariants() {
    var noise = Gallery.Noise(state: 11)
    for _ in 0..<4000 {
      let decade = (noise.uniform() * 600 - 300).rounded()
      let low = (noise.uniform() - 0.5) * Logarithm.powerOfTen(Int(decade))
      let length = noise.uniform() * Logarithm.powerOfTen(Int(decade) - Int(noise.uniform() * 6))
      let high = low + length
      guard low < high else { continue }
      for type in [ScaleType.linear, .symmetricLog, .log, .log2] {
        if low <= 0 && (type == .log || type == .log2) { continue }
        let scale = Scale(type, low: low, high: high)
        let ticks = Ticks(for: scale, target: 6)
        #expect(ticks.major.count <= 20)
        var last = -Double.infinity
        for tick in ticks.major {
          #expect(tick.value > last)
          let fraction = scale.fraction(tick.value)
          #expect(fraction > -0.01 && fraction < 1.01, "\(type) \(low)…\(high): \(tick.value)")
          last = tick.value
        }
      }
    }
  }
}

@Suite("Scales") struct ScaleTests {
  @Test("the ends are 0 and 1, and the middle is where the scale says")
  func middles() {
    #expect(Scale(.linear, low: 2, high: 6).fraction(4) == 0.5)
    #expect(abs(Scale(.log, low: 1, high: 100).fraction(10) - 0.5) < 1e-14)
    #expect(abs(Scale(.log2, low: 2, high: 32).fraction(8) - 0.5) < 1e-14)
    #expect(abs(Scale(.symmetricLog, low: -5, high: 5).fraction(0) - 0.5) < 1e-14)
    #expect(Scale(.linear, low: 2, high: 6, isReversed: true).fraction(2) == 1)
    #expect(Scale(.linear, low: -1e308, high: 1e308).fraction(0) == 0.5)
  }

  @Test("what has no place is NaN")
  func gaps() {
    #expect(Scale(.log, low: 1, high: 100).fraction(0).isNaN)
    #expect(Scale(.log, low: 1, high: 100).fraction(-3).isNaN)
    #expect(Scale(.linear, low: 0, high: 1).fraction(.nan).isNaN)
    #expect(Scale(.linear, low: 0, high: 1).fraction(.infinity).isNaN)
  }

  @Test("an axis opens around a single value, and never has no length")
  func extents() {
    for value in [0, 1, -3, 1e-300, 1e300, -.greatestFiniteMagnitude, .leastNonzeroMagnitude] {
      for type in [ScaleType.linear, .log, .log2, .symmetricLog] {
        var extent = Extent()
        extent.include(value)
        let scale = extent.scale(type, domain: nil, ticks: 5, isVertical: true)
        #expect(scale.low < scale.high, "\(value) \(type)")
        #expect(scale.low.isFinite && scale.high.isFinite)
      }
    }
  }

  @Test("a domain that makes no axis is not followed")
  func domains() {
    var extent = Extent()
    for value in [1.0, 8] { extent.include(value) }
    #expect(extent.scale(.linear, domain: 0...5, ticks: 5, isVertical: true).high == 5)
    #expect(extent.scale(.linear, domain: 3...3, ticks: 5, isVertical: false).high == 8)
    #expect(extent.scale(.log, domain: -1...5, ticks: 5, isVertical: false).low == 1)
    #expect(extent.scale(.linear, domain: 0 ... .infinity, ticks: 5, isVertical: false).high == 8)
  }
}
