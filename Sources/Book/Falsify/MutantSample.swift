/// Draws mutants over the book: the same seed gives the same ones.
///
/// A chapter has its share by the number of its cells; within it, a mutant of the kind drawn least,
/// then of the cell drawn least, comes next. Which ones these are depends on no other chapter, and a
/// smaller sample is the beginning of a larger one: an edit leaves most of the sample as it was.
package enum MutantSample {
  package struct Draw: Sendable, Equatable {
    /// The number of the chapter.
    package var chapter: Int
    package var mutant: CodeMutant
  }

  package static func draw(
    _ count: Int, from chapters: [[CodeMutant]], seed: UInt64
  ) -> [Draw] {
    let turns = turns(count, chapters)
    var orders = chapters.enumerated().map { chapter, mutants in
      order(mutants, seed: seed, most: turns.count { $0 == chapter })[...]
    }
    return turns.compactMap { chapter in
      orders[chapter].popFirst().map { Draw(chapter: chapter, mutant: $0) }
    }
  }

  /// Whose turn it is: the chapter's with the most cells for each of its mutants (D’Hondt).
  private static func turns(_ count: Int, _ chapters: [[CodeMutant]]) -> [Int] {
    let cells = chapters.map { Set($0.map(\.item)).count }
    var drawn = chapters.map { _ in 0 }
    return (0..<min(count, chapters.reduce(0) { $0 + $1.count })).map { _ in
      let next = chapters.indices.filter { drawn[$0] < chapters[$0].count }.max {
        cells[$0] * (drawn[$1] + 1) < cells[$1] * (drawn[$0] + 1)
      }
      drawn[next ?? 0] += 1
      return next ?? 0
    }
  }

  private static func order(_ mutants: [CodeMutant], seed: UInt64, most: Int) -> [CodeMutant] {
    var rest = mutants.map { mutant in
      // Of the identity, not of the place: what is edited elsewhere changes no rank.
      let identity = UInt64(mutant.identity, radix: 16) ?? 0
      return (mutant: mutant, rank: SplitMix64(state: seed ^ identity).mixed)
    }
    var ofKind: [CodeMutant.Kind: Int] = [:]
    var ofCell: [Int: Int] = [:]
    var order: [CodeMutant] = []
    while order.count < most,
      let next = rest.indices.min(by: { one, other in
        let (a, b) = (rest[one], rest[other])
        return (ofKind[a.mutant.kind, default: 0], ofCell[a.mutant.item, default: 0], a.rank)
          < (ofKind[b.mutant.kind, default: 0], ofCell[b.mutant.item, default: 0], b.rank)
      })
    {
      let mutant = rest.remove(at: next).mutant
      ofKind[mutant.kind, default: 0] += 1
      ofCell[mutant.item, default: 0] += 1
      order.append(mutant)
    }
    return order
  }
}

/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
private struct SplitMix64 {
  var state: UInt64

  var mixed: UInt64 {
    var z = state &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
