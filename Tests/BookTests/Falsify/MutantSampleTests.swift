import Book
import Testing

@Suite("A sample of mutants") struct MutantSampleTests {
  private static let chapters: [[CodeMutant]] = (1...4).map { chapter in
    let cells = (0..<chapter * 2).map { cell in
      CodeMutantTests.cell(
        """
        let a\(chapter)\(cell) = b + 1
        if a < \(cell) || !c { d = f(a, b) * 0.5 }
        x.y = max(0..<a, b)
        """)
    }
    return CodeMutant.candidates(in: CodeMutantTests.chapter(cells))
  }

  private func draw(_ count: Int, seed: UInt64 = 1) -> [MutantSample.Draw] {
    MutantSample.draw(count, from: Self.chapters, seed: seed)
  }

  @Test("the same seed draws the same, another seed others, and never one twice")
  func determinism() {
    #expect(draw(40) == draw(40))
    #expect(draw(40) != draw(40, seed: 2))
    #expect(Set(draw(40).map { "\($0.chapter) \($0.mutant.identity)" }).count == 40)
  }

  @Test("a smaller sample is the beginning of a larger one") func prefix() {
    #expect(draw(60).prefix(25) == draw(25)[...])
  }

  @Test("chapters have their share by their cells, and kinds and cells take turns") func spread() {
    let sample = draw(60)
    #expect((0..<4).map { chapter in sample.count { $0.chapter == chapter } } == [6, 12, 18, 24])
    let last = sample.filter { $0.chapter == 3 }
    let kinds = Set(Self.chapters[3].map(\.kind))
    #expect(Set(last.map(\.mutant.kind)) == kinds)
    #expect(Set(last.map(\.mutant.item)).count == 8)
  }

  @Test("what one chapter gives depends on no other") func independence() {
    var others = Self.chapters
    others[0] = []
    let alone = MutantSample.draw(60, from: others, seed: 1).filter { $0.chapter == 3 }
    let together = draw(60).filter { $0.chapter == 3 }
    #expect(alone.prefix(together.count) == together[...])
  }

  @Test("more than there is gives all there is") func all() {
    let count = Self.chapters.reduce(0) { $0 + $1.count }
    #expect(draw(.max / 2).count == count)
    #expect(MutantSample.draw(5, from: [[], []], seed: 1).isEmpty)
  }
}
