import Foundation

/// bubblewrap around a chapter's program: no network, a read-only file system but for the program's
/// own folder, and a process table of its own that ends with it.
struct Sandbox: Sendable, Equatable {
  var executable: String

  /// nil where bubblewrap is missing or the machine does not let it work; tried once.
  static let current: Sandbox? = {
    #if os(Linux)
      guard
        let path = Toolchain.find("bwrap", in: ProcessInfo.processInfo.environment["PATH"] ?? "")
      else { return nil }
      let sandbox = Sandbox(executable: path)
      let trial = CommandLineRun.output(
        of: path, sandbox.arguments(writable: nil) + ["true"], seconds: 10)
      return trial.status == 0 ? sandbox : nil
    #else
      return nil
    #endif
  }()

  /// What stands before the program and its arguments.
  func arguments(writable: String?) -> [String] {
    var arguments = [
      "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-pid", "--unshare-net",
      "--unshare-ipc", "--die-with-parent",
    ]
    if let writable { arguments += ["--bind", writable, writable, "--chdir", writable] }
    return arguments + ["--"]
  }
}
