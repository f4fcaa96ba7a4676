import Foundation

#if os(macOS)
  typealias SpawnActions = posix_spawn_file_actions_t?
#else
  typealias SpawnActions = posix_spawn_file_actions_t
#endif

/// Calls of the C library that its headers hide from Swift, looked up by name. Where one is missing,
/// the nearest thing to it is done.
enum PlatformCalls {
  #if os(macOS)
    static let startsSession = Int32(POSIX_SPAWN_SETSID)
  #else
    // POSIX_SPAWN_SETSID of spawn.h
    static let startsSession: Int32 = 0x80
  #endif

  /// A child with these actions starts in that folder.
  static func addFolder(_ folder: String, to actions: inout SpawnActions) {
    typealias Call =
      @convention(c) (UnsafeMutablePointer<SpawnActions>, UnsafePointer<CChar>) -> CInt
    guard let symbol = dlsym(anywhere, "posix_spawn_file_actions_addchdir_np") else { return }
    _ = unsafeBitCast(symbol, to: Call.self)(&actions, folder)
  }

  /// A child with these actions inherits no descriptor from this one on.
  static func addClosing(from descriptor: Int32, to actions: inout SpawnActions) {
    typealias Call = @convention(c) (UnsafeMutablePointer<SpawnActions>, CInt) -> CInt
    guard let symbol = dlsym(anywhere, "posix_spawn_file_actions_addclosefrom_np") else { return }
    _ = unsafeBitCast(symbol, to: Call.self)(&actions, descriptor)
  }

  /// Both ends of a pipe that no child inherits.
  static func pipe() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    typealias Call = @convention(c) (UnsafeMutablePointer<CInt>, CInt) -> CInt
    if let symbol = dlsym(anywhere, "pipe2") {
      guard unsafeBitCast(symbol, to: Call.self)(&ends, O_CLOEXEC) == 0 else { return nil }
    } else {
      guard Foundation.pipe(&ends) == 0 else { return nil }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }
    return (ends[0], ends[1])
  }

  private static var anywhere: UnsafeMutableRawPointer? {
    #if os(macOS)
      UnsafeMutableRawPointer(bitPattern: -2)  // RTLD_DEFAULT
    #else
      nil
    #endif
  }
}
