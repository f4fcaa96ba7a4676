import Foundation
import PortableChecks
import TestSupport
import Testing

/// The recorded values are what a WebAssembly build is compared with, so they must be ours.
/// `RECORD_SNAPSHOTS=1` records them anew.
@Suite("Checks for every platform") struct PortableChecksTests {
  static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("PortableChecks/expected.txt")

  @Test("the recorded values are computed natively") func recorded() throws {
    let computed = checks.map { ("\($0.name)", $0.values()) }
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      let text = computed.map { "\($0.0): " + $0.1.map { "\($0)" }.joined(separator: " ") + "\n" }
      try text.joined().write(to: Self.file, atomically: true, encoding: .utf8)
    }
    let lines = try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == computed.count)
    for (line, (name, values)) in zip(lines, computed) {
      let parts = line.split(separator: ":")
      #expect(String(parts[0]) == name)
      let recorded = parts[1].split(separator: " ").map { Float($0) ?? .nan }
      #expect(recorded.count == values.count, "\(name)")
      for (index, (old, new)) in zip(recorded, values).enumerated()
      where !(abs(old - new) <= 2e-5 * max(1, abs(old))) {
        Issue.record("\(name): value \(index) is \(new), recorded \(old)")
      }
    }
  }
}
