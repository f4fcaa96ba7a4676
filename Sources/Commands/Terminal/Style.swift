import Foundation

/// How words are set off: colours on a terminal, nothing elsewhere.
package struct Style: Sendable {
  package enum Role: String, Sendable {
    case error = "1;31"
    case warning = "1;33"
    case note = "1;36"
    case success = "1;32"
    case strong = "1"
    case quiet = "2"
    case caret = "32"
    case removed = "31"
    case added = "32;1"
  }

  package let isColoured: Bool

  package init(isColoured: Bool) { self.isColoured = isColoured }

  /// `NO_COLOR` (no-color.org) and `TERM=dumb` ask for none; `CLICOLOR_FORCE` asks for some.
  package init(isTerminal: Bool, environment: [String: String]) {
    if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false {
      isColoured = false
    } else if environment["CLICOLOR_FORCE"].map({ $0 != "0" && !$0.isEmpty }) ?? false {
      isColoured = true
    } else {
      isColoured = isTerminal && environment["TERM"] != "dumb" && environment["TERM"] != nil
    }
  }

  func callAsFunction(_ role: Role, _ text: String) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
  }
}
