import Notation

/// Numbers as people read them.
package enum Measure {
  /// `84 ms`, `3.2 s`, `48 s`, `2 min 05 s`
  package static func seconds(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "–" }
    if seconds < 0.0995 { return "\(Int((seconds * 1000).rounded())) ms" }
    if seconds < 0.995 { return fixed(seconds, 2) + " s" }
    if seconds < 9.95 { return fixed(seconds, 1) + " s" }
    if seconds < 99.5 { return "\(Int(seconds.rounded())) s" }
    guard seconds < 360_000 else { return "\(Int(min(seconds, 1e12) / 3600)) h" }
    let whole = Int(seconds.rounded())
    if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
    return "\(whole / 3600) h \(twoDigits(whole % 3600 / 60)) min"
  }

  package static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
    "\(number) \(number == 1 ? one : many ?? one + "s")"
  }

  package static func bytes(_ count: Int) -> String {
    if count < 1000 { return "\(count) B" }
    if count < 999_500 { return fixed(Double(count) / 1e3, count < 9_950 ? 1 : 0) + " kB" }
    if count < 999_500_000 { return fixed(Double(count) / 1e6, count < 9_950_000 ? 1 : 0) + " MB" }
    return fixed(Double(count) / 1e9, 1) + " GB"
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    NumberText.fixed(value, decimals: decimals)
  }

  private static func twoDigits(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
}
