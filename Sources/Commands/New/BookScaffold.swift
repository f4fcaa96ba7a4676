import Book
import Foundation
import Notation

/// The files of a new book: small, true, and with one of each thing that a chapter can hold. The
/// second chapter shows what the first has no use for.
struct BookScaffold {
  let title: String

  /// Whether the folder does not exist, or is empty but for a repository's `.git`.
  static func canBegin(in folder: String) -> Bool {
    !FileSystem.exists(folder)
      || FileSystem.isFolder(folder) && FileSystem.names(in: folder).allSatisfy { $0 == ".git" }
  }

  /// Puts the book in place in one step. A folder that is there stays the same folder, since a shell
  /// may stand in it.
  func write(to folder: String) throws(FileFault) {
    let isThere = FileSystem.exists(folder)
    let parent = FileSystem.folder(of: folder)
    let staging =
      isThere
      ? "\(folder)/.new.\(getpid())"
      : "\(parent)/.\(FileSystem.name(of: folder)).\(getpid()).new"
    defer { FileSystem.remove(staging) }
    FileSystem.remove(staging)
    try FileSystem.makeFolder(staging + "/chapters")
    for (path, text) in files {
      try FileSystem.write(Array(text.utf8), to: "\(staging)/\(path)")
    }
    // `chapters` comes last: with it the folder is a book.
    let moves =
      isThere
      ? FileSystem.names(in: staging).map { ("\(staging)/\($0)", "\(folder)/\($0)") }
      : [(staging, folder)]
    for (source, destination) in moves where rename(source, destination) != 0 {
      throw .unwritable(path: destination, reason: String(cString: strerror(errno)))
    }
  }

  private var files: [(String, String)] {
    [
      ("chapters/SUMMARY.md", "# \(markdownTitle)\n\n\(Self.chapters)"),
      ("chapters/book.json", bookFacts), ("chapters/references.bib", Self.references),
      ("chapters/halves.md", Self.firstChapter), ("chapters/notations.md", Self.notations),
      ("chapters/data/steps.txt", "1 2 3 5 8\n"), (".gitignore", "site/\n.sslbook/\n"),
    ]
  }

  private static let chapters = "- [Adding halves](halves.md)\n- [Every notation](notations.md)\n"

  private var markdownTitle: String {
    title.map { "\\[]*_`<".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  private var bookFacts: String {
    let facts = JSON.object([
      .init("title", .string(title)), .init("authors", .array([])),
      .init("language", .string("en")),
    ])
    return String(decoding: facts.indentedBytes, as: UTF8.self) + "\n"
  }

  private static let references = """
    @book{hardy1949,
      author = {Hardy, G. H.},
      title = {Divergent Series},
      publisher = {Clarendon Press},
      year = {1949},
    }

    """

  /// What `sslbook new NAME` puts into a chapter: it builds, and shows where to go on.
  static func chapter(title: String) -> String {
    """
    # \(title.map { "\\[]*_`<".contains($0) ? "\\\($0)" : String($0) }.joined())

    What does this chapter answer? One question, in a sentence.

    ```swift
    let answer = 6 * 7
    ```

    The answer is `{claim} answer = 42`.

    """
  }

  static let firstChapter = ##"""
    # Adding halves

    Walk half of the way to a wall, then half of what is left, then half of that. Where does it end?
    Every number and every figure on this page is computed when the book is built, and the book is
    not built as long as one of them is wrong.

    ## A cell

    Swift in a fence is run. What one cell declares, the next ones see.

    ```swift
    func walked(after steps: Int) -> Double {
      (1...steps).reduce(0) { sum, k in sum + 1 / Double(1 << k) }
    }
    show(walked(after: 3))
    ```

    ## A claim

    After ten steps, `{claim} walked(after: 10) ≈ 0.99902` of the way is behind us. This sentence
    holds an expression and the number that it must give: change the number, and the build stops at
    this line and says what it should be. A value can also simply be filled in: after twenty steps
    `{swift} 1 - walked(after: 20)` of the way remains.

    ## A derivation

    Each line is a formula, and the Swift expression that says the same. For every $n$ that is
    listed, each line must equal the one before.

    ```derivation
    //| label: eq-halves
    //| sample: n in 1...20
    \sum_{k=1}^{n} 2^{-k} ;; walked(after: n)
    = 1 - 2^{-n} ;; 1 - 1 / Double(1 << n)
    ```

    So the wall is never reached, and the sum of all the halves is 1 [@hardy1949].

    ## A figure

    ```swift
    //| label: fig-walk
    //| caption: The way behind us after each step.
    //| alt: A line that rises from one half and bends towards one.
    //| echo: fold
    let steps = Array(1...10)
    show(
      Figure(
        LineMark(x: steps.map(Double.init), y: steps.map { walked(after: $0) }),
        x: "steps", y: "part of the way"))
    ```

    @fig-walk shows @eq-halves as a curve.

    ::: {.exercise #exr-thirds title="Thirds"}
    Walk a third of what is left each time. How far are you after ten steps?
    :::

    ::: {.solution}
    Two thirds of the rest remain each time, so it is $1 - (2/3)^{10}$, which is
    `{claim} 1 - 1024.0 / 59049 ≈ 0.9827`.
    :::

    """##
}
