/// Where a program was when a signal ended it: one line at the end of its standard error, with
/// addresses inside the program's file, the innermost first, and behind a bar those of the last
/// error that was thrown.
package struct StackFrames: Sendable, Equatable {
  package static let prefix = "*** frames:"

  package var stopped: [UInt] = []
  package var thrown: [UInt] = []

  package init() {}

  /// What a program wrote to its standard error without the line, and the addresses.
  package static func split(
    _ errors: ArraySlice<UInt8>
  ) -> (text: ArraySlice<UInt8>, frames: StackFrames) {
    let mark = Array(prefix.utf8)
    var frames = StackFrames()
    guard errors.last == UInt8(ascii: "\n") else { return (errors, frames) }
    let end = errors.endIndex - 1
    let start = errors[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? errors.startIndex
    guard errors[start..<end].starts(with: mark) else { return (errors, frames) }
    let lists = String(decoding: errors[(start + mark.count)..<end], as: UTF8.self)
      .split(separator: "|", omittingEmptySubsequences: false)
      .map { $0.split(separator: " ").compactMap { UInt($0, radix: 16) } }
    frames.stopped = lists[0]
    if lists.count > 1 { frames.thrown = lists[1] }
    // The line begins with a break, in case that the program left one unfinished.
    return (errors[..<max(errors.startIndex, start - 1)], frames)
  }
}
