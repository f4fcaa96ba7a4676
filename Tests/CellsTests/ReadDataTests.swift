import Cells
import Foundation
import TestSupport
import Testing
import Transcript

@Suite("Reading a file of the book") struct ReadDataTests {
  let folder = TemporaryFolder()

  @Test("gives its bytes") func bytes() async throws {
    try folder.write("a\0é", to: "data/corpus.txt")
    try folder.write("", to: "data/empty")
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardOutputContent]
    ) { [path = folder.path as String] in
      setenv(ProgramContract.bookFolder, path, 1)
      connect()
      show(readData("data/corpus.txt").map { Int($0) })
      show(readData("data/../data/./empty").count)
    }
    #expect(events(result) == [.text("[97, 0, 195, 169]"), .text("0")])
  }

  @Test("says what is wrong with a path that it refuses") func refusals() async throws {
    try folder.write("secret", to: "secret")
    try folder.write("", to: "book/data/a")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/book/link", withDestinationPath: folder.path + "/secret")
    let refused = [
      ("nothing", "the book has no file 'nothing'"),
      ("../secret", "'../secret' lies outside the book's folder"),
      ("link", "'link' lies outside the book's folder"),
      ("data", "cannot read 'data'"),
    ]
    for (name, message) in refused {
      let result = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) { [book = (folder.path + "/book") as String, name = name as String] in
        setenv(ProgramContract.bookFolder, book, 1)
        _ = readData(name)
      }
      #expect(errors(result).contains("readData: " + message), "\(errors(result))")
    }
  }
}
