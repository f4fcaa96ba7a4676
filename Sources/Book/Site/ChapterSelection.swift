/// The chapters that a command line names: by number, by slug or by path.
public enum ChapterSelection {
  /// - Returns: the indices of the named chapters in the order of the book; all when none is named.
  public static func select(
    _ names: [String], among entries: [Summary.Entry]
  ) -> (indices: [Int], diagnostics: [Diagnostic]) {
    guard !names.isEmpty else { return (Array(entries.indices), []) }
    var chosen: Set<Int> = []
    var diagnostics: [Diagnostic] = []
    for name in names {
      if let index = index(of: name, among: entries) {
        chosen.insert(index)
      } else {
        let known = entries.flatMap { [$0.slug, $0.path] }
        let fault = BookFault.noSuchChapter(name, nearest: Spelling.nearest(to: name, among: known))
        diagnostics.append(fault.diagnostic(file: BookFolder.summary))
      }
    }
    return (chosen.sorted(), diagnostics)
  }

  private static func index(of name: String, among entries: [Summary.Entry]) -> Int? {
    if let index = entries.firstIndex(where: { !$0.number.isEmpty && $0.number == name }) {
      return index
    }
    if let index = entries.firstIndex(where: { $0.slug == name }) { return index }
    // A path as seen from the book's folder, from `chapters/`, or from anywhere.
    let path = BookFolder.normalized(name) ?? name
    if let index = entries.firstIndex(where: {
      $0.path == path || $0.path == "chapters/" + path || path.hasSuffix("/" + $0.path)
    }) {
      return index
    }
    // From inside a folder of chapters; their names are unique in the book.
    return entries.firstIndex { $0.path.hasSuffix("/" + path) }
  }
}
