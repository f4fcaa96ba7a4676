import Cells
import Foundation
import Tensors
import Testing
import Transcript

@Suite("The frame of a chapter's program") struct ChapterProgramTests {
  @Test("values, claims and steps carry what the tool judges") func measurements() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      connect()
      ChapterProgram.value(0, "word")
      ChapterProgram.value(1, true)
      ChapterProgram.claim(2, Float(0.5))
      ChapterProgram.claim(3, 7)
      ChapterProgram.claim(4, Tensor(0.5))
      ChapterProgram.step(5, 1, [("K", 2), ("x", 0.25), ("of", [1])], 1.5)
    }
    let half = Event.Number(0.5, spacing: Double(Float(0.5).ulp))
    let expected: [Event] = [
      .value(item: 0, text: "word"), .value(item: 1, text: "true"),
      .measured(.init(item: 2, number: half)),
      .measured(.init(item: 3, number: .init(7, spacing: 0, integer: 7))),
      .measured(.init(item: 4, number: half)),
      .measured(
        .init(
          item: 5, index: 1, sample: "K = 2, x = 0.250, of = [1]",
          number: .init(1.5, spacing: 1.5.ulp))),
    ]
    #expect(events(result) == expected)
  }

  @Test("a cell that is to stop does so in a copy, and the program goes on") func stopping() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      connect()
      if ChapterProgram.expectsStop(4) {
        show("in the copy")
        fatalError("no such thing")
      }
      if ChapterProgram.expectsStop(5) { ChapterProgram.didNotStop() }
      show("after")
    }
    #expect(
      events(result) == [
        .text("in the copy"), .stopped(item: 4, message: "no such thing"), .text("after"),
      ])
  }

  @Test("a tensor of several elements is no number") func shape() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      ChapterProgram.claim(0, Tensor([1, 2]))
    }
    #expect(errors(result).contains("[2]"), "\(errors(result))")
  }
}
