import Foundation

/// Writes a whole site beside the old one and exchanges the two in one step: whoever looks, and
/// whatever crashes, there is the old site or the new one. What the tool did not write stays.
package struct SiteWriter {
  private let output: String
  private let staging: String
  /// nil for those that are written piece by piece, until the end.
  private var files: [String: Checksum?] = [:]

  /// - Parameter output: the site's folder, absolute; a link to a folder stays a link.
  package init(output: String) throws(FileFault) {
    self.output = FileSystem.resolved(output)
    let parent = FileSystem.folder(of: self.output)
    let name = FileSystem.name(of: self.output)
    var information = stat()
    if lstat(self.output, &information) == 0, information.st_mode & S_IFMT == S_IFLNK {
      throw .unwritable(path: output, reason: "it is a link to a folder that does not exist")
    }
    try FileSystem.makeFolder(parent)
    Self.removeLeftovers(of: name, in: parent)
    staging = "\(parent)/.\(name).\(getpid()).new"
    FileSystem.remove(staging)
    try FileSystem.makeFolder(staging)
  }

  /// A site stands in `output` that was written with this key, and nothing in it has changed since.
  package static func isIntact(_ output: String, key: ContentKey) -> Bool {
    guard let manifest = SiteManifest(of: output), manifest.key == key else { return false }
    return manifest.isIntact(in: output)
  }

  /// A site of the tool's stands in `output`, be it whole or not.
  package static func hasSite(_ output: String) -> Bool {
    FileSystem.exists("\(output)/\(SiteManifest.name)")
  }

  /// Why `output` must not be written to, if so.
  package static func refusal(of output: String, book: BookFolder) -> BookFault? {
    let place = FileSystem.resolved(output) + "/"
    func holds(_ folder: String) -> Bool {
      place.hasPrefix(FileSystem.resolved(book.absolute(folder)) + "/")
    }
    if (FileSystem.resolved(book.path) + "/").hasPrefix(place) {
      return .outputHoldsBook(path: output)
    }
    if let folder = ([".sslbook"] + BookFolder.sources).first(where: holds) {
      return .outputInSources(path: output, folder: folder)
    }
    guard FileSystem.exists(output) else { return nil }
    let isEmpty = FileSystem.isFolder(output) && FileSystem.names(in: output).isEmpty
    return hasSite(output) || isEmpty ? nil : .outputIsNoSite(path: output)
  }

  /// - Parameter path: relative to the site, already free of `..`. A second file of the same path,
  ///   or of one that this file system does not tell from it, is an error.
  package mutating func write(_ bytes: [UInt8], to path: String) throws(FileFault) {
    try stream(to: path).append(bytes)
    files[path] = Checksum(of: bytes)
  }

  /// A file to be written piece by piece.
  package mutating func stream(to path: String) throws(FileFault) -> FileStream {
    let stream = try FileStream("\(staging)/\(path)", isNew: true)
    files.updateValue(nil, forKey: path)
    return stream
  }

  /// Puts the new site in the place of the old one.
  package func commit(key: ContentKey) throws(FileFault) {
    var manifest = SiteManifest(key: key)
    for (path, sum) in files {
      guard let sum = sum ?? Checksum(file: "\(staging)/\(path)") else {
        throw .unreadable(path: "\(staging)/\(path)", reason: "it is not what was written")
      }
      manifest.files[path] = sum
    }
    let known = SiteManifest(of: output)
    try ForeignFiles(folder: output, manifest: known).link(into: staging)
    try FileSystem.writeInPlace(manifest.bytes, to: "\(staging)/\(SiteManifest.name)")
    guard FileSystem.exists(output) else {
      if rename(staging, output) == 0 { return }
      throw .unwritable(path: output, reason: String(cString: strerror(errno)))
    }
    guard exchange(staging, output) else {
      throw .unwritable(path: output, reason: String(cString: strerror(errno)))
    }
    ForeignFiles(folder: staging, manifest: known).moveNew(into: output, besides: Set(files.keys))
    FileSystem.remove(staging)
  }

  package func abandon() { FileSystem.remove(staging) }

  /// Removes what the tool wrote.
  ///
  /// - Returns: whether nothing is left; what somebody else put there stays, and the folder a site's.
  package static func clear(_ output: String) throws(FileFault) -> Bool {
    let root = FileSystem.resolved(output)
    let marker = "\(root)/\(SiteManifest.name)"
    if let manifest = SiteManifest(of: root) {
      // The list may be a stranger's, and a folder a link: what lies elsewhere is not touched.
      let folders = manifest.folders.sorted(by: >).map { "\(root)/\($0)" }
      let real = Set(folders.filter { FileSystem.resolved($0) == $0 } + [root])
      for path in manifest.files.keys.map({ "\(root)/\($0)" })
      where real.contains(FileSystem.folder(of: path)) { unlink(path) }
      for folder in folders where real.contains(folder) { rmdir(folder) }
      try FileSystem.write(SiteManifest(key: ContentKey()).bytes, to: marker)
    }
    guard FileSystem.names(in: root) == [SiteManifest.name] else { return false }
    unlink(marker)
    // Of a link to a folder, both stay.
    rmdir(output)
    return true
  }

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

  /// Staging folders of builds that were killed; one whose process lives is left alone. An old site
  /// that a build had moved away, and not replaced, is put back.
  private static func removeLeftovers(of name: String, in parent: String) {
    for entry in FileSystem.names(in: parent).reversed()
    where entry.hasPrefix(".\(name).") && (entry.hasSuffix(".new") || entry.hasSuffix(".new.old")) {
      let number = entry.dropFirst(name.count + 2).prefix { $0 != "." }
      guard let process = Int32(number), process != getpid(), kill(process, 0) != 0,
        errno == ESRCH
      else { continue }
      if entry.hasSuffix(".old"), rename("\(parent)/\(entry)", "\(parent)/\(name)") == 0 {
        continue
      }
      FileSystem.remove("\(parent)/\(entry)")
    }
  }
}
