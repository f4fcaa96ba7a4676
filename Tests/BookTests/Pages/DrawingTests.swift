import Book
import Foundation
import Testing

@Suite("Drawings in a page") struct DrawingTests {
  private func fault(of svg: String) -> DrawingFault? {
    do throws(DrawingFault) {
      _ = try Drawing(svg: svg)
      return nil
    } catch {
      return error
    }
  }

  @Test("a drawing stays as it is, but for what its root says of itself")
  func unchanged() throws {
    let inner = """
      <title>a &lt;b&gt; &amp; “c”</title><g fill="var(--series-1,#1f6fb2)"><path d="M0 0h9"/>\
      <text x="1" aria-label="url(#a) > b" font-size="13">log₂ url(#a) > 🙂</text></g></svg>
      """
    let svg = #"<svg viewBox="0 0 9 9" role="figure" aria-label="x" style="width:100%">"# + inner
    #expect(
      try Drawing(svg: "\n" + svg + "\n").placed(number: 3, alternative: "A \"line\" & <more>")
        == #"<svg viewBox="0 0 9 9" style="width:100%" role="img""#
        + #" aria-label="A &quot;line&quot; &amp; &lt;more&gt;">"# + inner + "\n")
  }

  @Test("every identifier and every reference to one gets the drawing's number")
  func identifiers() throws {
    let svg = ##"""
      <svg aria-labelledby="x"><title id="t">T</title><desc id="d">D</desc>\##
      <g clip-path="url(#c)" style="fill:url(#p);stroke:url(#q)" aria-describedby="t d"/>\##
      <linearGradient id="p" href="#q"/></svg>
      """##
    #expect(
      try Drawing(svg: svg).placed(number: 7, alternative: "") == ##"""
        <svg role="img" aria-labelledby="d7-t"><title id="d7-t">T</title><desc id="d7-d">D</desc>\##
        <g clip-path="url(#d7-c)" style="fill:url(#d7-p);stroke:url(#d7-q)" \##
        aria-describedby="d7-t d7-d"/><linearGradient id="d7-p" href="#d7-q"/></svg>
        """##)
  }

  @Test("every figure of the gallery is one") func gallery() throws {
    let folder = ModuleImportsTests.root.deletingLastPathComponent()
      .appendingPathComponent("Tests/PlotsTests/Snapshots")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "svg" }
    #expect(files.count > 30)
    for file in files {
      #expect(fault(of: try String(contentsOf: file, encoding: .utf8)) == nil, "\(file)")
    }
  }

  @Test("an empty root is a drawing", arguments: ["<svg/>", "<svg />", "<svg></svg>"])
  func empty(svg: String) throws {
    let placed = try Drawing(svg: svg).placed(number: 1, alternative: "a")
    #expect(placed == svg.replacing("<svg", with: #"<svg role="img" aria-label="a""#))
  }

  @Test(
    "what could run, load or link is refused",
    arguments: [
      ("<svg><script>alert(1)</script></svg>", DrawingFault.element("script")),
      ("<svg><foreignObject/></svg>", .element("foreignObject")),
      ("<svg><iframe></iframe></svg>", .element("iframe")),
      ("<svg><style>*{display:none}</style></svg>", .element("style")),
      ("<svg><image href=\"#a\"/></svg>", .element("image")),
      ("<svg><a href=\"#a\"/></svg>", .element("a")),
      ("<svg><animate/></svg>", .element("animate")),
      // In HTML a paragraph would end the drawing.
      ("<svg><p></p></svg>", .element("p")),
      // In HTML a title's element would swallow the rest of the page.
      ("<svg><title><path/></title></svg>", .element("path")),
      ("<svg><desc><title></title></desc></svg>", .element("title")),
      ("<svg onload=\"x()\"/>", .attribute("onload", element: "svg")),
      ("<svg><g ONclick=\"x()\"/></svg>", .attribute("ONclick", element: "g")),
      ("<svg><g href=\"javascript:x()\"/></svg>", .attribute("href", element: "g")),
      ("<svg><g xlink:href=\"//a\"/></svg>", .attribute("xlink:href", element: "g")),
    ])
  func dangers(svg: String, expected: DrawingFault) { #expect(fault(of: svg) == expected) }

  @Test(
    "what could reach beyond its own end is refused",
    arguments: [
      "<svg>", "<svg", "<svg><g></svg>", "<svg/><svg/>", "<svg></g></svg>", "<svg></div></svg>",
      "<svg></svg></div>", "<svg><g></g", "<svg><g a=\"</svg>", "<svg a=b/>", "<svg a='b'/>",
      "<svg a/>", "<svg \"a\"=\"b\"/>", "<svg><g <g/></svg>", "<svg><!-- </svg>",
      "<svg><!----></svg>",
      "<svg><![CDATA[x]]></svg>", "<!DOCTYPE svg><svg/>", "<svg><?php?></svg>", "", "hello", "<p/>",
      "x<svg/>", "<svg/>x", "<svg>a < b</svg>", "<svg></></svg>", "<svg><g></g/></svg>",
      "<svg></g a=\"b\"></svg>",
      "<SVG></SVG>", "<svg><G></g></svg>", "<svg><title></svg></title></svg>",
    ])
  func unbalanced(svg: String) { #expect(fault(of: svg) != nil) }

  @Test("elements may be nested 64 deep") func depth() {
    func nested(_ depth: Int) -> String {
      "<svg>" + String(repeating: "<g>", count: depth) + String(repeating: "</g>", count: depth)
        + "</svg>"
    }
    #expect(fault(of: nested(63)) == nil)
    #expect(fault(of: nested(64)) == .tooDeep(limit: 64))
    #expect(fault(of: nested(1_000_000)) == .tooDeep(limit: 64))
  }

  @Test("no broken drawing reaches over its end, however it is broken")
  func mutations() throws {
    let svg = ##"""
      <svg viewBox="0 0 1 1"><title id="t">x</title><g clip-path="url(#c)"><path d="M0 0"/>\##
      <text x="1">a &lt; b</text></g></svg>
      """##
    let inserts = ["<", ">", "\"", "</svg>", "</div>", "<p>", "/", "<!--", "'", "=", "</title>"]
    for index in svg.indices {
      for insert in inserts {
        var broken = svg
        broken.insert(contentsOf: insert, at: index)
        guard let drawing = try? Drawing(svg: broken) else { continue }
        let placed = drawing.placed(number: 1, alternative: "")
        // What was taken opens and closes as many elements as before, and closes the root last.
        #expect(tags(placed) == tags(svg), "\(broken)")
        #expect(placed.hasSuffix("</svg>"))
      }
    }
  }

  private func tags(_ svg: String) -> [String] {
    svg.matches(of: #/<(\/?[a-z]+)([^>"]|"[^"]*")*>/#).map { String($0.output.1) }
  }
}
