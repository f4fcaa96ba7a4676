import Foundation
import Markup
import Plots
import Testing

/// Every figure of the gallery against the file that was looked at.
///
/// `RECORD_SNAPSHOTS=1` writes the files anew; look at each picture that changed.
@Suite("Figures") struct SnapshotTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Snapshots")

  private func compare(_ text: String, with name: String) throws {
    let file = Self.folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file, options: .atomic)
      return
    }
    let recorded = try String(decoding: Data(contentsOf: file), as: UTF8.self)
    #expect(text == recorded, "\(name) differs; RECORD_SNAPSHOTS=1 records it anew")
  }

  @Test(
    "the drawing is the recorded one, and a drawing that pages accept", arguments: Gallery.entries)
  func drawing(entry: Gallery.Entry) throws {
    let svg = entry.figure.svg
    try compare(svg + "\n", with: entry.name + ".svg")
    #expect(try Node(svg: svg).rendered == svg)
  }

  @Test("the terminal's figure is the recorded one, within its width", arguments: Gallery.entries)
  func terminal(entry: Gallery.Entry) throws {
    let text = entry.figure.unicode()
    try compare(text + "\n" + entry.figure.description + "\n", with: entry.name + ".txt")
    for line in text.split(separator: "\n") { #expect(line.unicodeScalars.count <= 72) }
  }
}
