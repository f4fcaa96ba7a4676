import Fonts

/// KaTeX's fonts, cut down to what a book's formulas draw, and the style sheet that names them.
///
/// KaTeX's own style sheet says which fonts there are and which classes call for them.
struct FormulaFonts: Sendable {
  /// The style sheet's own name carries no hash, so that a new character on one page changes no
  /// other page.
  static let stylesheet = "assets/fonts.css"

  private struct Face: Sendable {
    /// `KaTeX_Main-Bold`
    var name: String
    var style: Style
    /// Everything in its `@font-face` but the source.
    var declarations: String
  }

  /// What a block of declarations says about fonts.
  private struct Style: Sendable {
    var family: String?
    var isBold: Bool
    var isItalic: Bool

    init(_ declarations: Substring) {
      family = declarations.firstRange(of: "KaTeX_").map {
        String(declarations[$0.lowerBound...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
      }
      isBold = declarations.contains("font-weight:700")
      isItalic = declarations.contains("font-style:italic")
    }
  }

  private let folder: String
  private var faces: [Face] = []
  /// For elements that have all the classes, or stand in some that have.
  private var rules: [(classes: [String], style: Style)] = []

  /// - Parameters:
  ///   - folder: of the font files.
  ///   - css: KaTeX's style sheet.
  init(folder: String, css: String) {
    self.folder = folder
    for rule in css.split(separator: "}") {
      guard let brace = rule.firstIndex(of: "{") else { continue }
      let declarations = rule[brace...].dropFirst()
      let style = Style(declarations)
      guard rule.hasPrefix("@font-face") else {
        guard style.family != nil || style.isBold || style.isItalic else { continue }
        for selector in rule[..<brace].split(separator: ",") {
          let classes = selector.split { " .>".contains($0) }.map(String.init)
          rules.append((classes.filter { $0 != "katex" && $0 != "span" }, style))
        }
        continue
      }
      let parts = declarations.split(separator: ";")
      guard let source = parts.first(where: { $0.hasPrefix("src:url(fonts/") }) else { continue }
      faces.append(
        Face(
          name: String(source.dropFirst("src:url(fonts/".count).prefix { $0 != "." }), style: style,
          declarations: parts.filter { !$0.hasPrefix("src:") }.joined(separator: ";")))
    }
  }

  func files(for use: FontUse) throws(WebLibraryFault) -> [Theme.File] {
    let styles = rules.filter { use.classes.isSuperset(of: $0.classes) }.map(\.style)
    let families = Set(styles.compactMap(\.family))
    var css = ""
    var files: [Theme.File] = []
    for face in faces {
      guard let family = face.style.family, families.contains(family),
        !face.style.isBold || styles.contains(where: \.isBold),
        !face.style.isItalic || styles.contains(where: \.isItalic),
        let cut = try cut(face, use.characters)
      else { continue }
      let name = Theme.named(face.name, "woff2", cut)
      files.append(Theme.File(path: "assets/fonts/" + name, bytes: cut))
      css += "@font-face{\(face.declarations);src:url(fonts/\(name)) format(\"woff2\")}\n"
    }
    return files + [Theme.File(path: Self.stylesheet, bytes: Array(css.utf8))]
  }

  private func cut(
    _ face: Face, _ characters: Set<Unicode.Scalar>
  ) throws(WebLibraryFault) -> [UInt8]? {
    let whole = try Theme.read("\(folder)/\(face.name).ttf", of: .katex)
    do {
      return try FontSubset(whole, characters: characters)?.woff2()
    } catch {
      throw .broken(.katex, reason: "its font '\(face.name).ttf' cannot be read")
    }
  }
}
