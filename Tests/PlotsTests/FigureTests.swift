import Foundation
import Plots
import Testing

@Suite("Figures as values") struct FigureTests {
  private func occurrences(of part: String, in text: String) -> Int {
    text.components(separatedBy: part).count - 1
  }

  @Test("arrays of Double, Float and Int, and ranges, are taken as they are")
  func inputs() {
    let doubles: [Double] = [1, 2, 4]
    let floats: [Float] = [1, 2, 4]
    let expected = Figure(LineMark(x: [0, 1, 2], y: doubles)).svg
    #expect(Figure(LineMark(x: 0..<3, y: floats)).svg == expected)
    #expect(Figure(LineMark(x: 0...2, y: [1, 2, 4])).svg == expected)
    #expect(Figure(LineMark(y: floats)).svg == expected)
    #expect(Figure([LineMark(y: floats)]).svg == expected)
  }

  @Test("two renderings are the same bytes")
  func determinism() {
    for entry in Gallery.entries { #expect(entry.figure.svg == entry.figure.svg) }
  }

  @Test("there is no identifier that two figures of a page could share")
  func identifiers() {
    for entry in Gallery.entries {
      #expect(!entry.figure.svg.contains(" id="))
      #expect(!entry.figure.svg.contains("url("))
    }
  }

  @Test("marks of one name share a colour, and a band without a name takes its line's")
  func colours() {
    let x = [0.0, 1, 2]
    let figure = Figure(
      LineMark(x: x, y: x, name: "a"), LineMark(x: x, y: x, name: "b"),
      AreaMark(x: x, yStart: x, yEnd: [1, 2, 3], name: "b"), legend: .hidden)
    #expect(occurrences(of: "var(--series-2", in: figure.svg) >= 2)
    #expect(occurrences(of: "var(--series-3", in: figure.svg) == 0)
    let band = Figure(AreaMark(x: x, yStart: x, yEnd: [1, 2, 3]), LineMark(x: x, y: x))
    #expect(occurrences(of: "var(--series-1", in: band.svg) == 2)
    #expect(occurrences(of: "var(--series-2", in: band.svg) == 0)
  }

  @Test("error bars take the colour of the series they name, and the text's without a name")
  func errorBars() {
    let x = [0.0, 1, 2]
    let line = LineMark(x: x, y: x, name: "a")
    let other = LineMark(x: x, y: [3, 2, 1], name: "b")
    let high = [1.0, 2, 3]
    let alone = Figure(line, other, legend: .hidden).svg
    let named = Figure(
      line, other, RuleMark(x: x, yStart: x, yEnd: high, name: "b"), legend: .hidden
    ).svg
    for series in ["var(--series-1", "var(--series-2"] {
      let more = series == "var(--series-2" ? 1 : 0
      #expect(occurrences(of: series, in: named) == occurrences(of: series, in: alone) + more)
    }
    let unnamed = RuleMark(x: x, yStart: x, yEnd: high)
    let ink = RuleMark(x: x, yStart: x, yEnd: high, color: .ink)
    #expect(Figure(line, other, unnamed).svg == Figure(line, other, ink).svg)
  }

  @Test("values that are not finite are gaps in the line")
  func gaps() {
    let whole = Figure(LineMark(y: [1, 2, 3, 2, 1])).svg
    let broken = Figure(LineMark(y: [1, 2, .nan, 2, 1])).svg
    #expect(broken != whole)
    #expect(!broken.contains("nan"))
    let none = Figure(LineMark(y: [Double.nan, .infinity, -.infinity]))
    #expect(none.svg.contains("no data"))
    #expect(none.unicode() == "(no data)")
  }

  @Test("nothing at all is a figure that says so")
  func empty() {
    for figure in [
      Figure([]), Figure(panels: []), Figure(LineMark(y: [Double]())),
      Figure(PointMark(x: [Float](), y: [Float]())),
      Figure(BarMark(x: [String](), y: [Double]())), Figure(BarMark(histogram: [Double]())),
      Figure(RectangleMark(z: [[Double]]())), Figure(RectangleMark(z: [[Double](), []])),
      Figure(RectangleMark(image: [[Float]]())),
      Figure(panels: [Figure([]), Figure([])], columns: 9),
      Figure(AreaMark(x: [Double](), y: [Double]())),
      Figure(LineMark(x: [1.0], y: [-1.0]), yScale: .log),
    ] {
      #expect(figure.svg.hasPrefix("<svg "))
      #expect(figure.svg.hasSuffix("</svg>"))
      #expect(!figure.unicode().isEmpty)
      #expect(!figure.description.isEmpty)
    }
  }

  @Test("a hundred thousand points cost a page no more than the line's look needs")
  func decimation() {
    let points = (0..<100_000).map { index -> Double in
      let peak: Double = index % 997 == 0 ? 1.5 : 0
      return sin(Double(index) / 7000) + peak
    }
    let figure = Figure(LineMark(y: points))
    #expect(figure.svg.utf8.count < 24_000)
    var noise = Gallery.Noise(state: 6)
    let xs = (0..<100_000).map { _ in noise.uniform() }
    let ys = (0..<100_000).map { _ in noise.uniform() }
    #expect(Figure(PointMark(x: xs, y: ys)).svg.utf8.count < 1_200_000)
  }

  @Test("a matrix with more cells than a figure has points is drawn by the means of its blocks")
  func largeMatrix() {
    let z = (0..<900).map { row in (0..<1100).map { column in Float((row * 7 + column * 3) % 100) }
    }
    let svg = Figure(RectangleMark(z: z)).svg
    #expect(svg.utf8.count < 900_000)
    #expect(!Figure(RectangleMark(z: z)).unicode().isEmpty)
  }

  @Test("decimation keeps every peak")
  func peaks() {
    let run = (0..<10_000).map { index -> (x: Double, y: Double) in
      let y: Double = index == 7777 ? 100 : Double(index % 7)
      return (Double(index) / 50, y)
    }
    let thin = Panel.decimated(run)
    #expect(thin.count <= 4 * 201)
    #expect(thin.contains { $0.y == 100 })
    #expect(thin.first?.x == run.first?.x)
    #expect(thin.last?.x == run.last?.x)
  }

  @Test("extreme sizes and values never crash and stay bounded")
  func extremes() {
    let extremes = [
      -.greatestFiniteMagnitude, -1, -.leastNonzeroMagnitude, 0, 5e-324, 1, 1e308, .nan,
    ]
    for scale in [ScaleType.linear, .log, .log2, .symmetricLog] {
      for a in extremes {
        for b in extremes {
          let figure = Figure(
            LineMark(x: [a, b, 1], y: [b, a, a], name: "a"), PointMark(x: [a], y: [b]),
            AreaMark(x: [a, b], y: [b, a]), BarMark(x: [a, b], y: [a, b]),
            RuleMark(x: a, label: "a"),
            RuleMark(y: b, label: "b"), TextMark(x: a, y: b, "t"), xScale: scale, yScale: scale)
          #expect(figure.svg.utf8.count < 60_000)
          #expect(!figure.unicode(width: 40).isEmpty)
        }
      }
    }
    for width in [-1, 0, .nan, .infinity, 1e9] {
      #expect(Figure(LineMark(y: [1, 2]), width: width, aspect: width).svg.utf8.count < 20_000)
    }
    #expect(!Figure(LineMark(y: [1, 2])).unicode(width: -5).isEmpty)
  }

  @Test("names reach the page as text")
  func names() {
    let svg = Gallery.hostile.svg
    #expect(!svg.contains("<script"))
    #expect(!svg.contains("<b>"))
    #expect(svg.contains("&lt;script&gt;"))
    #expect(!svg.contains("\u{202E}"))
    #expect(!svg.contains("\u{0}"))
  }

  @Test("the description names marks, series, ends and axes")
  func description() {
    let text = Gallery.loss.description
    #expect(text.hasPrefix("Line chart of loss (nats) against step."))
    #expect(text.contains("“InfoNCE” falls from"))
    #expect(text.contains("A horizontal rule “log 64” at 4.159."))
    #expect(text.contains("The horizontal axis shows 0 to 399."))
    #expect(Gallery.panels.description.contains("Panel τ = 0.05: Line chart"))
    #expect(Gallery.stacked.description.contains("KL(p‖q)"))
  }

  @Test("arrays of different lengths stop the program with a sentence that names both")
  func mismatch() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LineMark(x: [1, 2, 3], y: [1, 2])
    }
    let text = result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
    #expect(text.contains("LineMark: x has 3 values and y has 2"))
  }
}
