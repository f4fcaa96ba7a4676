/// The fonts that KaTeX's style sheet names.
package enum KaTeXFont: String, Sendable, CaseIterable {
  case main = "Main-Regular"
  case mainBold = "Main-Bold"
  case mainItalic = "Main-Italic"
  case mainBoldItalic = "Main-BoldItalic"
  case math = "Math-Italic"
  case mathBold = "Math-BoldItalic"
  case ams = "AMS-Regular"
  case calligraphic = "Caligraphic-Regular"
  case calligraphicBold = "Caligraphic-Bold"
  case fraktur = "Fraktur-Regular"
  case frakturBold = "Fraktur-Bold"
  case script = "Script-Regular"
  case sansSerif = "SansSerif-Regular"
  case sansSerifBold = "SansSerif-Bold"
  case sansSerifItalic = "SansSerif-Italic"
  case typewriter = "Typewriter-Regular"
  case size1 = "Size1-Regular"
  case size2 = "Size2-Regular"
  case size3 = "Size3-Regular"
  case size4 = "Size4-Regular"

  /// `KaTeX_Main`
  var family: String { "KaTeX_" + rawValue.prefix { $0 != "-" } }
  var isBold: Bool { rawValue.hasSuffix("Bold") || rawValue.hasSuffix("BoldItalic") }
  var isItalic: Bool { rawValue.hasSuffix("Italic") }
}

/// The characters that formulas draw from each font. Only these fonts, and of them only these
/// characters, come with the book.
package struct FontUse: Sendable, Equatable {
  package private(set) var characters: [KaTeXFont: Set<Unicode.Scalar>] = [:]

  mutating func formUnion(_ other: FontUse) {
    characters.merge(other.characters) { $0.union($1) }
  }

  /// `Main-Regular ()+=12`, one a font, sorted: what a page keeps of it.
  package var lines: [String] {
    characters.map { font, scalars in
      var text = font.rawValue + " "
      text.unicodeScalars.append(contentsOf: scalars.sorted { $0.value < $1.value })
      return text
    }.sorted()
  }

  init() {}

  /// Reads what `lines` wrote, of one page or of many.
  package init(lines: some Sequence<String>) {
    for line in lines {
      guard let space = line.firstIndex(of: " "),
        let font = KaTeXFont(rawValue: String(line[..<space]))
      else { continue }
      characters[font, default: []].formUnion(line[line.index(after: space)...].unicodeScalars)
    }
  }

  /// What a formula's HTML draws. Follows the classes of the `span`s as the style sheet does.
  package init(html: String) {
    guard let start = html.range(of: "<span class=\"katex-html\"") else { return }
    var scanner = FontScanner(html[start.lowerBound...])
    scanner.run()
    characters = scanner.characters
  }
}

/// One walk over KaTeX's HTML with the font in force at every text.
private struct FontScanner {
  struct Style {
    var family = "Main"
    var isBold = false
    var isItalic = false

    /// The face a browser would choose.
    var font: KaTeXFont {
      let exact = (isBold ? "Bold" : "") + (isItalic ? "Italic" : "")
      for face in [exact, isBold ? "Bold" : "Regular", "Regular", "Italic"] {
        if let font = KaTeXFont(rawValue: "\(family)-\(face)") { return font }
      }
      return .main
    }
  }

  private let bytes: [UInt8]
  private var offset = 0
  private var styles = [Style()]
  private(set) var characters: [KaTeXFont: Set<Unicode.Scalar>] = [:]

  init(_ html: Substring) { bytes = Array(html.utf8) }

  mutating func run() {
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "<") {
        let end = bytes[offset...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1
        readTag(bytes[(offset + 1)..<max(end, offset + 1)])
        offset = end + 1
      } else {
        let end = bytes[offset...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        readText(bytes[offset..<end])
        offset = end
      }
    }
  }

  private mutating func readTag(_ tag: ArraySlice<UInt8>) {
    if tag.starts(with: "/span".utf8) {
      if styles.count > 1 { styles.removeLast() }
      return
    }
    guard tag.starts(with: "span".utf8) else { return }
    var style = styles[styles.count - 1]
    let name = Array("class=\"".utf8)
    if tag.dropFirst(5).starts(with: name) {
      let value = tag.dropFirst(5 + name.count).prefix { $0 != UInt8(ascii: "\"") }
      apply(value, to: &style)
    }
    styles.append(style)
  }

  private func apply(_ value: ArraySlice<UInt8>, to style: inout Style) {
    let isDelimiter = value.starts(with: "delimsizing".utf8)
    let isSymbol = value.starts(with: "mop op-symbol".utf8)
    for word in value.split(separator: UInt8(ascii: " ")) where word.count >= 5 {
      switch String(decoding: word, as: UTF8.self) {
      case "textbf": style.isBold = true
      case "textit": style.isItalic = true
      case "textrm": style.family = "Main"
      case "mathrm": style.isItalic = false
      case "mainrm": style = Style(family: "Main", isBold: style.isBold)
      case "mathnormal": style = Style(family: "Math", isBold: style.isBold, isItalic: true)
      case "mathit": style = Style(family: "Main", isBold: style.isBold, isItalic: true)
      case "mathbf": style = Style(family: "Main", isBold: true, isItalic: style.isItalic)
      case "boldsymbol": style = Style(family: "Math", isBold: true, isItalic: true)
      case "amsrm", "mathbb", "textbb": style.family = "AMS"
      case "mathcal": style.family = "Caligraphic"
      case "mathfrak", "textfrak": style.family = "Fraktur"
      case "mathscr", "textscr": style.family = "Script"
      case "mathsf", "textsf": style.family = "SansSerif"
      case "mathboldsf", "textboldsf": style = Style(family: "SansSerif", isBold: true)
      case "mathitsf", "textitsf": style = Style(family: "SansSerif", isItalic: true)
      case "mathtt", "texttt": style.family = "Typewriter"
      case "size1" where isDelimiter, "small-op" where isSymbol, "delim-size1":
        style.family = "Size1"
      case "size2" where isDelimiter, "large-op" where isSymbol: style.family = "Size2"
      case "size3" where isDelimiter: style.family = "Size3"
      case "size4" where isDelimiter, "delim-size4": style.family = "Size4"
      default: break
      }
    }
  }

  private mutating func readText(_ text: ArraySlice<UInt8>) {
    let string = String(decoding: text, as: UTF8.self)
    let plain =
      text.contains(UInt8(ascii: "&"))
      ? string.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
        .replacing("&quot;", with: "\"").replacing("&#x27;", with: "'").replacing(
          "&amp;", with: "&")
      : string
    characters[styles[styles.count - 1].font, default: []].formUnion(plain.unicodeScalars)
  }
}
