import Foundation
import Testing

/// Expects a text to be the recorded one, in the folder `Snapshots` beside the test's file.
/// `RECORD_SNAPSHOTS=1` writes the file anew; look at what changed before committing it.
public func expectSnapshot(
  _ text: String, _ name: String, of testFile: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = URL(fileURLWithPath: testFile).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")
  let file = folder.appendingPathComponent(name)
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file, options: .atomic)
    return
  }
  let recorded = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  let same = zip(text.split(separator: "\n"), recorded.split(separator: "\n")).first { $0 != $1 }
  #expect(
    text == recorded,
    "\(name) differs, first at: \(same?.0 ?? "its end"); RECORD_SNAPSHOTS=1 records it anew",
    sourceLocation: sourceLocation)
}
