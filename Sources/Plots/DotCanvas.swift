/// The plot area of a terminal's figure: two by four Braille dots in each character.
///
/// Places are counted in dots from the upper left corner, so a canvas of 60 × 15 characters is a
/// drawing of 120 × 60.
struct DotCanvas {
  let columns: Int
  let rows: Int

  private struct Cell {
    var dots: UInt8 = 0
    /// A character that stands instead of dots; 0 for none.
    var scalar: UInt32 = 0
    /// Written words are not drawn over.
    var isText = false
  }
  private var cells: [Cell]

  init(columns: Int, rows: Int) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
    cells = Array(repeating: Cell(), count: self.columns * self.rows)
  }

  /// The bits of U+2800…U+28FF by dot: columns of four, the lowest row apart.
  private static let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]

  mutating func dot(_ x: Double, _ y: Double) {
    guard x > -1, y > -1, x < 1e6, y < 1e6 else { return }
    let (column, row) = (Int(x.rounded()), Int(y.rounded()))
    guard column >= 0, row >= 0, column < columns * 2, row < rows * 4 else { return }
    let index = row / 4 * columns + column / 2
    cells[index].dots |= Self.bits[column % 2][row % 4]
  }

  /// - Parameter dash: how many dots are drawn and left out in turn; 0 for none left out.
  mutating func line(
    from a: (x: Double, y: Double), to b: (x: Double, y: Double), dash: Int
  ) {
    let bound = Double(4 * max(columns, rows)) + 8
    let (ax, ay) = (max(-bound, min(bound, a.x)), max(-bound, min(bound, a.y)))
    let (bx, by) = (max(-bound, min(bound, b.x)), max(-bound, min(bound, b.y)))
    let steps = max(1, Int(max((bx - ax).magnitude, (by - ay).magnitude).rounded(.up)))
    for step in 0...steps {
      let t = Double(step) / Double(steps)
      let (x, y) = (ax + t * (bx - ax), ay + t * (by - ay))
      if dash > 0, Int((x + y + 4 * bound) / Double(dash)) % 2 == 1 { continue }
      dot(x, y)
    }
  }

  /// A band, as every second dot.
  mutating func shade(x: Double, from: Double, to: Double) {
    guard x > -1, x < 1e6 else { return }
    let column = Int(x.rounded())
    let low = max(0, min(from, to)).rounded(.up)
    let high = min(Double(rows * 4 - 1), max(from, to))
    var y = low
    while y <= high {
      if (column + Int(y) * 2) % 4 == 0 { dot(Double(column), y) }
      y += 1
    }
  }

  mutating func put(_ scalar: Unicode.Scalar, atDot x: Double, _ y: Double) {
    guard x > -1, y > -1, x < 1e6, y < 1e6 else { return }
    let (column, row) = (Int(x.rounded()) / 2, Int(y.rounded()) / 4)
    guard column < columns, row < rows, !cells[row * columns + column].isText else { return }
    cells[row * columns + column].scalar = scalar.value
  }

  mutating func rule(horizontalAt y: Double) {
    guard y > -1, y < Double(rows * 4) else { return }
    let row = min(rows - 1, max(0, Int(y.rounded()) / 4))
    for column in 0..<columns where cells[row * columns + column].scalar == 0 {
      cells[row * columns + column].scalar = 0x2504
    }
  }

  mutating func rule(verticalAt x: Double) {
    guard x > -1, x < Double(columns * 2) else { return }
    let column = min(columns - 1, max(0, Int(x.rounded()) / 2))
    for row in 0..<rows where cells[row * columns + column].scalar == 0 {
      cells[row * columns + column].scalar = 0x250A
    }
  }

  mutating func write(_ text: String, atDot x: Double, _ y: Double) {
    guard x > -1e6, x < 1e6, y > -1e6, y < 1e6 else { return }
    let row = max(0, min(rows - 1, Int(y.rounded()) / 4))
    var column = max(0, min(Int(x.rounded()) / 2, columns - Label.columns(text)))
    for scalar in text.unicodeScalars {
      let width = Label.columns(scalar)
      guard width > 0 else { continue }
      guard column + width <= columns else { return }
      cells[row * columns + column] = Cell(scalar: scalar.value, isText: true)
      // The second half of a wide character is no character of its own.
      if width == 2 { cells[row * columns + column + 1] = Cell(scalar: .max, isText: true) }
      column += width
    }
  }

  mutating func write(_ text: String, endingAtDot x: Double, _ y: Double) {
    write(text, atDot: x - 2 * Double(Label.columns(text)), y)
  }

  /// A bar in eighths of a character.
  mutating func column(
    from start: Double, to end: Double, base: Double, tip: Double, series: Int, isLying: Bool
  ) {
    guard !isLying else {
      lyingColumn(from: start, to: end, base: base, tip: tip, series: series)
      return
    }
    let first = max(0, Int((start / 2).rounded()))
    let last = min(columns - 1, max(first, Int((end / 2).rounded()) - 1))
    guard first <= last else { return }
    let (top, bottom) = (min(base, tip), max(base, tip))
    for row in 0..<rows {
      let (upper, lower) = (Double(row * 4), Double(row * 4 + 4))
      let covered = min(bottom, lower) - max(top, upper)
      guard covered > 0.2 else { continue }
      let eighths = max(1, min(8, Int((covered * 2).rounded())))
      var scalar = Self.shades[series % Self.shades.count]
      if eighths < 8 {
        // The tip of a bar upwards fills its lower part; downwards there is only the upper half.
        scalar = tip < base ? 0x2580 + UInt32(eighths) : eighths >= 3 ? 0x2580 : 0x2594
      }
      for column in first...last where !cells[row * columns + column].isText {
        cells[row * columns + column].scalar = scalar
      }
    }
  }

  private mutating func lyingColumn(
    from start: Double, to end: Double, base: Double, tip: Double, series: Int
  ) {
    let first = max(0, Int((start / 4).rounded()))
    let last = min(rows - 1, max(first, Int((end / 4).rounded()) - 1))
    guard first <= last else { return }
    let (left, right) = (min(base, tip), max(base, tip))
    for column in 0..<columns {
      let covered = min(right, Double(column * 2 + 2)) - max(left, Double(column * 2))
      guard covered > 0.1 else { continue }
      let eighths = max(1, min(8, Int((covered * 4).rounded())))
      var scalar = Self.shades[series % Self.shades.count]
      if eighths < 8 { scalar = tip >= base ? 0x2590 - UInt32(eighths) : 0x2590 }
      for row in first...last where !cells[row * columns + column].isText {
        cells[row * columns + column].scalar = scalar
      }
    }
  }

  private static let shades: [UInt32] = [0x2588, 0x2592, 0x2593, 0x2591]

  /// Fills every character by the shade of the value at its middle: `value` takes shares of the
  /// panel's frame from the upper left, and gives a share of the scale, or nil for an empty cell.
  mutating func shadeCells(in panel: Panel, _ value: (Double, Double) -> Double?) {
    for row in 0..<rows {
      for column in 0..<columns {
        let x = (Double(column) + 0.5) / Double(columns)
        let y = (Double(row) + 0.5) / Double(rows)
        cells[row * columns + column].scalar = value(x, y).map { Self.shade($0).value } ?? 0xB7
      }
    }
  }

  static func shade(_ share: Double) -> Unicode.Scalar {
    let shades: [Unicode.Scalar] = [" ", "░", "▒", "▓", "█"]
    return shades[max(0, min(4, Int((share * 4.999).rounded(.down))))]
  }

  /// One row of characters, without blanks at its end.
  func line(_ row: Int) -> String {
    var result = String.UnicodeScalarView()
    var blanks = 0
    for column in 0..<columns {
      let cell = cells[row * columns + column]
      // The second half of a wide character is no character of its own.
      if cell.scalar == .max { continue }
      let value =
        cell.scalar != 0 ? cell.scalar : cell.dots != 0 ? 0x2800 + UInt32(cell.dots) : 0x20
      if value == 0x20 {
        blanks += 1
        continue
      }
      for _ in 0..<blanks { result.append(" ") }
      blanks = 0
      result.append(Unicode.Scalar(value) ?? " ")
    }
    return String(result)
  }
}
