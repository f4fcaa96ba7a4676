import PreviewServer
import Testing

@Suite("Request path") struct RequestPathTests {
  @Test(
    "decodes once, into plain names",
    arguments: [
      ("/", [], true), ("/a.html", ["a.html"], false), ("/part/", ["part"], true),
      ("/a%20b.html", ["a b.html"], false), ("/%C3%A9", ["é"], false), ("/a%2541", ["a%41"], false),
      ("/a/b/c", ["a", "b", "c"], false),
    ])
  func good(target: String, components: [String], isFolder: Bool) {
    let path = RequestPath(target: Array(target.utf8))
    #expect(path?.components == components)
    #expect(path?.isFolder == isFolder)
  }

  @Test(
    "refuses what no page is called",
    arguments: [
      "", "a", "//", "//a", "/a//b", "/.", "/..", "/a/..", "/a/.b", "/%2e%2e", "/a%2fb", "/a%5cb",
      "/a\\b", "/%00", "/a%00b", "/%0a", "/%7f", "/%", "/%1", "/%gg", "/%ff",
    ])
  func bad(target: String) {
    #expect(RequestPath(target: Array(target.utf8)) == nil)
  }
}
