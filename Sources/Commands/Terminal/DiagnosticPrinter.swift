import Book

/// A diagnostic as compilers show it, with its line of the source and what to do:
///
///     chapters/contrast.md:41:14: error: the code gives 10.214, not 10.217
///       41 │ a bound of `{claim} gaussianMI(d: 20, rho: 0.8) ≈ 10.217` nats
///          │             ^
///          hint: 'sslbook check --fix' writes the measured number
package struct DiagnosticPrinter {
  let style: Style
  let width: Int
  /// The line of a file, without its ending; nil when there is none.
  let sourceLine: (_ file: String, _ line: Int) -> String?

  package init(
    style: Style, width: Int, sourceLine: @escaping (_ file: String, _ line: Int) -> String?
  ) {
    self.style = style
    self.width = width
    self.sourceLine = sourceLine
  }

  package func text(_ diagnostic: Diagnostic) -> String {
    var lines = [heading(diagnostic)]
    let gutter = max(4, String(diagnostic.line).count + 1)
    let indent = String(repeating: " ", count: gutter + 1)
    if diagnostic.line > 0, let source = sourceLine(diagnostic.file, diagnostic.line) {
      let excerpt = SourceExcerpt(
        source, column: diagnostic.column, width: max(20, width - gutter - 3))
      let number = DisplayWidth.padded(String(diagnostic.line), to: gutter, right: true)
      lines.append(style(.quiet, "\(number) │ ") + excerpt.text)
      if let caret = excerpt.caret {
        lines.append(
          style(.quiet, "\(indent)│ ") + String(repeating: " ", count: caret)
            + style(.caret, "^"))
      }
    }
    if let hint = diagnostic.hint {
      let room = max(20, width - gutter - 9)
      for (index, line) in DisplayWidth.wrapped(Self.lines(hint), to: room).enumerated() {
        lines.append(
          indent + (index == 0 ? style(.note, "hint: ") : "      ") + line)
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func heading(_ diagnostic: Diagnostic) -> String {
    let (word, role): (String, Style.Role) =
      switch diagnostic.severity {
      case .error: ("error:", .error)
      case .warning: ("warning:", .warning)
      case .note: ("note:", .note)
      }
    let place = VisibleText.of(diagnostic.place)
    // A message of several lines, such as a compiler's, goes on below its first.
    let message = Self.lines(diagnostic.message).split(
      separator: "\n", omittingEmptySubsequences: false)
    let first = style(.strong, message.first.map(String.init) ?? "")
    let heading = (place.isEmpty ? "" : style(.strong, place + ":") + " ")
    let rest = message.dropFirst().map { "\n       \($0)" }.joined()
    return "\(heading)\(style(role, word)) \(first)\(rest)"
  }

  private static func lines(_ text: String) -> String { VisibleText.of(text, keepingLines: true) }
}

extension Diagnostic {
  /// `chapters/contrast.md:41:14`, as far as it is known.
  var place: String {
    guard line > 0 else { return file }
    return column > 0 ? "\(file):\(line):\(column)" : "\(file):\(line)"
  }
}

/// As much of a source line as fits, around the column that matters.
struct SourceExcerpt {
  let text: String
  /// Display columns before the caret; nil when the whole line is meant.
  let caret: Int?

  /// - Parameter column: 1-based, in bytes of UTF-8; 0 when the whole line is meant.
  init(_ line: String, column: Int, width: Int) {
    let isPointed = column > 0
    let bytes = line.utf8
    let offset = min(max(0, column - 1), bytes.count)
    let split = bytes.index(bytes.startIndex, offsetBy: offset)
    // A line may be a megabyte: only what could be shown is looked at.
    let reach = 16 * width
    var before = VisibleText.of(String(decoding: bytes[..<split].suffix(reach), as: UTF8.self))
    let after = VisibleText.of(String(decoding: bytes[split...].prefix(reach), as: UTF8.self))
    // The place stands in the left two thirds, so that what follows it can be read, too.
    let room = isPointed ? width * 2 / 3 : width
    before = DisplayWidth.end(of: before, in: room)
    caret = isPointed ? DisplayWidth.of(before) : nil
    text = DisplayWidth.cut(before + after, to: width)
  }
}
