import Markup

extension RectangleMark {
  /// A picture in colour, without axes, from how much red, green and blue each pixel has.
  ///
  /// On a terminal it is shown in shades of its brightness.
  ///
  /// - Parameters:
  ///   - red: rows of values from 0 to 1; values beyond are cut off. Drawn in 24 steps.
  ///   - green: as many rows and columns.
  ///   - blue: as many rows and columns.
  public convenience init(
    red: [[some Plottable]], green: [[some Plottable]], blue: [[some Plottable]]
  ) {
    let channels = [
      red.map { plotValues($0) }, green.map { plotValues($0) }, blue.map { plotValues($0) },
    ]
    requireSameCount("RectangleMark", "red", channels[0].count, "green", channels[1].count)
    requireSameCount("RectangleMark", "red", channels[0].count, "blue", channels[2].count)
    var brightness: [[Double]] = []
    var paints: [[Int]] = []
    for (row, reds) in channels[0].enumerated() {
      let (greens, blues) = (channels[1][row], channels[2][row])
      requireSameCount("RectangleMark", "red", reds.count, "green", greens.count)
      requireSameCount("RectangleMark", "red", reds.count, "blue", blues.count)
      brightness.append(
        reds.indices.map { 0.299 * reds[$0] + 0.587 * greens[$0] + 0.114 * blues[$0] })
      paints.append(
        reds.indices.map { column in
          [reds[column], greens[column], blues[column]].reduce(0) { paint, value in
            let share = value.isFinite ? max(0, min(1, value)) : 0
            return paint << 8 | Int((share * 23).rounded() * 255 / 23)
          }
        })
    }
    self.init(
      grid: Grid(
        values: brightness, columnNames: [], rowNames: [],
        ramp: Ramp(for: brightness, domain: 0...1, colors: .gray), isImage: true, paints: paints),
      x: nil, y: nil, color: .automatic)
  }

  /// The cells of a picture in colour: one path for each colour, runs of it as one rectangle.
  func drawColors(_ paints: [[Int]], of grid: Grid, in panel: Panel) -> Node {
    var runs: [(paint: Int, row: Int, start: Int, end: Int)] = []
    let block = grid.block
    for row in 0..<(paints.count + block - 1) / block {
      let whole = paints[row * block]
      let line = stride(from: 0, to: whole.count, by: block).map { whole[$0] }
      var start = 0
      while start < line.count {
        var end = start + 1
        while end < line.count, line[end] == line[start] { end += 1 }
        runs.append((line[start], row, start, end))
        start = end
      }
    }
    runs.sort {
      $0.paint != $1.paint ? $0.paint < $1.paint : ($0.row, $0.start) < ($1.row, $1.start)
    }
    var nodes: [Node] = []
    var path = PathData()
    for (index, run) in runs.enumerated() {
      let first = cell(run.row, run.start, of: grid, in: panel)
      let last = cell(run.row, run.end - 1, of: grid, in: panel)
      path.rectangle(
        x: first.x, y: first.y, width: last.x + last.width - first.x, height: first.height)
      if index + 1 < runs.count, runs[index + 1].paint == run.paint { continue }
      let digits = String(run.paint, radix: 16)
      let fill = "#" + String(repeating: "0", count: 6 - digits.utf8.count) + digits
      nodes.append(Node("path", [("d", path.text), ("fill", fill)]))
      path = PathData()
    }
    return Node("g", [("shape-rendering", "crispEdges")], children: nodes)
  }
}
