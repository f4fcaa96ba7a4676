import Book

/// A chapter from its text, for tests of what comes after the parser.
enum ChapterSketch {
  static func chapter(_ text: String, path: String = "chapters/test.md") -> Chapter {
    ChapterParser.parse(path: path, bytes: Array(text.utf8)).chapter
  }
}
