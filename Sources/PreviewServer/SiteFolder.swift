import Foundation

/// The folder that is served. Files are opened one name at a time and symbolic links are never
/// followed, so that no link inside the site leads out of it.
struct SiteFolder: Sendable {
  let path: String

  enum Entry {
    /// Open for reading; whoever receives it closes it.
    case file(descriptor: Int32, size: Int)
    case folder
    case missing
  }

  /// The site's folder is looked up anew each time, because a build replaces it as a whole.
  func entry(at components: some Collection<String>) -> Entry {
    var folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return .missing }
    for name in components {
      // Without O_NONBLOCK, opening a pipe that somebody left in the site would wait for ever.
      let next = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      close(folder)
      guard next >= 0 else { return .missing }
      folder = next
    }
    var status = stat()
    guard fstat(folder, &status) == 0 else {
      close(folder)
      return .missing
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file(descriptor: folder, size: Int(status.st_size))
    case S_IFDIR:
      close(folder)
      return .folder
    default:
      close(folder)
      return .missing
    }
  }

  /// The whole file, for pages that something is added to.
  static func contents(of descriptor: Int32, size: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let read = read(descriptor, buffer.baseAddress! + count, size - count)
        guard read > 0 else { return }
        count += read
      }
    }
  }
}
