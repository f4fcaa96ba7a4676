import Markup
import Testing

@Suite("Reading a drawing") struct SVGReaderTests {
  private func refusal(of text: String) -> SVGRefusal? {
    do throws(SVGRefusal) {
      _ = try Node(svg: text)
      return nil
    } catch {
      return error
    }
  }

  @Test("a drawing is read and printed again unchanged")
  func roundTrip() throws {
    let text = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" style="width:100%;max-width:40px">\
      <title>a &lt;b&gt; &amp; “c”</title><g fill="var(--series-1,#1f6fb2)"><path d="M0 0h9"/>\
      <text x="1" font-size="13">log₂ 🙂</text></g></svg>
      """
    #expect(try Node(svg: text).rendered == text)
  }

  @Test("an XML header, comments, single quotes and entities are understood")
  func niceties() throws {
    let text =
      "\u{FEFF}<?xml version='1.0'?>\n<!-- a -->\n<svg><!--b--><text x='1' >&#65;&#x42;&apos;</text >\n</svg>\n"
    #expect(try Node(svg: text).rendered == "<svg><text x=\"1\">AB'</text>\n</svg>")
  }

  @Test(
    "what could run, load, link or hide is refused",
    arguments: [
      ("<svg><script>alert(1)</script></svg>", SVGRefusal.element("script")),
      ("<svg><foreignObject/></svg>", .element("foreignObject")),
      ("<svg><image/></svg>", .element("image")),
      ("<svg><use/></svg>", .element("use")),
      ("<svg><a/></svg>", .element("a")),
      ("<svg><style>*{display:none}</style></svg>", .element("style")),
      ("<svg><animate/></svg>", .element("animate")),
      ("<svg onload=\"x()\"/>", .attribute("onload", element: "svg")),
      ("<svg><g href=\"#a\"/></svg>", .attribute("href", element: "g")),
      ("<svg><g xlink:href=\"#a\"/></svg>", .attribute("xlink:href", element: "g")),
      ("<svg xmlns=\"http://www.w3.org/1999/xhtml\"/>", .value(attribute: "xmlns", element: "svg")),
      ("<svg fill=\"url(http://a/b)\"/>", .value(attribute: "fill", element: "svg")),
      ("<svg fill=\"URL( '//a/b')\"/>", .value(attribute: "fill", element: "svg")),
      ("<svg style=\"fill:ur\\6c(//a)\"/>", .value(attribute: "style", element: "svg")),
      ("<svg style=\"fill:url/**/(//a)\"/>", .value(attribute: "style", element: "svg")),
      ("<svg style=\"position: fixed\"/>", .value(attribute: "style", element: "svg")),
      ("<svg style=\"fill:url(#a);stroke:url(b)\"/>", .value(attribute: "style", element: "svg")),
    ])
  func dangers(text: String, expected: SVGRefusal) { #expect(refusal(of: text) == expected) }

  @Test(
    "what is not well-formed is refused",
    arguments: [
      "<svg>", "<svg", "<svg><g></svg>", "<svg/><svg/>", "<svg></g></svg>", "<svg a=b/>",
      "<svg x=\"1\" x=\"2\"/>", "<svg x=\"1\"y=\"2\"/>", "<svg><![CDATA[x]]></svg>",
      "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", "<svg>&nbsp;</svg>", "<svg>&#0;</svg>",
      "<svg>&#xD800;</svg>", "<svg>&#99999999999999999999;</svg>", "<svg><?php?></svg>", "",
      "hello",
      "<p/>", "<svg/>x", "<svg>a < b</svg>", "<svgx/>", "<svg x=\"<\"/>", "<svg><!-- </svg>",
    ])
  func malformed(text: String) { #expect(refusal(of: text) != nil) }

  @Test("depth and size are bounded")
  func bounds() {
    func nested(_ depth: Int) -> String {
      "<svg>" + String(repeating: "<g>", count: depth) + String(repeating: "</g>", count: depth)
        + "</svg>"
    }
    #expect(refusal(of: nested(63)) == nil)
    #expect(refusal(of: nested(64)) == .tooDeep(limit: 64))
    #expect(refusal(of: nested(1_000_000)) == .tooDeep(limit: 64))
    let large = "<svg>" + String(repeating: " ", count: 16 << 20) + "</svg>"
    #expect(refusal(of: large) == .tooLarge(bytes: (16 << 20) + 11, limit: 16 << 20))
  }

  @Test("every refusal says why in one clause")
  func reasons() {
    let all: [SVGRefusal] = [
      .tooLarge(bytes: 2, limit: 1), .tooDeep(limit: 1), .malformed(offset: 3), .notADrawing,
      .element("a"), .attribute("b", element: "a"), .value(attribute: "b", element: "a"),
      .entity(offset: 3), .notText(offset: 3),
    ]
    for refusal in all {
      #expect(
        refusal.reason.hasPrefix("it ") || refusal.reason.hasPrefix("the ")
          || refusal.reason.hasPrefix("its "))
    }
  }
}
