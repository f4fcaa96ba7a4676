import Foundation

/// A folder with a site in it and a secret beside it; removed with the value.
final class ServedSite {
  let folder = NSTemporaryDirectory() + "preview-\(UUID().uuidString)"
  var site: String { folder + "/site" }

  init() throws {
    try write("secret.txt", "SECRET")
    try write("site/index.html", "<!DOCTYPE html><html><body><h1>Front</h1></body></html>")
    try write("site/404.html", "<!DOCTYPE html><html><body><h1>Lost</h1></body></html>")
    try write("site/part/index.html", "<body>Part</body>")
    try write("site/style.css", "body { color: black }")
    try write("site/a b%41.svg", "<svg/>")
    try write("site/.hidden", "SECRET")
    let files = FileManager.default
    try files.createSymbolicLink(
      atPath: site + "/link.txt", withDestinationPath: folder + "/secret.txt")
    try files.createSymbolicLink(atPath: site + "/out", withDestinationPath: folder)
    mkfifo(site + "/pipe", 0o600)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ path: String, _ text: String) throws {
    let file = "\(folder)/\(path)"
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try text.write(toFile: file, atomically: true, encoding: .utf8)
  }
}
