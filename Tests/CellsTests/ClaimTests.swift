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
      claim("one and one", 1 + 1 == 2, line: 7, column: 3)
      claim("is \"three\"", 1 + 1 == 3, line: 8, column: 5)
    }
    let claims = claims(result)
    #expect(
      claims == [
        .init(line: 7, column: 3, sentence: "one and one", test: .condition(true)),
        .init(line: 8, column: 5, sentence: "is \"three\"", test: .condition(false)),
      ])
  }

  @Test("a comparison is reported with its numbers, which the tool judges") func numbers() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      connect()
      claim("near", 1.25, equals: 1, within: Float(0.5), line: 1, column: 1)
      claim("exact", Int.max, equals: UInt64.max, within: 0, line: 2, column: 1)
    }
    #expect(
      claims(result).map(\.test) == [
        .comparison(
          measured: .init(1.25, spacing: 0x1p-52), stated: .init(1, spacing: 0, integer: 1),
          tolerance: 0.5),
        .comparison(
          measured: .init(0x1p63, spacing: 0, integer: Int128(Int.max)),
          stated: .init(0x1p64, spacing: 0, integer: Int128(UInt64.max)), tolerance: 0),
      ])
  }
}
