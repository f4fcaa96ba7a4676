import Foundation
import Tensors
import Testing

/// A wrong call, and the sentence that the program must end with.
struct Mistake: Sendable, CustomTestStringConvertible {
  let sentence: String
  let call: @Sendable () -> Void

  init(_ sentence: String, _ call: @escaping @Sendable () -> Void) {
    (self.sentence, self.call) = (sentence, call)
  }

  var testDescription: String { sentence }
}

@Suite("Mistakes stop with the operation and the shapes") struct MistakeTests {
  @Test("one sentence for each", arguments: rows.indices)
  func stops(index: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [index] in
      MistakeTests.rows[index].call()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(": " + Self.rows[index].sentence), "\(text.prefix(300))")
  }

  @Test("every sentence of the sources is in the table")
  func isComplete() throws {
    for (file, sentence) in try TensorSources.sentences() {
      let words = sentence.split(separator: TensorSources.value)
      let isKnown = (Self.rows.map { $0.sentence } + Self.testedElsewhere).contains { row in
        var rest = row[...]
        return words.allSatisfy { word in
          guard let range = rest.range(of: word) else { return false }
          rest = rest[range.upperBound...]
          return true
        }
      }
      #expect(isKnown, "\(file): \(sentence)")
    }
  }

  /// Sentences that tests of their own read.
  static let testedElsewhere = [
    "ntXent: row 0 of [2, 4] has partner 0, which is not mutual",
    "ntXent: 3 partners for [2, 4]",
  ]
}
