import Markup
import Testing

@Suite("Printing a tree") struct NodePrinterTests {
  @Test(
    "text and attributes are escaped as cmark escapes them",
    arguments: [
      ("a & b", "a &amp; b"), ("<script>", "&lt;script&gt;"), ("say \"hi\"", "say &quot;hi&quot;"),
      ("it's", "it's"), ("&amp;", "&amp;amp;"), ("é – 🙂", "é – 🙂"), ("", ""),
      ("a\u{0}b", "a\u{FFFD}b"),
    ])
  func escaping(text: String, expected: String) {
    #expect(Node.text(text).rendered == expected)
    #expect(Node("i", [("title", text)]).rendered == "<i title=\"\(expected)\"></i>")
  }

  @Test("HTML's void elements have no end, other empty elements do")
  func voidElements() {
    #expect(Node("br").rendered == "<br />")
    #expect(
      Node("img", [("src", "a.svg"), ("alt", "")]).rendered == "<img src=\"a.svg\" alt=\"\" />")
    #expect(Node("p").rendered == "<p></p>")
  }

  @Test("inside svg an empty element closes itself, and after it HTML goes on as HTML")
  func selfClosing() {
    let tree = Node("div", [], Node("svg", [], Node("path"), Node("g", [], .text("x"))), Node("i"))
    #expect(tree.rendered == "<div><svg><path/><g>x</g></svg><i></i></div>")
    #expect(Node("p", [], Node("svg"), Node("b")).rendered == "<p><svg/><b></b></p>")
  }

  @Test("control characters that XML cannot hold are replaced inside svg only")
  func controlCharacters() {
    #expect(
      Node("svg", [], .text("a\u{1}\u{1F}\tb\n")).rendered == "<svg>a\u{FFFD}\u{FFFD}\tb\n</svg>")
    #expect(Node("p", [], .text("a\u{1}b")).rendered == "<p>a\u{1}b</p>")
  }

  @Test("raw markup passes, and a fragment adds nothing of its own")
  func rawAndFragments() {
    #expect(
      Node.fragment([.raw("<b>"), .text("<"), .fragment([]), .raw("</b>")]).rendered
        == "<b>&lt;</b>")
  }

  @Test("a tree of 20 000 levels prints")
  func deepTree() {
    var tree = Node.text("x")
    for _ in 0..<20_000 { tree = Node("b", [], tree) }
    #expect(tree.renderedBytes.count == 20_000 * 7 + 1)
  }
}
