import SelfSupervised
import Tensors
import TestSupport
import Testing

@Suite("Seeds and draws") struct SeedsAndDrawsTests {
  @Test("Student's quantiles are those of the tables")
  func quantiles() {
    // Fisher and Yates, table III.
    let table: [(Int, Double, Double)] = [
      (1, 0.95, 12.706), (2, 0.95, 4.303), (3, 0.95, 3.182), (4, 0.95, 2.776), (5, 0.99, 4.032),
      (8, 0.9, 1.860), (30, 0.95, 2.042), (120, 0.95, 1.980),
    ]
    for (freedom, confidence, value) in table {
      let found = studentQuantile(confidence: confidence, degreesOfFreedom: freedom)
      #expect(isClose(found, value, within: 5.1e-4), "\(freedom): \(found)")
    }
    // ν = 1 is Cauchy's law, ν = 2 has t = p √(2/(1 − p²)).
    #expect(isClose(studentQuantile(confidence: 0.5, degreesOfFreedom: 1), 1, within: 1e-12))
    #expect(
      isClose(
        studentQuantile(confidence: 0.8, degreesOfFreedom: 2), 0.8 * sqrt(2 / 0.36), within: 1e-12))
  }

  @Test("one seed, or one draw, has the standard error of a mean") func single() {
    let draws = SeedsAndDraws([[0.8, 0.9, 0.85, 0.95]])
    let variance = (0.075 * 0.075 + 0.025 * 0.025) * 2 / 3
    #expect(isClose(draws.mean, 0.875))
    #expect(isClose(draws.standardError, sqrt(variance / 4)))
    #expect(draws.degreesOfFreedom == 3)
    #expect(isClose(draws.margin(), 3.182 * sqrt(variance / 4), within: 1e-4))
    let seeds = SeedsAndDraws([[0.8], [0.9], [0.85], [0.95]])
    #expect(isClose(seeds.standardError, draws.standardError))
    #expect(SeedsAndDraws([[0.5]]).margin().isNaN)
  }

  @Test("parts of seeds, draws and rest as plain loops") func loops() {
    let x = [[1.0, 2, 4], [3, 2, 7]]
    let values = SeedsAndDraws(x)
    let mean = 19.0 / 6
    let (seed, draw) = ([7.0 / 3, 4], [2.0, 2, 5.5])
    var (ms, md, mr) = (0.0, 0.0, 0.0)
    for i in 0..<2 { ms += 3 * pow(seed[i] - mean, 2) }
    for j in 0..<3 { md += 2 * pow(draw[j] - mean, 2) / 2 }
    for i in 0..<2 { for j in 0..<3 { mr += pow(x[i][j] - seed[i] - draw[j] + mean, 2) / 2 } }
    let variance = max(0, (ms - mr) / 3) / 2 + max(0, (md - mr) / 2) / 3 + mr / 6
    #expect(isClose(values.mean, mean))
    #expect(isClose(values.standardError, sqrt(variance)))
    let freedom = pow(ms + md - mr, 2) / (ms * ms + md * md / 2 + mr * mr / 2)
    #expect(values.degreesOfFreedom == max(1, Int(freedom)))
  }

  @Test("an interval holds the truth about as often as it says")
  func coverage() {
    var random = RandomSource(seed: 7)
    var held = 0
    for _ in 0..<2000 {
      let seeds = (0..<4).map { _ in 0.02 * Double(random.normal()) }
      let draws = (0..<5).map { _ in 0.02 * Double(random.normal()) }
      let values = SeedsAndDraws(
        seeds.map { s in draws.map { d in 0.9 + s + d + 0.01 * Double(random.normal()) } })
      if (values.mean - 0.9).magnitude < values.margin(confidence: 0.9) { held += 1 }
    }
    // Nine of ten; cautious, as fractions of a degree of freedom are dropped.
    #expect((0.88...0.97).contains(Double(held) / 2000), "\(held)")
  }

  @Test("what both share cancels in a paired difference") func paired() {
    let a = SeedsAndDraws([[0.5, 0.7], [0.6, 0.8]])
    let b = SeedsAndDraws([[0.4, 0.6], [0.5, 0.7]])
    let difference = a.minus(b)
    #expect(isClose(difference.mean, 0.1))
    #expect(isClose(difference.standardError, 0))
    #expect(a.standardError > 0.05)
  }

  @Test("NaN in gives NaN out") func notANumber() {
    let values = SeedsAndDraws([[0.5, .nan], [0.6, 0.8]])
    #expect(values.mean.isNaN && values.standardError.isNaN && values.margin().isNaN)
    #expect(values.degreesOfFreedom == 1)
  }

  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      SeedsAndDrawsTests.rows[index].call()
    }
    expectStopped(result, Self.rows[index])
  }

  static let rows: [Mistake] = [
    Mistake("SeedsAndDraws: 0 seeds of 0 draws hold no value") { _ = SeedsAndDraws([]) },
    Mistake("SeedsAndDraws: 2 seeds of 0 draws hold no value") { _ = SeedsAndDraws([[], []]) },
    Mistake("SeedsAndDraws: seeds of 2 and of 1 draws; all need the same") {
      _ = SeedsAndDraws([[1, 2], [3]])
    },
    Mistake("SeedsAndDraws: 1 × 2 values less 2 × 1") {
      _ = SeedsAndDraws([[1, 2]]).minus(SeedsAndDraws([[1], [2]]))
    },
    Mistake("studentQuantile: confidence 1.0 is not between 0 and 1") {
      _ = studentQuantile(confidence: 1, degreesOfFreedom: 3)
    },
    Mistake("studentQuantile: 0 degrees of freedom are fewer than 1") {
      _ = studentQuantile(confidence: 0.9, degreesOfFreedom: 0)
    },
    Mistake("DigitsProtocol: 0 digits to train on, 297 kept for validation") {
      let image: [UInt8] = [3] + Array(repeating: 0, count: 40)
      if let digits = Digits(packed: Array(repeating: image, count: 500).flatMap { $0 }) {
        _ = DigitsProtocol(digits)
      }
    },
  ]
}

@Suite("The protocol of the digits") struct DigitsProtocolTests {
  @Test("three parts that share no digit") func parts() throws {
    let digits = try bookDigits()
    let judge = DigitsProtocol(digits)
    #expect(judge.training.labels.count == 1000)
    #expect(judge.validation.labels.count == 297)
    #expect(judge.test.labels.count == 500)
    #expect(
      judge.test.labels + judge.validation.labels + judge.training.labels == digits.labels)
    expectClose(judge.validation.images[0].elements, digits.images[500])
    expectClose(judge.training.images[0].elements, digits.images[797])
  }

  @Test("encoders are judged by the same draws; the pixels' baseline is one of its settings")
  func accuracies() throws {
    let judge = DigitsProtocol(try bookDigits())
    let pixels = judge.pixelBaseline(labelsPerClass: 10)
    #expect(pixels.values.count == 1 && pixels.values[0].count == 5)
    #expect(0.86...0.91 ~= pixels.mean, "\(pixels)")
    #expect(pixels.margin() < 0.03)
    let both = judge.linearAccuracies(of: [{ $0 }, { $0 * 1 }], labelsPerClass: 10)
    #expect(both.values[0] == both.values[1])
    #expect(both.mean <= pixels.mean + 0.01)
    #expect(
      judge.linearAccuracies(of: [{ $0 }], labelsPerClass: 10, on: .validation).values
        != judge.linearAccuracies(of: [{ $0 }], labelsPerClass: 10).values)
  }
}
