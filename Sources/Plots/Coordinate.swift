/// A length or place in the drawing, with at most two decimals and no more than needed.
package func coordinate(_ value: Double) -> String {
  let bounded = value.isFinite ? max(-99_999, min(99_999, value)) : 0
  let hundredths = Int((bounded * 100).rounded())
  var bytes: [UInt8] = []
  appendFixed(hundredths, decimals: 2, to: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

/// `value` / 10^`decimals` in the shortest form that path data allows: `-.5`, `12`, `3.25`.
func appendFixed(_ value: Int, decimals: Int, to bytes: inout [UInt8]) {
  if value < 0 { bytes.append(UInt8(ascii: "-")) }
  let magnitude = value.magnitude
  let unit: UInt = decimals == 2 ? 100 : 10
  let whole = magnitude / unit
  var fraction = magnitude % unit
  if whole > 0 || fraction == 0 { bytes.append(contentsOf: String(whole).utf8) }
  guard fraction > 0 else { return }
  bytes.append(UInt8(ascii: "."))
  var place = unit / 10
  while fraction > 0 {
    bytes.append(UInt8(0x30 + fraction / place))
    fraction %= place
    place /= 10
  }
}
