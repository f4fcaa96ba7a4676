import Foundation

/// What somebody else put into a site's folder, `CNAME` or `.git`: a new site takes it along.
struct ForeignFiles {
  /// The site's folder.
  let folder: String
  /// nil when nobody knows which files are the tool's: then those of a new site count as such.
  let manifest: SiteManifest?

  struct Entry {
    /// Relative to the folder.
    var path: String
    var isFolder: Bool
  }

  /// A folder comes before what lies in it.
  func entries() -> [Entry] {
    var entries: [Entry] = []
    add("", manifest?.folders ?? [], to: &entries)
    return entries
  }

  private func add(_ parent: String, _ ours: Set<String>, to entries: inout [Entry]) {
    for name in FileSystem.names(in: "\(folder)/\(parent)") {
      let path = parent.isEmpty ? name : "\(parent)/\(name)"
      var information = stat()
      guard path != SiteManifest.name, lstat("\(folder)/\(path)", &information) == 0 else {
        continue
      }
      if information.st_mode & S_IFMT == S_IFDIR {
        if !ours.contains(path) { entries.append(Entry(path: path, isFolder: true)) }
        add(path, ours, to: &entries)
      } else if manifest?.files[path] == nil {
        entries.append(Entry(path: path, isFolder: false))
      }
    }
  }

  /// Puts everything into a site that nobody sees yet, as second names of the same files: whatever
  /// becomes of one of the two folders, the other is whole.
  func link(into site: String) throws(FileFault) {
    for entry in entries() {
      let (old, new) = ("\(folder)/\(entry.path)", "\(site)/\(entry.path)")
      try FileSystem.makeFolder(FileSystem.folder(of: new))
      if entry.isFolder {
        var information = stat()
        if mkdir(new, 0o777) == 0 {
          if stat(old, &information) == 0 { chmod(new, information.st_mode | 0o700) }
        } else if !FileSystem.isFolder(new) {
          throw .inTheWay(path: old)
        }
      } else if linkat(AT_FDCWD, old, AT_FDCWD, new, 0) != 0 {
        guard errno != EEXIST else {
          if manifest == nil { continue }
          throw .inTheWay(path: old)
        }
        // No second names on this file system, or not of somebody else's file.
        do {
          try FileManager.default.copyItem(atPath: old, toPath: new)
        } catch {
          throw .unwritable(path: new, reason: "'\(old)' cannot be copied")
        }
      }
    }
  }

  /// What was written into the folder after `link`, before another site took its place.
  func moveNew(into site: String, besides ours: Set<String>) {
    guard manifest != nil else { return }
    for entry in entries() where !ours.contains(entry.path) {
      let (old, new) = ("\(folder)/\(entry.path)", "\(site)/\(entry.path)")
      var (mine, other) = (stat(), stat())
      if entry.isFolder {
        mkdir(new, 0o777)
      } else if lstat(old, &mine) == 0, lstat(new, &other) != 0 || mine.st_ino != other.st_ino {
        try? FileSystem.makeFolder(FileSystem.folder(of: new))
        rename(old, new)
      }
    }
  }
}
