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
    #expect(SiteWriter.isIntact(site, key: first))
    #expect(!SiteWriter.isIntact(site, key: ContentKey("two")))

    var writer = try SiteWriter(output: site)
    try writer.write(Array("two".utf8), to: "index.html")
    #expect(try folder.read("site/index.html") == "one")
    try writer.commit(key: ContentKey("two"))
    #expect(try folder.read("site/index.html") == "two")
    #expect(!folder.exists("site/assets/deep/x.bin"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["site"])
  }

  @Test("no file takes the place of another, and a folder none of a file")
  func secondWrite() throws {
    var writer = try SiteWriter(output: site)
    try writer.write([1], to: "a/b.html")
    let place = #/site\.\d+\.new\/a\/b\.html'.* there already/#
    let fault = #expect(throws: FileFault.self) { try writer.write([2], to: "a/b.html") }
    #expect(fault?.message.contains(place) == true)
    #expect(throws: FileFault.self) { _ = try writer.stream(to: "a/b.html") }
    #expect(throws: FileFault.self) { try writer.write([2], to: "a/b.html/c") }
    try writer.commit(key: ContentKey("one"))
    #expect(try FileSystem.read(site + "/a/b.html") == [1])
  }

  @Test(
    "a site in which a file is missing, cut off, altered or a link is not whole",
    arguments: ["index.html", "assets/deep/x.bin", ".sslbook-site"], 0..<4)
  func damage(path: String, kind: Int) throws {
    let key = try write("one")
    #expect(SiteWriter.isIntact(site, key: key))
    let file = "\(site)/\(path)"
    var bytes = try FileSystem.read(file)
    unlink(file)
    switch kind {
    case 0: break
    case 1: try FileSystem.write(Array(bytes.dropLast()), to: file)
    case 2:
      bytes[bytes.count / 2] ^= 1
      try FileSystem.write(bytes, to: file)
    default: #expect(symlink("/etc/hostname", file) == 0)
    }
    #expect(!SiteWriter.isIntact(site, key: key))
    _ = try write("one")
    #expect(SiteWriter.isIntact(site, key: key))
    #expect(try folder.read("site/index.html") == "one")
  }

  @Test("what the tool did not write stays, what it wrote goes, and links stay links")
  func foreign() throws {
    _ = try write("one")
    try folder.write("example.org", to: "site/CNAME")
    try folder.write("ref: x", to: "site/.git/HEAD")
    try folder.write("", to: "site/.git/refs/heads/.keep")
    try folder.write("mine", to: "site/assets/mine.txt")
    #expect(symlink("nowhere", site + "/link") == 0)
    #expect(mkdir(site + "/empty", 0o700) == 0)
    for text in ["two", "three"] {
      var writer = try SiteWriter(output: site)
      try writer.write(Array(text.utf8), to: "\(text).html")
      try writer.commit(key: ContentKey(text))
    }
    #expect(
      folder.files() == [
        "site/.git/HEAD", "site/.git/refs/heads/.keep", "site/.sslbook-site", "site/CNAME",
        "site/assets/mine.txt", "site/link", "site/three.html",
      ])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: site + "/link") == "nowhere")
    var information = stat()
    #expect(stat(site + "/empty", &information) == 0 && information.st_mode & 0o777 == 0o700)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["site"])
  }

  @Test("a file of somebody else's is not replaced, and is named", arguments: ["CNAME", "CNAME/x"])
  func foreignInTheWay(path: String) throws {
    let key = try write("one")
    try folder.write("example.org", to: "site/CNAME")
    var writer = try SiteWriter(output: site)
    try writer.write([1], to: path)
    #expect(throws: FileFault.inTheWay(path: site + "/CNAME")) {
      try writer.commit(key: ContentKey("two"))
    }
    writer.abandon()
    #expect(try folder.read("site/CNAME") == "example.org")
    #expect(SiteWriter.isIntact(site, key: key))
  }

  @Test("when the list of what the tool wrote is damaged, the site is still mended")
  func unknownFiles() throws {
    _ = try write("one")
    try folder.write("example.org", to: "site/CNAME")
    try folder.write("nonsense", to: "site/.sslbook-site")
    let key = try write("two")
    #expect(SiteWriter.isIntact(site, key: key))
    #expect(try folder.read("site/CNAME") == "example.org")
    #expect(try folder.read("site/index.html") == "two")
  }

  @Test("a link to a folder is followed") func linked() throws {
    #expect(mkdir(folder.path + "/real", 0o777) == 0)
    #expect(symlink("real", site) == 0)
    _ = try write("one")
    let key = try write("two")
    #expect(SiteWriter.isIntact(site, key: key))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: site) == "real")
    #expect(try folder.read("real/index.html") == "two")
    #expect(try SiteWriter.clear(site))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/real") == [])
    #expect(rmdir(folder.path + "/real") == 0)
    #expect(throws: FileFault.self) { _ = try SiteWriter(output: site) }
  }

  @Test("clearing leaves what is not the tool's, and the folder a site's") func clearing() throws {
    _ = try write("one")
    #expect(try SiteWriter.clear(site))
    #expect(!folder.exists("site"))
    _ = try write("one")
    try folder.write("example.org", to: "site/assets/CNAME")
    #expect(try !SiteWriter.clear(site))
    #expect(folder.files() == ["site/.sslbook-site", "site/assets/CNAME"])
    #expect(SiteWriter.refusal(of: site, book: BookFolder(path: folder.path + "/book")) == nil)
    _ = try write("two")
    #expect(folder.exists("site/assets/CNAME"))
  }

  @Test("clearing follows no link out of the site") func clearingLinks() throws {
    _ = try write("one")
    try folder.write("mine", to: "mine/x.bin")
    #expect(rename(site + "/assets/deep", site + "/assets/old") == 0)
    #expect(symlink("../../mine", site + "/assets/deep") == 0)
    #expect(try !SiteWriter.clear(site))
    #expect(try folder.read("mine/x.bin") == "mine")
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
    // A file system that cannot exchange two folders: killed between the two renames.
    #expect(rename(site, folder.path + "/.site.999999999.new.old") == 0)
    try folder.write("half", to: ".site.999999999.new/index.html")
    try SiteWriter(output: site).abandon()
    #expect(try folder.read("site/index.html") == "one")
    #expect(!folder.exists(".site.999999999.new"))
  }

  @Test("a folder that is not a site is never replaced") func refusal() throws {
    let book = BookFolder(path: folder.path + "/book")
    #expect(SiteWriter.refusal(of: site, book: book) == nil)
    try folder.write("thesis", to: "site/thesis.tex")
    #expect(SiteWriter.refusal(of: site, book: book) == .outputIsNoSite(path: site))
    #expect(
      SiteWriter.refusal(of: folder.path, book: book) == .outputHoldsBook(path: folder.path))
    #expect(SiteWriter.refusal(of: book.path, book: book) == .outputHoldsBook(path: book.path))
    try folder.write("", to: "book/chapters/SUMMARY.md")
    #expect(symlink("book/chapters", folder.path + "/link") == 0)
    for (output, name) in [
      ("book/.sslbook", ".sslbook"), ("book/chapters/site", "chapters"), ("link/x/y", "chapters"),
      ("book/images", "images"),
    ] {
      let path = "\(folder.path)/\(output)"
      #expect(
        SiteWriter.refusal(of: path, book: book) == .outputInSources(path: path, folder: name))
    }
    #expect(SiteWriter.refusal(of: book.path + "/chapters2", book: book) == nil)
  }
}
