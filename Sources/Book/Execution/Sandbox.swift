import Foundation

/// bubblewrap around a chapter's program. The program sees the libraries of the system and of Swift,
/// itself, and an empty `/tmp` in memory that goes with it: no other file of the disk, no process but
/// its own, no network and no socket. It can copy itself, but finds no other program to start.
package struct Sandbox: Sendable, Equatable {
  var executable: String

  /// What this machine has; tried once.
  package static let current: Result<Sandbox, SandboxFault> = {
    #if os(Linux)
      find()
    #else
      .failure(.unsupported)
    #endif
  }()

  /// - Parameter path: where to look; nil for the `PATH` of the tool.
  package static func find(in path: String? = nil) -> Result<Sandbox, SandboxFault> {
    let found = path.map { Toolchain.find("bwrap", in: $0) } ?? Toolchain.find("bwrap")
    guard let executable = found else { return .failure(.missing) }
    let sandbox = Sandbox(executable: executable)
    guard let program = Toolchain.find("true", in: "/usr/bin:/bin") else {
      return .success(sandbox)
    }
    let trial = CommandLineRun.output(
      of: executable, sandbox.arguments(program: program, libraries: [], scratchBytes: 1 << 20),
      seconds: 10)
    return trial.status == 0
      ? .success(sandbox) : .failure(.broken(path: executable, said: trial.output))
  }

  /// What is to be said, once, before cells run without one.
  package static var warning: Diagnostic? {
    guard case .failure(let fault) = current else { return nil }
    return fault.diagnostic(.warning, file: "")
  }

  /// What bubblewrap says of itself, and where it is.
  package var description: String {
    let version =
      CommandLineRun.output(of: executable, ["--version"], seconds: 10).output
      .split { $0.isWhitespace }.last ?? ""
    return "\(version), works (\(executable))"
  }

  /// The folder that the program starts in, and the only one that it can write to.
  static let scratch = "/tmp"

  /// - Parameters:
  ///   - libraries: files and folders that the program needs at the same place, beside the system's.
  ///   - scratchBytes: what the files in its folder may hold together.
  func arguments(program: String, libraries: [String], scratchBytes: Int) -> [String] {
    var arguments = [
      // In a namespace of its own making the program could mount as much memory as it likes.
      "--unshare-all", "--unshare-user", "--disable-userns",
      "--new-session", "--die-with-parent", "--cap-drop", "ALL", "--hostname", "chapter",
    ]
    arguments += Self.systemFolders.flatMap { folder -> [String] in
      let link = try? FileManager.default.destinationOfSymbolicLink(atPath: folder)
      return link.map { ["--symlink", $0, folder] } ?? ["--ro-bind-try", folder, folder]
    }
    // The list of the system's libraries, and the rules of time zones.
    for path in ["/etc/ld.so.cache", "/usr/share/zoneinfo"] {
      arguments += ["--ro-bind-try", path, path]
    }
    // The libraries may lie in `/tmp` themselves.
    arguments += ["--size", "\(scratchBytes)", "--tmpfs", Self.scratch]
    for path in libraries { arguments += ["--ro-bind", path, path] }
    arguments += ["--ro-bind", program, "/program", "--proc", "/proc", "--dev", "/dev"]
    // Both are kept in memory, too, and would be as large as the machine's.
    arguments += ["--remount-ro", "/dev", "--remount-ro", "/"]
    return arguments + ["--chdir", Self.scratch, "--", "/program"]
  }

  /// Where a system's libraries are; on most systems some of these are links to the others.
  private static let systemFolders = ["/usr/lib", "/usr/lib64", "/lib", "/lib64"]
}

/// Why chapters run without a sandbox.
package enum SandboxFault: Error, Fault, Equatable {
  case missing
  case broken(path: String, said: String)
  /// There is none for this system.
  case unsupported

  package var message: String {
    let reason =
      switch self {
      case .missing: "bubblewrap is not installed"
      case .broken(let path, let said):
        "bubblewrap does not work here ("
          + (said.split(separator: "\n").first.map(String.init) ?? "'\(path)' says nothing") + ")"
      case .unsupported: "there is no sandbox for this system"
      }
    return reason + ", so cells run with your rights"
  }

  package var hint: String? {
    switch self {
    case .missing: "'apt-get install bubblewrap', or run only books that you trust"
    case .broken: "it needs user namespaces; without them, run only books that you trust"
    case .unsupported: "run only books that you trust"
    }
  }
}
