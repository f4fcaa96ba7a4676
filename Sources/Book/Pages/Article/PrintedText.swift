/// What a cell printed, as a terminal would leave it: a carriage return goes back to the beginning of
/// the line, a backspace one step, colours are dropped. Any other control character, which has no
/// place in HTML, is shown as its symbol.
enum PrintedText {
  static func shown(_ text: String) -> String {
    guard text.utf8.contains(where: isControl) || text.unicodeScalars.contains(where: isC1) else {
      return text
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map(line)
      .joined(separator: "\n")
  }

  private static func isControl(_ byte: UInt8) -> Bool {
    byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0x7F
  }

  private static func isC1(_ scalar: Unicode.Scalar) -> Bool {
    (0x80...0x9F).contains(scalar.value)
  }

  private static func line(_ text: Substring) -> String {
    var line: [Character] = []
    var place = 0
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "\r", "\r\n": place = 0
      case "\u{8}": place = max(0, place - 1)
      case "\u{1B}": skipSequence(&rest)
      default:
        let shown =
          character.unicodeScalars.allSatisfy { !isC1($0) && !isControl(of: $0) }
          ? character : symbol(of: character)
        if place < line.count { line[place] = shown } else { line.append(shown) }
        place += 1
      }
    }
    return String(line)
  }

  private static func isControl(of scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x80 && isControl(UInt8(scalar.value))
  }

  /// `␇`; `␡`; the replacement character for what has none.
  private static func symbol(of character: Character) -> Character {
    let value = character.unicodeScalars.first!.value
    let symbol = value < 0x20 ? 0x2400 + value : value == 0x7F ? 0x2421 : 0xFFFD
    return Character(Unicode.Scalar(symbol)!)
  }

  /// `[31m`, or `]0;title` and BEL: what follows an escape.
  private static func skipSequence(_ rest: inout Substring) {
    switch rest.first {
    case "[":
      rest.removeFirst()
      while let next = rest.popFirst(), !("@"..."~" ~= next) {}
    case "]":
      while let next = rest.popFirst(), next != "\u{7}" {
        if next == "\u{1B}" { return _ = rest.popFirst() }
      }
    default: _ = rest.popFirst()
    }
  }
}
