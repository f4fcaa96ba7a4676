/// Finds what a misspelt word most likely meant.
public enum Spelling {
  /// The candidate with the fewest edits, if they are few for the word's length; the first in
  /// alphabetical order among equals.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().unicodeScalars)
    var limit = max(1, wanted.count / 3)
    var best: String?
    for candidate in candidates {
      let letters = Array(candidate.lowercased().unicodeScalars)
      guard let distance = edits(wanted, letters, limit: limit) else { continue }
      // From here on only what is as near counts.
      if distance < limit || best.map({ candidate < $0 }) ?? true { best = candidate }
      limit = distance
    }
    return best
  }

  /// Damerau's distance with adjacent transpositions (optimal string alignment); nil when it is
  /// more than `limit`, which is known as soon as all of a row is.
  private static func edits(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], limit: Int) -> Int? {
    guard abs(a.count - b.count) <= limit else { return nil }
    var previous = Array(0...b.count)
    var (older, current) = (previous, previous)
    for i in a.indices {
      current[0] = i + 1
      for j in b.indices {
        var cost = min(previous[j + 1], current[j]) + 1
        cost = min(cost, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
        current[j + 1] = cost
      }
      guard current.min()! <= limit else { return nil }
      (older, previous, current) = (previous, current, older)
    }
    return previous[b.count] <= limit ? previous[b.count] : nil
  }
}
