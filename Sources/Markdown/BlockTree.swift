/// The blocks of a file while it is read: nodes in an array, linked by index, in document order.
struct BlockTree {
  enum Kind: UInt8 {
    case document, blockQuote, list, item, code, html, paragraph, heading, thematicBreak
    case math, table, container, footnote
  }

  /// A line of a leaf's text: bytes `start..<end` of the file, after its container's prefix.
  struct Segment {
    var start: Int
    var end: Int
    /// From 0.
    var line: Int
    /// Columns left of a tab that the prefix used only in part.
    var spaces: Int
    /// A lazy continuation line, whose leading white space cmark keeps.
    var isLazy = false
  }

  struct Node {
    var kind: Kind
    var parent: Int
    var depth: Int
    var line: Int
    /// Offset in the file of the block's first byte.
    var start: Int
    var firstChild = -1
    var lastChild = -1
    var next = -1
    var previous = -1
    var isOpen = true
    var isRemoved = false
    var lastLineBlank = false
    var lastLineChecked = false
    /// The leaf's text, in `segments`.
    var segments: Range<Int> = 0..<0
    /// Lines at the start of a paragraph that are link reference definitions.
    var definitionLines = 0
    var payload = Payload.none
    /// From `{#sec-x}` on a heading or `{#tbl-x}` in a table's caption.
    var identifier: String?
    /// The first of the block's texts among the inline leaves; -1 where there is none.
    var leaf = -1
  }

  enum Payload {
    case none
    case list(ListMarker, isTight: Bool)
    case item(markerOffset: Int, padding: Int)
    case heading(level: Int, isSetext: Bool)
    case fence(Fence)
    case indentedCode
    /// CommonMark's start condition, 1 to 7.
    case html(Int)
    case math(MathFence)
    case table(TableHead)
    case container(ContainerHead)
    case footnote(label: String)
  }

  struct ListMarker: Equatable {
    /// `-`, `+`, `*`; or `.`, `)` after a number.
    var character: UInt8
    /// nil for bullets.
    var start: Int?

    func continues(_ other: ListMarker) -> Bool {
      character == other.character && (start == nil) == (other.start == nil)
    }
  }

  struct Fence {
    var character: UInt8
    var length: Int
    var indent: Int
    var info: Range<Int>
    var isClosed = false
  }

  struct MathFence {
    var isBracket: Bool
    var isClosed = false
    var identifier: String?
  }

  struct TableHead {
    var alignments: [Table.Alignment]
    /// The text of the paragraph `: caption` after the table; -1 without one.
    var captionLeaf = -1
  }

  struct ContainerHead {
    var attributes: AttributeList
    var isClosed = false
    var titleLeaf = -1
  }

  var nodes: [Node] = [Node(kind: .document, parent: -1, depth: 0, line: 0, start: 0)]
  var segments: [Segment] = []

  subscript(index: Int) -> Node {
    get { nodes[index] }
    _modify { yield &nodes[index] }
  }

  mutating func append(_ kind: Kind, to parent: Int, line: Int, start: Int) -> Int {
    let index = nodes.count
    var node = Node(
      kind: kind, parent: parent, depth: nodes[parent].depth + 1, line: line, start: start)
    node.segments = segments.count..<segments.count
    let last = nodes[parent].lastChild
    node.previous = last
    if last >= 0 { nodes[last].next = index } else { nodes[parent].firstChild = index }
    nodes[parent].lastChild = index
    nodes.append(node)
    return index
  }

  mutating func remove(_ index: Int) {
    let (parent, next, previous) = (
      nodes[index].parent, nodes[index].next, nodes[index].previous
    )
    if previous >= 0 { nodes[previous].next = next } else { nodes[parent].firstChild = next }
    if next >= 0 { nodes[next].previous = previous } else { nodes[parent].lastChild = previous }
    nodes[index].isRemoved = true
    nodes[index].isOpen = false
  }
}
