import Markup
import Notation

/// A heatmap, an image, or a rectangle that sets a region apart.
public final class RectangleMark: Mark, @unchecked Sendable {
  /// How a value becomes a colour.
  public enum Colors: Sendable {
    /// One hue, or two where the values have both signs.
    case automatic
    /// From pale to dark in one hue.
    case sequential
    /// Two hues that meet at zero.
    case diverging
    /// From black to white, on a dark page too: for images.
    case gray
  }

  struct Grid: Sendable {
    /// Rows from the top, or from `yRange`'s lower end where there is one. NaN is an empty cell.
    var values: [[Double]]
    var columnNames: [String]
    var rowNames: [String]
    var xRange: ClosedRange<Double>?
    var yRange: ClosedRange<Double>?
    var decimals: Int?
    var ramp: Ramp
    var isImage: Bool
    /// The colour of each cell as 0xRRGGBB; nil takes the ramp's.
    var paints: [[Int]]?

    var rows: Int { values.count }
    var columns: Int { values.reduce(0) { max($0, $1.count) } }

    /// How many rows and columns are drawn as one cell, the mean of theirs: a figure cannot show
    /// more than it has points.
    var block: Int { max(1, (max(rows, columns) + 179) / 180) }

    /// The values of the cells that are drawn.
    var cells: [[Double]] {
      let block = block
      guard block > 1 else { return values }
      return stride(from: 0, to: rows, by: block).map { top in
        stride(from: 0, to: columns, by: block).map { left in
          var sum = 0.0
          var count = 0.0
          for row in values[top..<min(top + block, rows)] {
            for value in row[min(left, row.count)..<min(left + block, row.count)]
            where value.isFinite {
              sum += value
              count += 1
            }
          }
          return count > 0 ? sum / count : .nan
        }
      }
    }
  }

  let grid: Grid?
  let region: (x: ClosedRange<Double>?, y: ClosedRange<Double>?)

  init(grid: Grid?, x: ClosedRange<Double>?, y: ClosedRange<Double>?, color: PlotColor) {
    self.grid = grid
    region = (x, y)
    super.init(name: "", color: color, style: [])
  }

  /// A matrix as coloured cells, the first row at the top, with a scale beside it.
  ///
  /// - Parameters:
  ///   - z: rows of values; a value that is not finite is an empty cell.
  ///   - x: names of the columns; their numbers from 0 when left out.
  ///   - y: names of the rows; their numbers from 0 when left out.
  ///   - decimals: writes the values into the cells, with so many decimals.
  ///   - domain: the values at the ends of the colour scale.
  ///   - colors: the scale; by default one hue, or two where the values have both signs.
  public convenience init(
    z: [[some Plottable]], x: [String] = [], y: [String] = [], decimals: Int? = nil,
    domain: ClosedRange<Double>? = nil, colors: Colors = .automatic
  ) {
    let values = z.map { plotValues($0) }
    let columns = values.reduce(0) { max($0, $1.count) }
    self.init(
      grid: Grid(
        values: values, columnNames: Self.names(x, count: columns),
        rowNames: Self.names(y, count: values.count), decimals: decimals,
        ramp: Ramp(for: values, domain: domain, colors: colors), isImage: false),
      x: nil, y: nil, color: .automatic)
  }

  /// Values of a function on a grid: row 0 is the lower end of `y`.
  public convenience init(
    z: [[some Plottable]], x: ClosedRange<Double>, y: ClosedRange<Double>,
    domain: ClosedRange<Double>? = nil, colors: Colors = .automatic
  ) {
    let values = z.map { plotValues($0) }
    self.init(
      grid: Grid(
        values: values, columnNames: [], rowNames: [], xRange: x, yRange: y,
        ramp: Ramp(for: values, domain: domain, colors: colors), isImage: false),
      x: nil, y: nil, color: .automatic)
  }

  /// A picture, without axes: 0 is black and 1 is white unless `domain` says otherwise. Values that
  /// are not finite are holes, as the hidden patches of a masked image.
  public convenience init(
    image: [[some Plottable]], domain: ClosedRange<Double> = 0...1, colors: Colors = .gray
  ) {
    let values = image.map { plotValues($0) }
    self.init(
      grid: Grid(
        values: values, columnNames: [], rowNames: [],
        ramp: Ramp(for: values, domain: domain, colors: colors), isImage: true),
      x: nil, y: nil, color: .automatic)
  }

  override var layer: Layer { .rectangles }
  override var takesColor: Bool { false }
  override var kind: String { grid?.isImage == true ? "image" : "heatmap" }
  override var heatmap: RectangleMark? { grid == nil ? nil : self }

  /// Whether cells are to be square.
  var isSquare: Bool { grid.map { $0.xRange == nil } ?? false }

  /// Names for all of `count` cells; the missing ones are numbers.
  private static func names(_ names: [String], count: Int) -> [String] {
    var result: [String] = []
    for index in 0..<count {
      let name = index < names.count ? Label.clean(names[index]) : String(index)
      // Two cells of the same name are two cells: a mark that no reader sees keeps them apart.
      let isTaken = result.contains { isSame($0, name) }
      result.append(isTaken ? name + String(repeating: "\u{200B}", count: index) : name)
    }
    return result
  }

  override func measure(_ x: inout Extent, _ y: inout Extent) {
    guard let grid else {
      for value in region.x.map({ [$0.lowerBound, $0.upperBound] }) ?? [] { x.include(value) }
      for value in region.y.map({ [$0.lowerBound, $0.upperBound] }) ?? [] { y.include(value) }
      return
    }
    x.isTight = true
    y.isTight = true
    if let xRange = grid.xRange, let yRange = grid.yRange {
      for value in [xRange.lowerBound, xRange.upperBound] { x.include(value) }
      for value in [yRange.lowerBound, yRange.upperBound] { y.include(value) }
      return
    }
    y.isReversed = true
    if grid.isImage {
      x.isHidden = true
      y.isHidden = true
      for value in [-0.5, Double(grid.columns) - 0.5] { x.include(value) }
      for value in [-0.5, Double(grid.rows) - 0.5] { y.include(value) }
    } else {
      x.include(.categories(grid.columnNames))
      y.include(.categories(grid.rowNames))
    }
  }

  /// The place of a drawn cell.
  func cell(_ row: Int, _ column: Int, of grid: Grid, in panel: Panel) -> Panel.Frame {
    let block = grid.block
    func edge(_ drawn: Int, _ count: Int, _ range: ClosedRange<Double>?) -> Double {
      let index = min(drawn * block, count)
      guard let range else { return Double(index) - 0.5 }
      let share = Double(index) / Double(max(1, count))
      return range.lowerBound + (range.upperBound - range.lowerBound) * share
    }
    let left = panel.place(x: edge(column, grid.columns, grid.xRange))
    let right = panel.place(x: edge(column + 1, grid.columns, grid.xRange))
    let a = panel.place(y: edge(row, grid.rows, grid.yRange))
    let b = panel.place(y: edge(row + 1, grid.rows, grid.yRange))
    return Panel.Frame(x: left, y: min(a, b), width: right - left, height: (b - a).magnitude)
  }

  override func draw(in panel: Panel, _ look: Look) -> [Node] {
    guard let grid else { return [drawRegion(in: panel, look)] }
    guard grid.rows > 0, grid.columns > 0 else { return [] }
    if let paints = grid.paints { return [drawColors(paints, of: grid, in: panel)] }
    let side = cell(0, 0, of: grid, in: panel)
    let gap = !grid.isImage && min(side.width, side.height) >= 12 ? 0.5 : 0
    // Neighbouring cells of one colour are one rectangle, and all of one colour are one path.
    var paths: [(level: Int, path: PathData)] = []
    var places = [Int](repeating: -1, count: 2 * Ramp.levels + 2)
    for (rowIndex, row) in grid.cells.enumerated() {
      var column = 0
      while column < row.count {
        let level = grid.ramp.level(of: row[column])
        var end = column + 1
        while gap == 0, end < row.count, grid.ramp.level(of: row[end]) == level { end += 1 }
        let first = cell(rowIndex, column, of: grid, in: panel)
        let last = cell(rowIndex, end - 1, of: grid, in: panel)
        let slot = level.map { $0 + Ramp.levels } ?? (2 * Ramp.levels + 1)
        if places[slot] < 0 {
          places[slot] = paths.count
          paths.append((slot, PathData()))
        }
        paths[places[slot]].path.rectangle(
          x: first.x + gap, y: first.y + gap, width: last.x + last.width - first.x - 2 * gap,
          height: first.height - 2 * gap)
        column = end
      }
    }
    var nodes: [Node] = paths.sorted { $0.level < $1.level }.map { entry in
      if entry.level == 2 * Ramp.levels + 1 {
        return Node(
          "path", [("d", entry.path.text), ("fill", "currentColor"), ("fill-opacity", ".09")])
      }
      return Node(
        "path", [("d", entry.path.text)] + grid.ramp.paint(entry.level - Ramp.levels))
    }
    if gap == 0 { nodes = [Node("g", [("shape-rendering", "crispEdges")], children: nodes)] }
    if let decimals = grid.decimals, grid.block == 1 {
      nodes.append(labels(decimals, grid, panel, side))
    }
    return nodes
  }

  /// The numbers in the cells, in the colour that is readable on the cell's.
  private func labels(_ decimals: Int, _ grid: Grid, _ panel: Panel, _ side: Panel.Frame) -> Node {
    var widest = 1.0
    for row in grid.values {
      for value in row where value.isFinite {
        widest = max(widest, Label.width(NumberText.label(value, decimals: decimals), size: 1))
      }
    }
    let size = min(12, side.height * 0.6, (side.width - 4) / widest)
    guard size >= 6.5 else { return .fragment([]) }
    var dark: [Node] = []
    var light: [Node] = []
    for (rowIndex, row) in grid.values.enumerated() {
      for (column, value) in row.enumerated() where value.isFinite {
        let place = cell(rowIndex, column, of: grid, in: panel)
        let text = Words.text(
          NumberText.label(value, decimals: decimals), x: place.x + place.width / 2,
          y: place.y + place.height / 2 + size * 0.35)
        if grid.ramp.isDark(value) { light.append(text) } else { dark.append(text) }
      }
    }
    let groups = [(dark, Palette.ink), (light, Palette.paper)].map { texts, color in
      Node("g", [("fill", color)], children: texts)
    }
    return Node(
      "g", [("font-size", coordinate(size)), ("text-anchor", "middle")], children: groups)
  }

  override func draw(on canvas: inout DotCanvas, in panel: Panel, _ look: Look) {
    guard let grid, grid.rows > 0, grid.columns > 0 else { return }
    canvas.shadeCells(in: panel) { x, y in
      let column = Int((x * Double(grid.columns)).rounded(.down))
      var row = Int((y * Double(grid.rows)).rounded(.down))
      if grid.yRange != nil { row = grid.rows - 1 - row }
      guard grid.values.indices.contains(row), grid.values[row].indices.contains(column) else {
        return nil
      }
      return grid.ramp.share(of: grid.values[row][column])
    }
  }

  override func summary(_ facts: AxisFacts) -> String {
    guard let grid else { return "A shaded region" }
    var low = Extent()
    for row in grid.values { for value in row { low.include(value) } }
    let size = String(grid.rows) + " rows and " + String(grid.columns) + " columns"
    if low.isEmpty { return "has " + size + " without values" }
    return "has " + size + ", with values from " + NumberText.label(low.low) + " to "
      + NumberText.label(low.high)
  }
}
