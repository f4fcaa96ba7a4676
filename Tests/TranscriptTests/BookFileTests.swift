import Testing
import Transcript

@Suite("A file of the book") struct BookFileTests {
  @Test(
    "a path is taken by its names",
    arguments: [
      ("a/b", "a/b"), ("./a//b/.", "a/b"), ("a/../b", "b"), ("a/..", ""), ("../a", nil),
      ("a/../../b", nil), ("/a", nil), ("...", "..."),
    ] as [(String, String?)])
  func normalized(path: String, expected: String?) {
    #expect(BookFile.normalized(path) == expected)
  }

  @Test("a header of a reply is what it was", arguments: [0, 5, 1 << 40, .max])
  func header(count: Int) {
    for isRefusal in [false, true] {
      let header = FileRequest.ReplyHeader(isRefusal: isRefusal, count: count)
      #expect(FileRequest.ReplyHeader(bytes: header.bytes) == header)
      #expect(header.bytes.count == FileRequest.ReplyHeader.size)
    }
  }
}
