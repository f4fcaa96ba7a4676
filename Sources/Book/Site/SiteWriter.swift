import Foundation

/// Writes a whole site beside the old one and exchanges the two in one step: whoever looks, and
/// whatever crashes, there is the old site or the new one.
package struct SiteWriter {
  /// Says that a folder was written by this tool, and from what.
  package static let marker = ".sslbook-site"

  private let output: String
  private let staging: String
  private var folders: Set<String> = []

  /// - Parameter output: the site's folder, absolute.
  package init(output: String) throws(FileFault) {
    self.output = output
    let parent = (output as NSString).deletingLastPathComponent
    let name = (output as NSString).lastPathComponent
    try FileSystem.makeFolder(parent)
    Self.removeLeftovers(of: name, in: parent)
    staging = "\(parent)/.\(name).\(getpid()).new"
    FileSystem.remove(staging)
    try FileSystem.makeFolder(staging)
  }

  /// The key that the site in `output` was written with.
  package static func key(of output: String) -> ContentKey? {
    guard let bytes = try? FileSystem.read("\(output)/\(marker)") else { return nil }
    return ContentKey(hexadecimal: String(decoding: bytes, as: UTF8.self).dropLast())
  }

  /// Why `output` must not be replaced, if so.
  package static func refusal(of output: String, book: BookFolder) -> BookFault? {
    if (book.path + "/").hasPrefix(output + "/") { return .outputHoldsBook(path: output) }
    guard FileSystem.exists(output) else { return nil }
    let isOurs = FileSystem.exists("\(output)/\(marker)")
    let isEmpty = FileSystem.isFolder(output) && FileSystem.names(in: output).isEmpty
    return isOurs || isEmpty ? nil : .outputIsNoSite(path: output)
  }

  /// - Parameter path: relative to the site, already free of `..`.
  package mutating func write(_ bytes: [UInt8], to path: String) throws(FileFault) {
    try FileSystem.writeInPlace(bytes, to: try prepare(path))
  }

  /// A file to be written piece by piece.
  package mutating func stream(to path: String) throws(FileFault) -> FileStream {
    try FileStream(try prepare(path))
  }

  private mutating func prepare(_ path: String) throws(FileFault) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    if !folder.isEmpty && folders.insert(folder).inserted {
      try FileSystem.makeFolder("\(staging)/\(folder)")
    }
    return "\(staging)/\(path)"
  }

  /// Puts the new site in the place of the old one.
  package func commit(key: ContentKey) throws(FileFault) {
    try FileSystem.writeInPlace(Array("\(key)\n".utf8), to: "\(staging)/\(Self.marker)")
    guard FileSystem.exists(output) else {
      if rename(staging, output) == 0 { return }
      throw .unwritable(path: output, reason: String(cString: strerror(errno)))
    }
    guard exchange(staging, output) else {
      let reason = String(cString: strerror(errno))
      FileSystem.remove(staging)
      throw .unwritable(path: output, reason: reason)
    }
    FileSystem.remove(staging)
  }

  package func abandon() { FileSystem.remove(staging) }

  private func exchange(_ a: String, _ b: String) -> Bool {
    #if os(Linux)
      // glibc declares renameat2 for GNU sources only, so Swift does not see its declaration.
      typealias RenameAt2 =
        @convention(c) (
          Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32
        ) -> Int32
      let renameExchange: UInt32 = 2
      if let symbol = dlsym(nil, "renameat2"),
        unsafeBitCast(symbol, to: RenameAt2.self)(AT_FDCWD, a, AT_FDCWD, b, renameExchange) == 0
      {
        return true
      }
    #elseif canImport(Darwin)
      if renamex_np(a, b, UInt32(RENAME_SWAP)) == 0 { return true }
    #endif
    // A file system that cannot exchange: two renames, with the old site kept until the second.
    let old = a + ".old"
    guard rename(b, old) == 0 else { return false }
    guard rename(a, b) == 0 else {
      rename(old, b)
      return false
    }
    return rename(old, a) == 0
  }

  /// Staging folders of builds that were killed; one whose process lives is left alone.
  private static func removeLeftovers(of name: String, in parent: String) {
    for entry in FileSystem.names(in: parent)
    where entry.hasPrefix(".\(name).") && entry.hasSuffix(".new") {
      let number = entry.dropFirst(name.count + 2).dropLast(4)
      guard let process = Int32(number), process != getpid(), kill(process, 0) != 0 else {
        continue
      }
      FileSystem.remove("\(parent)/\(entry)")
    }
  }
}
