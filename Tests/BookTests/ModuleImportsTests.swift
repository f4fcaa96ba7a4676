import Foundation
import Testing

/// The architecture's arrows, read from the sources themselves.
@Suite("Module imports") struct ModuleImportsTests {
  /// What each module may import, besides the standard library's own modules.
  static let allowed: [String: Set<String>] = [
    // The compiler's own vector instructions.
    "Kernels": ["Builtin"],
    "Tensors": ["Kernels"],
    "Networks": ["Notation", "Tensors"],
    "SelfSupervised": ["Networks", "Tensors"],
    "Markup": [],
    "Notation": [],
    "Plots": ["Markup", "Notation"],
    "Transcript": ["Notation"],
    "Cells": ["Notation", "Transcript", "Plots", "Tensors"],
    "Markdown": ["CCMark"],
    "JavaScript": ["CJavaScriptCore", "JavaScriptCore"],
    "Fonts": ["CHarfBuzz", "WOFF2Encoder"],
    "PreviewServer": ["CMicroHTTPD", "Foundation"],
    "Book": ["Markdown", "JavaScript", "Fonts", "Markup", "Notation", "Transcript", "Foundation"],
    "Commands": ["Book", "Notation", "PreviewServer", "Foundation"],
    "sslbook": ["Commands"],
  ]

  /// The platform's C library and the standard library's parts; none of them is a dependency.
  static let platform: Set<String> = [
    "Swift", "Synchronization", "Glibc", "Darwin", "Musl", "WASILibc",
  ]

  @Test("every module imports only what lies below it", arguments: allowed.keys.sorted())
  func arrows(module: String) throws {
    let permitted = try #require(Self.allowed[module]).union(Self.platform)
    var files = 0
    for file in try Self.sources(of: module) {
      files += 1
      for name in Self.imports(in: try String(contentsOf: file, encoding: .utf8)) {
        #expect(permitted.contains(name), "\(module)/\(file.lastPathComponent) imports \(name)")
      }
    }
    #expect(files > 0)
  }

  @Test("every folder of Sources is a module of the table") func complete() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
    let headers: Set = [
      "CCMark", "CHarfBuzz", "CJavaScriptCore", "CMicroHTTPD", "CWOFF2", "WOFF2Encoder",
    ]
    #expect(Set(folders).subtracting(headers) == Set(Self.allowed.keys))
  }

  @Test("an import is found however it is written") func reader() {
    let text = """
      // import Commented
      package import A
      @preconcurrency import B
      import struct C.Thing
      #if canImport(D)
        import D
      #endif
      let text = "import E"
      """
    #expect(Self.imports(in: text) == ["A", "B", "C", "D"])
  }

  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources")

  static func sources(of module: String) throws -> [URL] {
    let folder = root.appendingPathComponent(module)
    let walker = try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    return walker.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
  }

  static func imports(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split { $0 == " " || $0 == "." }
      let modifiers = ["public", "package", "internal", "private", "fileprivate"]
      let rest = words.drop { $0.hasPrefix("@") || modifiers.contains(String($0)) }
      guard rest.first == "import", var name = rest.dropFirst().first else { return nil }
      let kinds = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
      if kinds.contains(String(name)), let next = rest.dropFirst(2).first { name = next }
      return String(name)
    }
  }
}
