import Book
import Foundation

/// One thing that the tool needs.
struct Finding {
  enum State { case present, lessWithout, missing }
  var name: String
  var purpose: String
  var state: State
  /// Its version and place, or what is wrong with it.
  var words: String
  /// The command that gets it.
  var remedy = ""
}

/// Looks at the machine.
struct Examination {
  func findings() -> [Finding] {
    [compiler, runtime, sandbox] + WebLibrary.allCases.map(web)
      + [
        linked("cmark", for: "Markdown", "cmark_version_string"),
        linked("HarfBuzz", for: "fonts of formulas", "hb_version_string"),
        linked("libmicrohttpd", for: "serve", "MHD_get_version"),
        javaScript,
      ]
  }

  private let toolchain: Result<Toolchain, ToolchainFault>

  init() {
    do {
      toolchain = .success(try Toolchain.locate())
    } catch {
      toolchain = .failure(error)
    }
  }

  private var compiler: Finding {
    var finding = Finding(name: "swiftc", purpose: "compiles chapters", state: .present, words: "")
    switch toolchain {
    case .success(let toolchain):
      finding.words = "\(Self.version(in: toolchain.version)) (\(toolchain.compiler))"
    case .failure(.libraryMissing):
      guard let path = Toolchain.find("swiftc") else {
        return lacking(finding, ToolchainFault.compilerMissing)
      }
      finding.words = path
    case .failure(let fault): return lacking(finding, fault)
    }
    return finding
  }

  /// `6.3.1` of `Swift version 6.3.1 (swift-6.3.1-RELEASE); Target: …`
  private static func version(in text: String) -> Substring {
    text.split(separator: " ").first { $0.first?.isNumber == true } ?? "?"
  }

  private var runtime: Finding {
    var finding = Finding(
      name: "ChapterRuntime", purpose: "what chapters import", state: .present, words: "found")
    switch toolchain {
    case .success(let toolchain): finding.words = toolchain.libraries
    case .failure(.libraryMissing(let folders)):
      return lacking(finding, ToolchainFault.libraryMissing(folders: folders))
    case .failure: break
    }
    return finding
  }

  private func lacking(_ finding: Finding, _ fault: ToolchainFault) -> Finding {
    var finding = finding
    finding.state = .missing
    finding.words = fault.message
    finding.remedy = fault.hint ?? ""
    return finding
  }

  private var sandbox: Finding {
    var finding = Finding(
      name: "bubblewrap", purpose: "keeps chapters in", state: .present, words: "")
    switch Sandbox.current {
    case .success(let sandbox): finding.words = sandbox.description
    case .failure(let fault):
      finding.state = .lessWithout
      finding.words = fault.message
      finding.remedy = fault.hint ?? ""
    }
    return finding
  }

  private func web(_ library: WebLibrary) -> Finding {
    var finding = Finding(
      name: library.rawValue, purpose: library.purpose, state: .present, words: "")
    if let folder = library.folder {
      finding.words = [WebLibraryVersion.of(library, in: folder), "(\(folder))"].compactMap(\.self)
        .joined(separator: " ")
    } else {
      finding.state = .missing
      finding.words = "not installed"
      finding.remedy = "\(library.installation)  (or set \(library.variable) to its folder)"
    }
    return finding
  }

  /// Libraries that the tool is linked to are here, or it would not have started.
  private func linked(_ name: String, for purpose: String, _ symbol: String) -> Finding {
    typealias Version = @convention(c) () -> UnsafePointer<CChar>?
    let version = Self.function(symbol, as: Version.self)?().map { String(cString: $0) }
    return Finding(name: name, purpose: purpose, state: .present, words: version ?? "linked")
  }

  private var javaScript: Finding {
    typealias Number = @convention(c) () -> UInt32
    let parts = ["major", "minor", "micro"].compactMap {
      Self.function("jsc_get_\($0)_version", as: Number.self)?()
    }
    let version = parts.map(String.init).joined(separator: ".")
    return Finding(
      name: "JavaScriptCore", purpose: "runs KaTeX and Prism", state: .present,
      words: version.isEmpty ? "linked" : version)
  }

  private static func function<Function>(_ name: String, as type: Function.Type) -> Function? {
    guard let everywhere = dlopen(nil, RTLD_NOW), let symbol = dlsym(everywhere, name) else {
      return nil
    }
    return unsafeBitCast(symbol, to: type)
  }
}

/// The libraries say their versions in their own text.
enum WebLibraryVersion {
  static func of(_ library: WebLibrary, in folder: String) -> String? {
    let place: (file: String, before: String)? =
      switch library {
      case .katex: ("katex.min.js", "version:\"")
      case .prism: ("package.json", "\"version\": \"")
      case .lunr: ("lunr.min.js", "version=\"")
      case .theme: nil
      }
    guard let place, let bytes = try? FileSystem.read("\(folder)/\(place.file)") else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let range = text.firstRange(of: place.before) else { return nil }
    let version = text[range.upperBound...].prefix { $0.isNumber || $0 == "." }
    return version.isEmpty ? nil : String(version)
  }
}
