/// A file of a cache that says by itself whether it is the wanted one and undamaged.
struct KeptFile {
  var path: String
  /// Of everything that the content depends on.
  var key: ContentKey

  /// What was written; nil when there is no file, or it is damaged, or was kept by another key.
  func read() -> ByteReader? {
    guard let bytes = try? FileSystem.read(path) else { return nil }
    var reader = ByteReader(bytes)
    guard (try? ContentKey(from: &reader)) == key, let sum = try? UInt64(from: &reader),
      sum == Checksum(of: bytes[reader.offset...]).sum
    else { return nil }
    return reader
  }

  func write(_ content: some Stored) throws(FileFault) {
    let content = ByteWriter(content).bytes
    let start = ByteWriter(key, Checksum(of: content).sum).bytes
    try FileSystem.write([start, content], to: path)
  }
}
