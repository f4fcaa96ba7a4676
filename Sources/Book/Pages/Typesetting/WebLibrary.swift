import Foundation

/// A JavaScript library of the system that pages are made with.
public enum WebLibrary: String, Sendable, CaseIterable {
  case katex = "KaTeX"
  case prism = "Prism"
  case lunr = "Lunr"

  /// What it does for the book.
  public var purpose: String {
    switch self {
    case .katex: "formulas"
    case .prism: "code colours"
    case .lunr: "search in the page"
    }
  }

  /// The environment variable that names its folder.
  public var variable: String { "SSLBOOK_" + rawValue.uppercased() }

  /// How to get it.
  public var installation: String {
    #if os(macOS)
      switch self {
      case .katex: "npm install --global katex"
      case .prism: "npm install --global prismjs"
      case .lunr: "npm install --global lunr"
      }
    #else
      switch self {
      case .katex: "apt-get install libjs-katex fonts-katex"
      case .prism: "apt-get install node-prismjs"
      case .lunr: "apt-get install libjs-lunr"
      }
    #endif
  }

  /// Where it is installed: the folder named by the variable, Debian's, Homebrew's or npm's.
  public var folder: String? {
    if let named = ProcessInfo.processInfo.environment[variable], !named.isEmpty {
      return isLibrary(named) ? named : nil
    }
    return candidates.first(where: isLibrary)
  }

  /// - Throws: `WebLibraryFault.missing`, which says how to install it.
  func located() throws(WebLibraryFault) -> String {
    guard let folder else { throw .missing(self) }
    return folder
  }

  private func isLibrary(_ folder: String) -> Bool {
    FileSystem.exists(folder + "/" + marker)
  }

  private var marker: String {
    switch self {
    case .katex: "katex.min.js"
    case .prism: "components/prism-core.js"
    case .lunr: "lunr.min.js"
    }
  }

  private var candidates: [String] {
    let (debian, npm) =
      switch self {
      case .katex: (["/usr/share/javascript/katex"], "katex/dist")
      case .prism: (["/usr/share/nodejs/prismjs"], "prismjs")
      case .lunr: (["/usr/share/javascript/lunr"], "lunr")
      }
    let modules = [
      "/opt/homebrew/lib/node_modules/", "/usr/local/lib/node_modules/", "/usr/lib/node_modules/",
    ]
    return debian + modules.map { $0 + npm }
  }
}

public enum WebLibraryFault: Error, Fault, Equatable {
  case missing(WebLibrary)
  case broken(WebLibrary, reason: String)

  public var message: String {
    switch self {
    case .missing(let library): "\(library.rawValue) (\(library.purpose)) is not installed"
    case .broken(let library, let reason):
      "\(library.rawValue) (\(library.purpose)) does not work: \(reason)"
    }
  }

  public var hint: String? {
    switch self {
    case .missing(let library), .broken(let library, _):
      "run 'sslbook doctor'; or: \(library.installation); or set \(library.variable) to its folder"
    }
  }
}
