import Cells
import Foundation
import Plots
import Tensors
import Testing
import Transcript

@Suite("What a cell shows") struct ShowTests {
  @Test("numbers as prose writes them, rows and matrices with their ends") func numbers() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      connect()
      show("plain <b>\ntext")
      show(2.0 / 3)
      show(-1_234_567)
      show([1, 2, 3])
      show(Array(1...25))
      show([[1.5, 2], [-3, 0.25]])
      show([[Double]](repeating: [1], count: 25))
      show(Tensor([1, 2]))
      show(1...3)
    }
    let texts = events(result).compactMap { if case .text(let text) = $0 { text } else { nil } }
    #expect(
      texts == [
        "plain <b>\ntext", "0.667", "−1234567", "[1, 2, 3]",
        "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …, 23, 24, 25]", "[1.50, 2.00]\n[−3.00, 0.250]",
        (Array(repeating: "[1.00]", count: 10) + ["…"] + Array(repeating: "[1.00]", count: 3))
          .joined(separator: "\n"),
        Tensor([1, 2]).description, "1...3",
      ])
  }

  @Test("a figure as drawing, characters and words; a table with what is a number")
  func figuresAndTables() async throws {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      connect()
      show(Figure(LineMark(x: [0.0, 1], y: [0.0, 1]), x: "steps", y: "loss"))
      show(
        Table(
          columns: ["model", "bits", "written", "mixed"],
          rows: [["a", 0.5, format(1.25, digits: 5), 1], ["b", 12, "1.5 × 10⁻⁷", "none"]]))
    }
    let events = events(result)
    #expect(events.count == 2)
    let figure = Figure(LineMark(x: [0.0, 1], y: [0.0, 1]), x: "steps", y: "loss")
    #expect(
      events.first
        == .figure(
          .init(svg: figure.svg, unicode: figure.unicode(), description: figure.description)))
    #expect(
      events.last
        == .table(
          .init(
            columns: ["model", "bits", "written", "mixed"],
            rows: [["a", "0.500", "1.2500", "1"], ["b", "12", "1.5 × 10⁻⁷", "none"]],
            numeric: [false, true, true, false])))
  }

  @Test("a row that does not fit under the columns stops the cell") func misfit() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Table(columns: ["a", "b"], rows: [[1, 2], [3]])
    }
    #expect(errors(result).contains("Table: row 1 has 1 cells under 2 columns"))
  }

  @Test("without a runner everything is printed for a reader") func readable() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) {
      show("text")
      show(Table(columns: ["name", "N"], rows: [["a", 2], ["long", 16]]))
      claim("one is one", true)
      claim("a third", 1.0 / 3, equals: 0.5, within: 0.1)
      ChapterProgram.begin(0)
      ChapterProgram.value(0, 0.25)
      ChapterProgram.end(0)
      for _ in progress(0..<2, "training") { report(loss: 0.5) }
    }
    #expect(
      lines(result) == [
        "text", "name   N", "a      2", "long  16", "✓ one is one",
        "✗ a third: 0.333333, stated 0.500000", "0.250", "training 0/2",
        "training 2/2  loss 0.500",
      ])
  }
}
