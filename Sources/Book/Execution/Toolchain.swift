import Foundation

/// The compiler, and the library that chapters are compiled against.
public struct Toolchain: Sendable, Equatable {
  /// The path of `swiftc`.
  public var compiler: String
  /// What `swiftc --version` says.
  public var version: String
  /// The folder with `Cells.swiftmodule` and those below it.
  public var modules: String
  /// The folder with `libChapterRuntime`.
  public var libraries: String
  /// The folders with the libraries of Swift itself.
  public var runtime: [String]
  /// The content of the library and of its modules.
  public var libraryKey: ContentKey

  #if os(macOS)
    static let libraryName = "libChapterRuntime.dylib"
  #else
    static let libraryName = "libChapterRuntime.so"
  #endif

  /// Finds the library beside the running executable (a checkout's build folder) or in
  /// `../lib/sslbook` (an installed tool), and the compiler in `PATH`.
  ///
  /// - Parameter cache: a folder for what is slow to find out; nil finds it out again.
  public static func locate(cache: String? = nil) throws(ToolchainFault) -> Toolchain {
    let environment = ProcessInfo.processInfo.environment
    let tool = executableFolder
    let folders =
      environment["SSLBOOK_RUNTIME"].map { [$0] } ?? [
        tool, "\(FileSystem.folder(of: tool))/lib/sslbook",
      ]
    guard
      let folder = folders.first(where: {
        FileSystem.exists("\($0)/\(libraryName)")
          && FileSystem.exists("\($0)/Modules/Cells.swiftmodule")
      })
    else { throw .libraryMissing(folders: folders) }
    guard let compiler = find("swiftc") else {
      throw .compilerMissing
    }
    var memory = ToolchainMemory(folder: cache)
    let modules = "\(folder)/Modules"
    let files =
      ["\(folder)/\(libraryName)"]
      + FileSystem.names(in: modules).filter { isPartOfLibrary($0) }.map { "\(modules)/\($0)" }
    guard let libraryKey = memory.contentKey(of: files) else {
      throw .libraryMissing(folders: [folder])
    }
    guard let version = memory.version(of: compiler),
      let runtime = memory.runtime(of: compiler)
    else {
      throw .compilerBroken(path: compiler)
    }
    memory.save()
    return Toolchain(
      compiler: compiler, version: version, modules: modules, libraries: folder,
      runtime: runtime, libraryKey: libraryKey)
  }

  private static func isPartOfLibrary(_ name: String) -> Bool {
    (ProgramWriter.modules + ["Kernels", "Markup", "Notation", "Transcript"]).contains {
      name == "\($0).swiftmodule"
    }
  }

  static var executableFolder: String {
    let path = Bundle.main.executableURL?.resolvingSymlinksInPath().path ?? "."
    return FileSystem.folder(of: path)
  }

  /// A program in the folders of `PATH`, or of another such list.
  package static func find(
    _ name: String, in path: String = ProcessInfo.processInfo.environment["PATH"] ?? ""
  ) -> String? {
    path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}

/// Why chapters cannot be run on this machine.
public enum ToolchainFault: Error, Fault, Equatable {
  case compilerMissing
  case compilerBroken(path: String)
  case libraryMissing(folders: [String])

  public var message: String {
    switch self {
    case .compilerMissing: "there is no Swift compiler: 'swiftc' is not in PATH"
    case .compilerBroken(let path): "the Swift compiler '\(path)' does not say its version"
    case .libraryMissing(let folders):
      "the library that chapters are compiled against is not in \(folders.joined(separator: " or "))"
    }
  }

  public var hint: String? {
    switch self {
    case .compilerMissing: "install Swift 6.3 from swift.org, and add its 'usr/bin' to PATH"
    case .compilerBroken(let path): "run '\(path) --version' by hand and read what it says"
    case .libraryMissing: "run 'make build' in the checkout, or install sslbook again"
    }
  }
}

/// Remembers what is slow to find out about files as long as they are the same files: name, size,
/// time and number, as a version-control index does. What is remembered is always content.
private struct ToolchainMemory {
  private let file: String?
  private var known: [String: String] = [:]
  private var isChanged = false

  init(folder: String?) {
    file = folder.map { "\($0)/toolchain" }
    guard let file, let bytes = try? FileSystem.read(file) else { return }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1)
      if parts.count == 2 { known[String(parts[0])] = String(parts[1]) }
    }
  }

  mutating func contentKey(of files: [String]) -> ContentKey? {
    let text = remembered("library", files) {
      var hasher = ContentHasher()
      for file in files {
        guard let bytes = try? FileSystem.read(file) else { return nil }
        hasher.add(FileSystem.name(of: file))
        hasher.add(bytes)
      }
      return hasher.key.description
    }
    return text.flatMap { ContentKey(hexadecimal: $0) }
  }

  mutating func version(of compiler: String) -> String? {
    remembered("compiler", [compiler]) {
      Self.answer(of: compiler, to: "--version")?.split(separator: "\n").joined(separator: "; ")
    }
  }

  mutating func runtime(of compiler: String) -> [String]? {
    let folders = remembered("runtime", [compiler]) {
      guard let answer = Self.answer(of: compiler, to: "-print-target-info"),
        let information = try? JSONDecoder().decode(
          TargetInformation.self, from: Data(answer.utf8))
      else { return nil }
      return information.paths.runtimeLibraryPaths.joined(separator: ":")
    }
    return folders?.split(separator: ":").map(String.init)
  }

  private struct TargetInformation: Decodable {
    var paths: Paths

    struct Paths: Decodable {
      var runtimeLibraryPaths: [String]
    }
  }

  private static func answer(of compiler: String, to question: String) -> String? {
    // Even for this the compiler makes a temporary folder that it leaves behind.
    let folder = NSTemporaryDirectory() + "/sslbook-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    guard (try? FileSystem.makeFolder(folder)) != nil else { return nil }
    defer { FileSystem.remove(folder) }
    let result = CommandLineRun.output(of: compiler, [question], temporaries: folder, seconds: 30)
    return result.status == 0 ? result.output : nil
  }

  private mutating func remembered(
    _ name: String, _ files: [String], _ find: () -> String?
  ) -> String? {
    var hasher = ContentHasher()
    hasher.add(name)
    for file in files {
      var information = stat()
      guard stat(file, &information) == 0 else { return nil }
      hasher.add(file)
      hasher.add(Int(information.st_size))
      hasher.add(Int(information.st_ino))
      hasher.add(Int(information.modified.tv_sec))
      hasher.add(Int(information.modified.tv_nsec))
    }
    let key = hasher.key.description
    if let text = known[key] { return text }
    guard let text = find() else { return nil }
    known[key] = text
    isChanged = true
    return text
  }

  func save() {
    guard let file, isChanged else { return }
    // Only a faster next time is lost when this cannot be written.
    let text = known.sorted { $0.key < $1.key }.suffix(64).map { "\($0.key)\t\($0.value)\n" }
    try? FileSystem.makeFolder(FileSystem.folder(of: file))
    try? FileSystem.write(Array(text.joined().utf8), to: file)
  }
}
