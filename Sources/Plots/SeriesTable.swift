/// Who shares a colour with whom, over all panels of a figure.
struct SeriesTable {
  struct Entry {
    var name: String
    var look: Look
    var hasLine = false
    var hasSymbol = false
    var hasBlock = false
    var style: LineStyle = []
  }

  /// What a mark is looked up by: the bytes of its name, or its place among the unnamed ones of its
  /// panel. Bytes, because comparing a `String` would bring Unicode's tables along.
  private enum Key: Equatable {
    case named([UInt8])
    case unnamed(Int)
  }
  private var keys: [Key] = []
  /// The series that a legend names, in order of their first mark.
  private(set) var entries: [Entry] = []
  /// Whether there are several lines that have to be told apart.
  private var showsSymbols = false

  init(_ parts: [Figure]) {
    var lines = 0
    for part in parts {
      var unnamed = 0
      for mark in part.marks {
        guard let key = Self.key(of: mark, &unnamed) else { continue }
        if !keys.contains(key) {
          keys.append(key)
          if mark.takesSymbols { lines += 1 }
        }
      }
    }
    showsSymbols = lines > 1
    for part in parts {
      for mark in part.marks where !mark.name.isEmpty && mark.swatch != nil {
        note(mark, in: parts)
      }
    }
  }

  private static func key(of mark: Mark, _ unnamed: inout Int) -> Key? {
    if !mark.name.isEmpty { return .named(Array(mark.name.utf8)) }
    guard mark.takesColor, mark.color == .automatic else { return nil }
    unnamed += 1
    return .unnamed(unnamed - 1)
  }

  private mutating func note(_ mark: Mark, in parts: [Figure]) {
    var place = entries.count
    for (index, entry) in entries.enumerated() where isSame(entry.name, mark.name) { place = index }
    if place == entries.count {
      var look = Look()
      apply(Self.color(ofSeries: mark.name, in: parts), .named(Array(mark.name.utf8)), to: &look)
      look.isOneOfSeveral = isOneOfSeveral(mark, in: parts)
      entries.append(Entry(name: mark.name, look: look))
    }
    switch mark.swatch {
    case .line:
      entries[place].hasLine = true
      entries[place].look.showsSymbols = showsSymbols && mark.takesSymbols
      entries[place].style = mark.style
    case .symbol: entries[place].hasSymbol = true
    case .block: entries[place].hasBlock = true
    case nil: break
    }
  }

  /// The colour that any mark of the series asks for.
  private static func color(ofSeries name: String, in parts: [Figure]) -> PlotColor {
    for part in parts {
      for mark in part.marks where isSame(mark.name, name) && mark.color != .automatic {
        return mark.color
      }
    }
    return .automatic
  }

  /// Whether there are bars of another series than this bar's.
  private func isOneOfSeveral(_ mark: Mark, in parts: [Figure]) -> Bool {
    mark.bar != nil
      && parts.contains { part in
        part.marks.contains { $0.bar != nil && !isSame($0.name, mark.name) }
      }
  }

  private func apply(_ color: PlotColor, _ key: Key?, to look: inout Look) {
    switch color {
    case .ink: look.color = Palette.ink
    case .muted: look.color = Palette.muted
    case .series(let number): look.index = max(0, number - 1)
    case .automatic: look.index = key.flatMap { keys.firstIndex(of: $0) } ?? 0
    }
    if color == .ink || color == .muted {
      look.index = key.flatMap { keys.firstIndex(of: $0) } ?? 0
    } else {
      look.color = Palette.series(look.index)
    }
    look.symbol = Symbol.of(series: look.index)
  }

  /// How each mark of one panel is drawn.
  func looks(of part: Figure, among parts: [Figure]) -> [Look] {
    var unnamed = 0
    var bars = 0
    var looks: [Look] = []
    for mark in part.marks {
      var look = Look()
      let key = Self.key(of: mark, &unnamed)
      let color = mark.name.isEmpty ? mark.color : Self.color(ofSeries: mark.name, in: parts)
      apply(color, key, to: &look)
      look.showsSymbols = showsSymbols && mark.takesSymbols
      look.isOneOfSeveral = isOneOfSeveral(mark, in: parts)
      if mark.bar != nil {
        look.slot = part.bars == .grouped ? bars : 0
        bars += 1
      }
      looks.append(look)
    }
    for index in looks.indices {
      looks[index].slots = part.bars == .grouped ? max(1, bars) : 1
      adoptColor(&looks, index, part)
    }
    if part.bars == .stacked { stack(&looks, part) }
    return looks
  }

  /// A band without a name belongs to the line that follows it, or else to the one before.
  private func adoptColor(_ looks: inout [Look], _ index: Int, _ part: Figure) {
    let mark = part.marks[index]
    guard mark.name.isEmpty, !mark.takesColor, mark.color == .automatic, mark.layer == .areas else {
      return
    }
    let others = Array(index..<looks.count) + Array((0..<index).reversed())
    for other in others where part.marks[other].takesColor {
      looks[index].color = looks[other].color
      looks[index].index = looks[other].index
      return
    }
  }

  /// Lets each bar stand on the earlier ones of its place, upwards and downwards apart.
  private func stack(_ looks: inout [Look], _ part: Figure) {
    var (x, y) = (Extent(), Extent())
    for mark in part.marks { mark.measure(&x, &y) }
    var piles: [(position: Double, up: Double, down: Double)] = []
    for (index, mark) in part.marks.enumerated() {
      guard let bar = mark.bar else { continue }
      let names = bar.isHorizontal ? y.categories : x.categories
      for (item, position) in bar.places.positions(among: names).enumerated() {
        var pile = piles.count
        for (other, entry) in piles.enumerated() where entry.position == position { pile = other }
        if pile == piles.count { piles.append((position, 0, 0)) }
        let length = bar.lengths[item].isFinite ? bar.lengths[item] : 0
        looks[index].bases.append(length < 0 ? piles[pile].down : piles[pile].up)
        if length < 0 { piles[pile].down += length } else { piles[pile].up += length }
      }
    }
  }
}
