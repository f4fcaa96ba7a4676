/// The `d` of a path on a grid of tenths, written with relative steps to stay small.
struct PathData {
  private(set) var bytes: [UInt8] = []
  private var x = 0
  private var y = 0

  var isEmpty: Bool { bytes.isEmpty }
  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func move(_ newX: Double, _ newY: Double) {
    x = Self.tenths(newX)
    y = Self.tenths(newY)
    bytes.append(UInt8(ascii: "M"))
    appendPair(x, y)
  }

  mutating func line(_ newX: Double, _ newY: Double) {
    let targetX = Self.tenths(newX)
    let targetY = Self.tenths(newY)
    let (dx, dy) = (targetX - x, targetY - y)
    if dy == 0 {
      bytes.append(UInt8(ascii: "h"))
      appendFixed(dx, decimals: 1, to: &bytes)
    } else if dx == 0 {
      bytes.append(UInt8(ascii: "v"))
      appendFixed(dy, decimals: 1, to: &bytes)
    } else {
      bytes.append(UInt8(ascii: "l"))
      appendPair(dx, dy)
    }
    x = targetX
    y = targetY
  }

  mutating func segment(_ fromX: Double, _ fromY: Double, _ toX: Double, _ toY: Double) {
    move(fromX, fromY)
    line(toX, toY)
  }

  mutating func polyline(_ points: [(x: Double, y: Double)]) {
    for (index, point) in points.enumerated() {
      if index == 0 { move(point.x, point.y) } else { line(point.x, point.y) }
    }
  }

  mutating func close() { bytes.append(UInt8(ascii: "z")) }

  /// A dot: a line of no length, drawn by its round ends.
  mutating func dot(_ x: Double, _ y: Double) {
    move(x, y)
    bytes.append(UInt8(ascii: "h"))
    bytes.append(UInt8(ascii: "0"))
  }

  mutating func rectangle(x: Double, y: Double, width: Double, height: Double) {
    move(x, y)
    line(x + width, y)
    line(x + width, y + height)
    line(x, y + height)
    close()
  }

  private mutating func appendPair(_ a: Int, _ b: Int) {
    appendFixed(a, decimals: 1, to: &bytes)
    if b >= 0 { bytes.append(UInt8(ascii: " ")) }
    appendFixed(b, decimals: 1, to: &bytes)
  }

  private static func tenths(_ value: Double) -> Int {
    guard value.isFinite else { return 0 }
    return Int((max(-99_999, min(99_999, value)) * 10).rounded())
  }
}
