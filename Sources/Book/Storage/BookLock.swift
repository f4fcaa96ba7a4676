import Foundation

/// Only one process at a time works with what builds keep. The system lets go of the lock when a
/// process ends, however it ends.
public struct BookLock: Sendable {
  private static let name = "lock"
  private let cache: String
  private let file: Int32

  /// Waits for a process that has the lock.
  ///
  /// - Parameters:
  ///   - cache: the book's cache; made when it is missing.
  ///   - isCancelled: asked while it waits; nil is returned once it is true.
  ///   - waits: called once, before waiting.
  public init?(
    _ cache: String, isCancelled: () -> Bool = { false }, waits: () -> Void
  ) throws(FileFault) {
    let path = "\(cache)/\(Self.name)"
    var isWaiting = false
    while true {
      try FileSystem.makeFolder(cache)
      let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      if file < 0 && errno == ENOENT { continue }
      guard file >= 0 else {
        throw .unwritable(path: path, reason: String(cString: strerror(errno)))
      }
      let isTaken = flock(file, LOCK_EX | LOCK_NB) != 0 && [EWOULDBLOCK, EINTR].contains(errno)
      // A file system without locks has to do without. With them, the file may have been removed
      // since it was opened, and then locks nothing.
      var (mine, current) = (stat(), stat())
      if !isTaken, fstat(file, &mine) == 0, stat(path, &current) == 0,
        mine.st_ino == current.st_ino
      {
        self.cache = cache
        self.file = file
        return
      }
      close(file)
      guard isTaken else { continue }
      if isCancelled() { return nil }
      if !isWaiting { waits() }
      isWaiting = true
      usleep(20_000)
    }
  }

  public func release() { close(file) }

  /// Removes the cache, the file of the lock last: who takes the next lock begins with an empty
  /// folder, or with a new one. From then on the folder is the next one's and is left alone.
  public func removeCache() throws(FileFault) {
    for name in FileSystem.names(in: cache) where name != Self.name {
      let path = "\(cache)/\(name)"
      FileSystem.remove(path)
      if FileSystem.exists(path) {
        throw .unwritable(path: path, reason: "it could not be removed")
      }
    }
    unlink("\(cache)/\(Self.name)")
    rmdir(cache)
  }
}
