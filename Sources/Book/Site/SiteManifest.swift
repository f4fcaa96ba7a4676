/// What the tool wrote into a site's folder, and from what: it tells a whole site from a damaged
/// one, and the tool's files from those that somebody else put there.
struct SiteManifest: Equatable {
  /// Stands in every site.
  static let name = ".sslbook-site"
  private static let format = "sslbook site 1"

  var key: ContentKey
  var files: [String: Checksum] = [:]

  init(key: ContentKey) { self.key = key }

  /// nil when there is none, or it is damaged.
  init?(of folder: String) {
    guard let bytes = try? FileSystem.read("\(folder)/\(Self.name)"), bytes.count > 8 else {
      return nil
    }
    let body = Array(bytes.dropFirst(8))
    guard Self.sum(of: body) == Array(bytes.prefix(8)) else { return nil }
    var reader = ByteReader(body)
    guard (try? String(from: &reader)) == Self.format,
      let key = try? ContentKey(from: &reader),
      let files = try? [String: Checksum](from: &reader),
      files.keys.allSatisfy({ BookFolder.normalized($0) == $0 })
    else { return nil }
    self.key = key
    self.files = files
  }

  var bytes: [UInt8] {
    let body = ByteWriter(Self.format, key, files).bytes
    return Self.sum(of: body) + body
  }

  private static func sum(of bytes: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: Checksum(of: bytes).sum.littleEndian) { Array($0) }
  }

  /// Every file stands in `folder` as it was written.
  func isIntact(in folder: String) -> Bool {
    files.allSatisfy { Checksum(file: "\(folder)/\($0.key)") == $0.value }
  }

  /// The folders that the files lie in.
  var folders: Set<String> {
    var folders: Set<String> = []
    for path in files.keys {
      var folder = FileSystem.folder(of: path)
      while folder != ".", folders.insert(folder).inserted {
        folder = FileSystem.folder(of: folder)
      }
    }
    return folders
  }
}

extension Checksum: Stored {
  init(from reader: inout ByteReader) throws(Damaged) {
    try self.init(size: reader.read(), sum: reader.read())
  }

  func write(to writer: inout ByteWriter) { writer.write(size, sum) }
}
