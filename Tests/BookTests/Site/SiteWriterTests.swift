import Book
import Foundation
import TestSupport
import Testing

@Suite("Writing a site") struct SiteWriterTests {
  let folder = TemporaryFolder()
  var site: String { folder.path + "/site" }

  private func write(_ text: String) throws -> ContentKey {
    var writer = try SiteWriter(output: site)
    try writer.write(Array(text.utf8), to: "index.html")
    try writer.write([1], to: "assets/deep/x.bin")
    let key = ContentKey(text)
    try writer.commit(key: key)
    return key
  }

  @Test("nothing is seen before the commit, everything after it") func whole() throws {
    let first = try write("one")
    #expect(try folder.read("site/index.html") == "one")
    #expect(SiteWriter.key(of: site) == first)

    var writer = try SiteWriter(output: site)
    try writer.write(Array("two".utf8), to: "index.html")
    #expect(try folder.read("site/index.html") == "one")
    try writer.commit(key: ContentKey("two"))
    #expect(try folder.read("site/index.html") == "two")
    #expect(!folder.exists("site/assets/deep/x.bin"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["site"])
  }

  @Test("an abandoned site leaves the old one and no trace") func abandoned() throws {
    _ = try write("one")
    var writer = try SiteWriter(output: site)
    try writer.write(Array("two".utf8), to: "index.html")
    writer.abandon()
    #expect(try folder.read("site/index.html") == "one")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["site"])
  }

  @Test("what a killed build left is cleared by the next") func leftovers() throws {
    // No process has this number: Linux's largest is 4194304.
    try folder.write("half", to: ".site.999999999.new/index.html")
    try folder.write("mine", to: ".site.keep.new/index.html")
    _ = try write("one")
    #expect(!folder.exists(".site.999999999.new/index.html"))
    #expect(folder.exists(".site.keep.new/index.html"))
  }

  @Test("a folder that is not a site is never replaced") func refusal() throws {
    let book = BookFolder(path: folder.path + "/book")
    #expect(SiteWriter.refusal(of: site, book: book) == nil)
    try folder.write("thesis", to: "site/thesis.tex")
    #expect(SiteWriter.refusal(of: site, book: book) == .outputIsNoSite(path: site))
    #expect(
      SiteWriter.refusal(of: folder.path, book: book) == .outputHoldsBook(path: folder.path))
    #expect(SiteWriter.refusal(of: book.path, book: book) == .outputHoldsBook(path: book.path))
  }
}
