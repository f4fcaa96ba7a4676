import Markdown
import Markup
import Transcript

extension ArticleRenderer {
  func render(_ block: CodeBlock, item: Int?, at position: SourcePosition) -> Node {
    if let index = item {
      switch chapter.items[index] {
      case .cell(let cell): return render(cell, item: index)
      case .derivation(let derivation): return render(derivation, item: index)
      case .value, .claim: break
      }
    }
    let language = block.info?.split(separator: " ").first.map(String.init) ?? ""
    return listing(block.literal, language: language, at: position)
  }

  /// Code that can be copied.
  func listing(
    _ text: String, language: String, at position: SourcePosition, isFolded: Bool = false
  ) -> Node {
    var inner = Node.text(text)
    let sample = CodeSample(language: language, text: text)
    if let html = code.html(sample) {
      inner = .raw(html)
    } else if let reason = code.failure(sample) {
      report(.listingWithoutColours(reason: reason), at: position, as: .warning)
    }
    let attributes = language.isEmpty ? [] : [("class", "language-" + language)]
    let block = Node(
      "div", [("class", "listing")], Node("pre", [], Node("code", attributes, inner)))
    guard isFolded else { return block }
    return Node(
      "details", [("class", "code-fold")], Node("summary", [], .text("Show the code")), block)
  }

  private func render(_ cell: Cell, item index: Int) -> Node {
    var code: Node?
    switch cell.echo {
    case .show: code = listing(cell.source, language: "swift", at: cell.position)
    case .fold: code = listing(cell.source, language: "swift", at: cell.position, isFolded: true)
    case .hide: break
    }
    let label = self.label(at: cell.position)
    var output: [Node] = []
    if cell.showsOutput, record.outputs.indices.contains(index) {
      output = outputs(record.outputs[index], of: cell, label: label)
    }
    let caption = render(cell.captionContent)
    let claims = cellClaims(index)
    var parts: [Node] = []
    if label?.kind == .listing, let listed = code {
      // The caption belongs to the code, not to what it shows.
      let figure = Node(
        "figure", [("class", "listed"), ("id", label!.anchor)], figureCaption(label, caption),
        listed)
      keepPreview(of: label, figure)
      code = figure
    } else if label != nil || !caption.isEmpty {
      let isTable = label?.kind == .table
      let text = figureCaption(label, caption)
      let figure = Node(
        "figure",
        [("class", isTable ? "table" : "figure")] + (label.map { [("id", $0.anchor)] } ?? []),
        children: isTable ? [text] + output : output + [text])
      keepPreview(of: label, figure)
      output = [figure]
    }
    if let code, cell.echo == .show { parts.append(code) }
    parts += output
    if let code, cell.echo == .fold { parts.append(code) }
    if let claims { parts.append(claims) }
    return Node("div", [("class", "cell")], children: parts)
  }

  private func outputs(
    _ outputs: [ExecutionRecord.Output], of cell: Cell, label: Outline.Label?
  ) -> [Node] {
    var nodes: [Node] = []
    var printed = ""
    var figures: [Node] = []
    func flush() {
      if !printed.isEmpty {
        nodes.append(Node("pre", [("class", "output")], .text(PrintedText.shown(printed))))
      }
      printed = ""
      switch figures.count {
      case 0: break
      case 1: nodes.append(figures[0])
      default:
        let units = found.drawingUnits > 0 ? [("style", "--units: \(found.drawingUnits)")] : []
        nodes.append(Node("div", [("class", "drawings")] + units, children: figures))
      }
      (figures, found.drawingUnits) = ([], 0)
    }
    for output in outputs {
      switch output {
      case .standardOutput(let text):
        if !figures.isEmpty { flush() }
        printed += text
      case .text(let text):
        if !figures.isEmpty { flush() }
        printed += text.hasSuffix("\n") ? text : text + "\n"
      case .standardError(let text):
        flush()
        nodes.append(
          Node("pre", [("class", "output error-stream")], .text(PrintedText.shown(text))))
      case .table(let table):
        flush()
        nodes.append(Node("div", [("class", "table-scroll")], Self.table(table)))
      case .figure(let figure):
        if !printed.isEmpty { flush() }
        figures.append(drawing(figure, of: cell))
      case .expectedError(let message):
        flush()
        nodes.append(
          Node(
            "div", [("class", "expected-error")],
            Node("p", [("class", "block-title")], .text("This cell stops, as it should:")),
            Node("pre", [], .text(PrintedText.shown(message)))))
      }
    }
    flush()
    return nodes
  }

  private static func table(_ table: Event.Table) -> Node {
    func row(_ cells: [String], _ name: String) -> Node {
      Node(
        "tr",
        children: cells.enumerated().map { index, text in
          var attributes = name == "th" ? [("scope", "col")] : []
          if table.numeric.indices.contains(index), table.numeric[index] {
            attributes.append(("class", "align-right numeric"))
          }
          return Node(name, attributes, .text(PrintedText.shown(text)))
        })
    }
    return Node(
      "table", [],
      Node("thead", [], row(table.columns, "th")),
      Node("tbody", children: table.rows.map { row($0, "td") }))
  }

  /// A drawing takes identifiers of its own, so that many share a page.
  private func drawing(_ figure: Event.Figure, of cell: Cell) -> Node {
    found.drawings += 1
    do throws(DrawingFault) {
      let drawing = try Drawing(svg: figure.svg)
      found.drawingUnits = max(found.drawingUnits, drawing.units ?? 0)
      return Node(
        "div", [("class", "drawing")],
        .raw(
          drawing.placed(
            number: found.drawings,
            alternative: cell.alt.isEmpty ? figure.description : text.spoken(cell.alt))))
    } catch {
      report(.drawing(error), at: cell.position)
      return .text(figure.description)
    }
  }
}
