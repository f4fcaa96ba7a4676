import CCMark

/// Finds what of a file is not CommonMark, with the blocks and inlines that cmark saw under the
/// previous mask. What an addition claims by looking ahead to its end is claimed whatever cmark saw
/// there.
struct MaskBuilder {
  let source: SourceText
  let map: BlockMap
  let previous: Mask
  /// Where something was claimed that cmark then saw as no text.
  let rejected: Set<Int>
  var mask = Mask()
  var faults: [MarkdownFault] = []
  private var canReuse = false

  /// How many `:::` blocks are open in each container.
  var openBlocks: [Int: Int] = [:]
  /// The first line that is not yet part of a formula or a table.
  var nextLine = 0
  /// No formula of this container that opens before this line is closed.
  var mathUnclosedBefore: [Int: Int] = [:]
  /// The number of the leaf, and the container, where a table ended last.
  var tableEnd = (number: -2, container: -1)
  private var previousPhrases: [Int: Int] = [:]
  private var leafRegions: [Mask.Region]?

  init(_ map: BlockMap, previous: Mask, rejected: Set<Int>) {
    source = map.text.source
    self.map = map
    self.previous = previous
    self.rejected = rejected
    for (index, phrase) in previous.phrases.enumerated() {
      if let first = phrase.text.pieces.first { previousPhrases[first.range.lowerBound] = index }
    }
  }

  mutating func build() {
    for leaf in map.leaves {
      if case .footnote(let claim) = leaf.kind { addLabel(previous.claims[claim]) }
    }
    canReuse = rejected.isEmpty && mask.footnotes == previous.footnotes
    for leaf in map.leaves { read(leaf) }
  }

  private mutating func addLabel(_ claim: Mask.Claim) {
    guard case .footnote(let label, _) = claim.kind else { return }
    let position = source.position(line: claim.line, offset: claim.range.lowerBound)
    if let first = mask.footnotes[label] {
      guard first != position else { return }
      faults.append(MarkdownFault(.duplicateFootnote(label: label, first: first), at: position))
    } else {
      mask.footnotes[label] = position
    }
  }

  private mutating func read(_ leaf: BlockMap.Leaf) {
    leafRegions = nil
    if case .footnote(let claim) = leaf.kind {
      if previous.claims[claim].line >= nextLine { add(previous.claims[claim]) }
      return
    }
    var first = leaf.lines.lowerBound + leaf.definitionLines
    var index = first
    while index < leaf.lines.upperBound {
      if map.lines[index].line < nextLine {
        readText(first..<index, of: leaf)
        first = index + 1
      } else if let start = blockStart(at: index, of: leaf) {
        readText(first..<index, of: leaf)
        first = index + 1
        claim(start, at: index, of: leaf)
      }
      index += 1
    }
    readText(first..<index, of: leaf)
  }

  mutating func add(_ claim: Mask.Claim) {
    mask.body.append(mask.claims.count)
    mask.claims.append(claim)
  }

  // MARK: Texts

  private mutating func readText(_ range: Range<Int>, of leaf: BlockMap.Leaf) {
    guard let first = range.first, let last = range.last else { return }
    let isCaption =
      isCaption(map.lines[first]) && map.lines[first].container == tableEnd.container
      && (0...1).contains(leaf.number - tableEnd.number)
    tableEnd = (-2, -1)
    let isHeading =
      leaf.kind == .atxHeading
      || leaf.kind == .setextHeading && range.upperBound == leaf.lines.upperBound
    var end = source.lineEnds[map.lines[last].line]
    var attributes: Mask.Claim?
    if isHeading || isCaption {
      attributes = self.attributes(
        in: map.lines[last], isHeading: isHeading, isATX: leaf.kind == .atxHeading)
      end = attributes?.range.lowerBound ?? end
    }
    if hasTrigger(map.lines[first].first..<end) {
      let regions = regions(of: leaf)
      if !reuse(map.lines[range], to: end, regions) {
        var run = Excerpt()
        for index in range {
          if index > first { run.bytes.append(0x0A) }
          run.append(stretch(map.lines[index], to: end), of: source, line: map.lines[index].line)
        }
        let (claims, faults) = (mask.claims.count, faults.count)
        addClaims(in: run, regions) { $0.add($1) }
        keep(
          Mask.Text(
            pieces: run.pieces, regions: regions, claims: claims..<mask.claims.count,
            faults: Array(self.faults[faults...])))
      }
    }
    if let attributes { add(attributes) }
  }

  /// A line of a text that ends at a byte of the file.
  private func stretch(_ line: BlockMap.Line, to end: Int) -> Range<Int> {
    line.first..<max(min(source.lineEnds[line.line], end), line.first)
  }

  private mutating func keep(_ text: Mask.Text) {
    mask.texts[text.pieces[0].range.lowerBound] = text
  }

  /// Adds what the previous round found in a text, if nothing of the text has changed.
  private mutating func reuse(
    _ lines: ArraySlice<BlockMap.Line>, to end: Int, _ regions: [Mask.Region]
  ) -> Bool {
    guard canReuse, let first = lines.first, var text = previous.texts[first.first],
      text.regions == regions, text.pieces.count == lines.count,
      zip(text.pieces, lines).allSatisfy({ $0.range == stretch($1, to: end) })
    else { return false }
    let start = mask.claims.count
    for claim in previous.claims[text.claims] { add(claim) }
    faults += text.faults
    text.claims = start..<mask.claims.count
    keep(text)
    return true
  }

  private func hasTrigger(_ range: Range<Int>) -> Bool {
    source.bytes[range].contains(where: InlineScanner.isTrigger)
  }

  /// The trailing `{#sec-x}` of a heading or a caption, of a heading also `.unnumbered`, with closing `#`s around it.
  private func attributes(
    in line: BlockMap.Line, isHeading: Bool, isATX: Bool
  ) -> Mask.Claim? {
    let start = line.first
    let lineEnd = source.lineEnds[line.line]
    let textEnd = isATX ? withoutHashes(start..<lineEnd) : lineEnd
    guard let found = AttributeList.trailing(source.bytes, in: start..<textEnd),
      found.list.classes.allSatisfy({ isHeading && $0 == AttributeList.unnumbered })
    else { return nil }
    let end = isATX ? withoutHashes(start..<found.textEnd) : found.textEnd
    return Mask.Claim(range: end..<lineEnd, line: line.line, kind: .attributes(found.list))
  }

  /// `## Title ##`: where the text ends before the closing run and the spaces around it.
  private func withoutHashes(_ range: Range<Int>) -> Int {
    let bytes = source.bytes
    let end = bytes.trimmed(range, \.isWhitespace).upperBound
    var hashes = end
    while hashes > range.lowerBound, bytes[hashes - 1] == UInt8(ascii: "#") { hashes -= 1 }
    guard hashes < end, hashes == range.lowerBound || bytes[hashes - 1].isSpaceOrTab else {
      return end
    }
    return bytes.trimmed(range.lowerBound..<hashes, \.isWhitespace).upperBound
  }

  /// Claims a text's additions; what lies on further lines is a claim of its own.
  private mutating func addClaims(
    in run: Excerpt, _ regions: [Mask.Region], _ add: (inout Self, Mask.Claim) -> Void
  ) {
    guard let first = run.pieces.first, let last = run.pieces.last else { return }
    var scanner = InlineScanner(
      run.bytes,
      regions: regions.isEmpty
        ? []
        : regions.compactMap { region in
          let (start, end) = (region.range.lowerBound, region.range.upperBound)
          guard start >= first.range.lowerBound, end <= last.range.upperBound else { return nil }
          let offset = run.offset(ofOrigin: start)
          return Mask.Region(
            range: offset..<max(offset, run.offset(ofOrigin: end)), kind: region.kind)
        },
      footnotes: mask.footnotes)
    scanner.scan()
    for (label, offset) in scanner.undefinedFootnotes {
      let line = run.pieces[run.piece(at: offset)].line
      faults.append(
        MarkdownFault(
          .undefinedFootnote(label: label),
          at: source.position(line: line, offset: run.origin(of: offset))))
    }
    for addition in scanner.additions {
      let start = run.origin(of: addition.range.lowerBound)
      let end = run.origin(of: addition.range.upperBound - 1) + 1
      guard !rejected.contains(start) else { continue }
      let hidden = addition.hidden.map { region in
        Mask.Region(
          range: run.origin(
            of: region.range.lowerBound)..<(run.origin(of: region.range.upperBound - 1) + 1),
          kind: region.kind)
      }
      let low = run.piece(at: addition.range.lowerBound)
      let high = run.piece(at: addition.range.upperBound - 1)
      for index in low...high {
        let piece = run.pieces[index]
        let from = index == low ? start : piece.range.lowerBound
        add(
          &self,
          Mask.Claim(
            range: from..<(index == high ? end : piece.range.upperBound), line: piece.line,
            kind: index == low ? .inline(addition.kind) : .continuation,
            hidden: index == low ? hidden : []))
      }
    }
  }

  /// Adds a text that is to stand alone, and returns its number.
  mutating func addPhrase(_ run: Excerpt, in leaf: BlockMap.Leaf?) -> Int {
    var phrase = Mask.Phrase(text: run)
    if run.bytes.contains(where: InlineScanner.isTrigger) {
      let known = run.pieces.first.flatMap { previousPhrases[$0.range.lowerBound] }
      let regions = known.map { self.regions(ofPhrase: $0) } ?? leaf.map { self.regions(of: $0) }
      addClaims(in: run, regions ?? []) { builder, claim in
        if case .continuation = claim.kind, let last = phrase.claims.last {
          let start = builder.mask.claims[last].range.lowerBound
          builder.mask.claims[last].range = start..<claim.range.upperBound
        } else {
          phrase.claims.append(builder.mask.claims.count)
          builder.mask.claims.append(claim)
        }
      }
    }
    mask.phrases.append(phrase)
    return mask.phrases.count - 1
  }

  // MARK: What cmark found

  private func regions(ofPhrase index: Int) -> [Mask.Region] {
    regions(InlineWalk(phrase: index, in: map))
  }

  private mutating func regions(of leaf: BlockMap.Leaf) -> [Mask.Region] {
    if let leafRegions { return leafRegions }
    let found = regions(InlineWalk(leaf, in: map))
    leafRegions = found
    return found
  }

  private func regions(_ walk: InlineWalk) -> [Mask.Region] {
    var walk = walk
    var regions: [Mask.Region] = []
    func add(_ range: Range<Int>, _ kind: Mask.Region.Kind) {
      guard !range.isEmpty else { return }
      let start = map.text.origin(of: range.lowerBound).offset
      let end = map.text.origin(of: range.upperBound).offset
      regions.append(Mask.Region(range: start..<max(start, end), kind: kind))
    }
    while let event = walk.next() {
      switch event {
      case .enter: break
      case .leaf(let node, let range):
        switch node.type {
        case CMARK_NODE_CODE: add(range, .code)
        case CMARK_NODE_HTML_INLINE: add(range, .verbatim)
        case CMARK_NODE_TEXT:
          let literal = node.literal
          var from = 0
          while let (token, number) = map.text.token(in: literal, from: from) {
            regions += previous.claims[number].hidden
            from = token.upperBound
          }
        default: break
        }
      case .leave(_, let start, let tail):
        guard !tail.isEmpty else { break }
        let isLabel =
          map.text.bytes[tail].elementsEqual("]".utf8)
          || map.text.bytes[tail].elementsEqual("][]".utf8)
        if isLabel || map.text.bytes[tail.lowerBound] != UInt8(ascii: "]") {
          add(start..<tail.upperBound, .verbatim)
        } else {
          add(start..<tail.lowerBound, .link)
          add(tail, .verbatim)
        }
      }
    }
    return regions.sorted {
      ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound)
    }
  }
}
