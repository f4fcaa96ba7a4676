/// What of a file is not CommonMark: the stretches that cmark must not read.
struct Mask {
  struct Claim {
    /// Bytes of the file, all on one line but in a phrase.
    var range: Range<Int>
    var line: Int
    let kind: Kind
    /// Code, tags and addresses inside a formula, which cmark no longer sees.
    var hidden: [Region] = []

    /// Whether a heading stands for it.
    var isHeading: Bool {
      switch kind {
      case .math, .container, .containerEnd, .table, .part: true
      case .footnote(_, let isEmpty): isEmpty
      case .inline, .continuation, .attributes: false
      }
    }

    /// Whether a list's item stands for it.
    var isFootnote: Bool {
      if case .footnote = kind { true } else { false }
    }
  }

  enum Kind {
    // Inlines
    case inline(Inline.Kind)
    /// What lies on a further line of an inline that begins on an earlier one.
    case continuation
    /// A trailing `{#sec-x}`.
    case attributes(AttributeList)
    // Lines
    case math(MathBlock)
    case container(AttributeList, title: Int?)
    case containerEnd
    case table(TableHead)
    /// A further line of a formula or a table.
    case part
    /// `[^label]: `, up to the text.
    case footnote(label: String, isEmpty: Bool)
  }

  struct TableHead {
    var alignments: [Table.Alignment]
    /// The cells, row by row, are phrases from here on.
    var firstPhrase: Int
    var rowCount: Int
  }

  /// A text that is a paragraph of its own: a cell, or the title of a `:::` block.
  struct Phrase {
    var text: Excerpt
    var claims: [Int] = []
  }

  /// What was found in a text outside phrases. The next round finds the same, as long as it has the
  /// same lines and regions.
  struct Text {
    var pieces: [Excerpt.Piece]
    var regions: [Region]
    var claims: Range<Int>
    var faults: [MarkdownFault]
  }

  /// Where an inline addition cannot begin.
  struct Region: Equatable {
    enum Kind {
      case code
      /// A tag, an address, a link's destination, a label.
      case verbatim
      /// A link's text, where a formula may stand.
      case link
    }
    var range: Range<Int>
    var kind: Kind
  }

  var claims: [Claim] = []
  /// The claims outside phrases, in the order of the file.
  var body: [Int] = []
  var phrases: [Phrase] = []
  var footnotes: [String: SourcePosition] = [:]
  /// By where they begin.
  var texts: [Int: Text] = [:]

  /// The first claim that is another than the other mask's; nil if both hide the same bytes.
  func firstDifference(from other: Mask) -> Claim? {
    for (index, claim) in claims.enumerated() {
      guard index < other.claims.count, claim.range == other.claims[index].range,
        claim.isHeading == other.claims[index].isHeading
      else { return claim }
    }
    let isSame =
      claims.count == other.claims.count && phrases.count == other.phrases.count
      && body.count == other.body.count
    return isSame ? nil : other.claims.last
  }
}
