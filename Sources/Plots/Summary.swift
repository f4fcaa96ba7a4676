import Notation

/// Sentences about values, for those who cannot see the figure.
enum Summary {
  /// "falls from 4.1 at 0 to 0.3 at 100, with a minimum of 0.2 at 80"
  static func ofCurve(x: [Double], y: [Double], _ facts: AxisFacts) -> String {
    var first: Int?
    var last = 0
    var lowest = 0
    var highest = 0
    for index in y.indices where y[index].isFinite && x[index].isFinite {
      guard first != nil else {
        (first, last, lowest, highest) = (index, index, index, index)
        continue
      }
      last = index
      if y[index] < y[lowest] { lowest = index }
      if y[index] > y[highest] { highest = index }
    }
    guard let first else { return "has no values" }
    func place(_ index: Int) -> String {
      NumberText.label(y[index]) + " at " + facts.name(of: x[index])
    }
    guard first != last else { return "is " + place(first) }
    let verb = y[lowest] == y[highest] ? "stays" : y[last] > y[first] ? "rises" : "falls"
    if y[lowest] == y[highest] {
      return "stays at " + NumberText.label(y[first]) + " from " + facts.name(of: x[first])
        + " to "
        + facts.name(of: x[last])
    }
    var result =
      (y[last] == y[first] ? "runs" : verb) + " from " + place(first) + " to " + place(last)
    var extremes: [String] = []
    if lowest != first && lowest != last { extremes.append("a minimum of " + place(lowest)) }
    if highest != first && highest != last { extremes.append("a maximum of " + place(highest)) }
    if !extremes.isEmpty { result += ", with " + list(extremes) }
    return result
  }

  /// "has 200 points, x from 0 to 1 and y from −2 to 2"
  static func ofPoints(x: [Double], y: [Double], _ facts: AxisFacts) -> String {
    var xs = Extent()
    var ys = Extent()
    var count = 0
    for index in y.indices where x[index].isFinite && y[index].isFinite {
      xs.include(x[index])
      ys.include(y[index])
      count += 1
    }
    if count == 0 { return "has no values" }
    if count == 1 {
      return "is one point, " + NumberText.label(ys.low) + " at " + facts.name(of: xs.low)
    }
    return "has " + String(count) + " points, from " + facts.name(of: xs.low) + " to "
      + facts.name(of: xs.high) + " across and from " + NumberText.label(ys.low) + " to "
      + NumberText.label(ys.high) + " upwards"
  }

  /// "a, b and c"
  static func list(_ items: [String]) -> String {
    var result = ""
    for (index, item) in items.enumerated() {
      if index > 0 { result += index == items.count - 1 ? " and " : ", " }
      result += item
    }
    return result
  }
}
