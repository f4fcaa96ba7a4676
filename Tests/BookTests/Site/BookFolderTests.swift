import Book
import Foundation
import TestSupport
import Testing

@Suite("The book's folder") struct BookFolderTests {
  let folder = TemporaryFolder()

  @Test("is found from any folder inside") func containing() throws {
    try folder.write("# S", to: "chapters/SUMMARY.md")
    try folder.write("x", to: "chapters/data/deep/x.bin")
    let found = BookFolder.containing(folder.path + "/chapters/data/deep")
    #expect(found?.path == folder.path)
    #expect(BookFolder.containing("/") == nil)
  }

  @Test(
    "nothing outside is read",
    arguments: ["../secret", "/etc/passwd", "chapters/../../secret", "link", "a\0b"])
  func outside(path: String) throws {
    try folder.write("inside", to: "book/chapters/SUMMARY.md")
    try folder.write("secret", to: "secret")
    let link = folder.path + "/book/link"
    try FileManager.default.createSymbolicLink(
      atPath: link, withDestinationPath: folder.path + "/secret")
    let book = BookFolder(path: folder.path + "/book")
    #expect(throws: FileFault.outsideBook(path: path)) { _ = try book.read(path) }
  }

  @Test("a missing file, a folder and a pipe are told apart") func kinds() throws {
    try folder.write("x", to: "chapters/SUMMARY.md")
    let book = BookFolder(path: folder.path)
    #expect(throws: FileFault.missing(path: "a.md")) { _ = try book.read("a.md") }
    #expect(throws: FileFault.isFolder(path: "chapters")) { _ = try book.read("chapters") }
    #expect(throws: FileFault.missing(path: "chapters/SUMMARY.md/x")) {
      _ = try book.read("chapters/SUMMARY.md/x")
    }
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    #expect(throws: FileFault.unreadable(path: "pipe", reason: "not a regular file")) {
      _ = try book.read("pipe")
    }
  }

  @Test("a write is whole or nothing") func atomic() throws {
    let path = folder.path + "/file"
    try FileSystem.write([1, 2, 3], to: path)
    #expect(try FileSystem.read(path) == [1, 2, 3])
    #expect(throws: (any Error).self) { try FileSystem.write([4], to: path + "/file") }
    try FileSystem.write([5], to: folder.path + "/new/a/file")
    #expect(folder.files() == ["file", "new/a/file"])
  }
}
