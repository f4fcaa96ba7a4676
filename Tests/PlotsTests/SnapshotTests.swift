import Plots
import TestSupport
import Testing

/// Every figure of the gallery against the file that was looked at.
///
/// `RECORD_SNAPSHOTS=1` writes the files anew; look at each picture that changed.
@Suite("Figures") struct SnapshotTests {
  @Test("the drawing is the recorded one", arguments: Gallery.entries)
  func drawing(entry: Gallery.Entry) throws {
    try expectSnapshot(entry.figure.svg + "\n", entry.name + ".svg")
  }

  @Test("the terminal's figure is the recorded one, within its width", arguments: Gallery.entries)
  func terminal(entry: Gallery.Entry) throws {
    let text = entry.figure.unicode()
    try expectSnapshot(text + "\n" + entry.figure.description + "\n", entry.name + ".txt")
    for line in text.split(separator: "\n") { #expect(line.unicodeScalars.count <= 72) }
  }
}
