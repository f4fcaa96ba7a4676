import Foundation

/// What pages are made with: the JavaScript libraries of the system, and the tool's own theme.
public enum WebLibrary: String, Sendable, CaseIterable {
  case katex = "KaTeX"
  case prism = "Prism"
  case lunr = "Lunr"
  case theme = "Theme"

  /// What it does for the book.
  public var purpose: String {
    switch self {
    case .katex: "formulas"
    case .prism: "code colours"
    case .lunr: "search in the page"
    case .theme: "style and script of pages"
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
      case .theme: "install sslbook again"
      }
    #else
      switch self {
      case .katex: "apt-get install libjs-katex fonts-katex"
      case .prism: "apt-get install node-prismjs"
      case .lunr: "apt-get install libjs-lunr"
      case .theme: "install sslbook again"
      }
    #endif
  }

  /// Where it is installed: the folder named by the variable, Debian's, Homebrew's or npm's; the
  /// theme stands beside an installed tool, or in the checkout that the tool was built in.
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
    case .theme: "palette.css"
    }
  }

  private var candidates: [String] {
    switch self {
    case .katex: Self.places(debian: "/usr/share/javascript/katex", npm: "katex/dist")
    case .prism: Self.places(debian: "/usr/share/nodejs/prismjs", npm: "prismjs")
    case .lunr: Self.places(debian: "/usr/share/javascript/lunr", npm: "lunr")
    case .theme:
      ["\(FileSystem.folder(of: Toolchain.executableFolder))/share/sslbook/theme"]
        + [Self.checkout].compactMap { $0.map { "\($0)/theme" } }
    }
  }

  private static func places(debian: String, npm: String) -> [String] {
    let modules = [
      "/opt/homebrew/lib/node_modules/", "/usr/local/lib/node_modules/", "/usr/lib/node_modules/",
    ]
    return [debian] + modules.map { $0 + npm }
  }

  /// The checkout that the tool was built in, unless it has been moved elsewhere.
  private static var checkout: String? {
    var folder = Toolchain.executableFolder
    while !FileSystem.exists("\(folder)/Package.swift") {
      let above = FileSystem.folder(of: folder)
      if above == folder { return nil }
      folder = above
    }
    return folder
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
