import Book
import Foundation
import Testing

@Suite("Paths of the site") struct SitePathsTests {
  @Test(
    "destinations are seen from the chapter's folder",
    arguments: [
      ("../images/a.svg", "images/a.svg", nil),
      ("entropy.md#sec-kl", "chapters/entropy.md", "sec-kl"),
      ("#sec-here", "chapters/bound.md", "sec-here"),
      ("data/./x%20y.csv", "chapters/data/x y.csv", nil),
      ("a.md?query", "chapters/a.md", nil),
    ] as [(String, String, String?)])
  func resolve(destination: String, path: String, fragment: String?) throws {
    let found = try #require(SitePaths.resolve(destination, from: "chapters/bound.md"))
    #expect(found.path == path)
    #expect(found.fragment == fragment)
  }

  @Test(
    "a destination outside the book leads nowhere",
    arguments: ["../../etc/passwd", "/etc/passwd", "%2e%2e/%2e%2e/x", "..%2F..%2Fx"])
  func outside(destination: String) {
    #expect(SitePaths.resolve(destination, from: "chapters/bound.md") == nil)
  }

  @Test(
    "paths of one character and of none have a folder and a name",
    arguments: [
      ("a", ".", "a"), ("/a", "/", "a"), ("a/b", "a", "b"), ("/a/b.c", "/a", "b.c"), ("", ".", ""),
      ("/", "/", ""),
    ])
  func parts(path: String, folder: String, name: String) {
    #expect(FileSystem.folder(of: path) == folder)
    #expect(FileSystem.name(of: path) == name)
  }

  @Test("chapters' own files move up beside the pages") func sitePath() {
    #expect(SitePaths.sitePath(ofFile: "images/a.svg") == "images/a.svg")
    #expect(SitePaths.sitePath(ofFile: "chapters/data/a.bin") == "data/a.bin")
    #expect(SitePaths.encoded("a b/ü.svg") == "a%20b/%C3%BC.svg")
  }
}

@Suite("Spelling") struct SpellingTests {
  @Test(
    "finds the word that was meant",
    arguments: [
      ("captoin", "caption"), ("lable", "label"), ("timout", "timeout"), ("xyz", nil),
      ("", nil), ("Echo", "echo"), ("otuptu", "output"), ("tuptuo", nil), ("timeoutt", "timeout"),
      ("imeout", "timeout"), ("imeou", nil), ("al", "alt"), ("lat", "alt"),
    ] as [(String, String?)])
  func nearest(word: String, meant: String?) {
    let words = ["label", "caption", "alt", "echo", "output", "timeout"]
    #expect(Spelling.nearest(to: word, among: words) == meant)
  }
}
