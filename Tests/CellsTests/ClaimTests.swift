import Cells
import Foundation
import Testing
import Transcript

@Suite("Claims of a cell") struct ClaimTests {
  private func claims(_ result: ExitTest.Result?) -> [Event.Claim] {
    events(result).compactMap { if case .claim(let claim) = $0 { claim } else { nil } }
  }

  @Test("a condition is reported with its sentence and line") func condition() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      connect()
      claim("one and one", 1 + 1 == 2, line: 7)
      claim("is \"three\"", 1 + 1 == 3, line: 8)
    }
    let claims = claims(result)
    #expect(
      claims.map { "\($0.line) \($0.sentence) \($0.held)" } == [
        "7 one and one true", "8 is \"three\" false",
      ])
    #expect(claims.allSatisfy { $0.relation == .holds && $0.item == nil && $0.measured.isNaN })
  }

  @Test("a value holds within its tolerance and one unit in the last place") func equality() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      connect()
      claim("inside", 1.25, equals: 1, within: 0.25)
      claim("outside", 1.26, equals: 1, within: 0.25)
      claim("rounding", 0.1 + 0.2, equals: 0.3, within: 0)
      claim("exact", 3, equals: 3, within: 0)
      claim("next integer", 3, equals: 4, within: 0)
      claim("of floats", Float(0.1), equals: 0.1, within: 0)
      claim("infinite", Double.infinity, equals: Double.infinity, within: 0)
      claim("both ends", Double.infinity, equals: -Double.infinity, within: 1)
      claim("NaN", Double.nan, equals: Double.nan, within: 1)
    }
    let claims = claims(result)
    #expect(
      claims.map { "\($0.held ? "✓" : "✗") \($0.sentence)" } == [
        "✓ inside", "✗ outside", "✓ rounding", "✓ exact", "✗ next integer", "✓ of floats",
        "✓ infinite", "✗ both ends", "✗ NaN",
      ])
    #expect(claims.first?.relation == .approximately && claims.first?.tolerance == 0.25)
    #expect(claims.first?.measured == 1.25 && claims.first?.stated == 1)
    #expect(claims.count > 3 && claims[3].relation == .equal)
  }
}
