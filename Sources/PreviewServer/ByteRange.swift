/// One range of a `Range` header, RFC 9110, section 14.1.2.
package enum ByteRange: Equatable, Sendable {
  case from(Int)
  case closed(Int, Int)
  case last(Int)

  /// nil for what is none, or several: such a header is ignored, and the whole is sent.
  package init?(_ header: String) {
    guard header.lowercased().hasPrefix("bytes=") else { return nil }
    let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    switch (Int(ends[0]), Int(ends[1])) {
    case (let first?, let last?) where first <= last: self = .closed(first, last)
    case (let first?, nil) where ends[1].isEmpty: self = .from(first)
    case (nil, let count?) where ends[0].isEmpty: self = .last(count)
    default: return nil
    }
  }

  /// nil when there is nothing of it in so many bytes.
  package func part(of size: Int) -> Range<Int>? {
    let part =
      switch self {
      case .from(let first): min(first, size)..<size
      case .closed(let first, let last): min(first, size)..<min(last, size - 1) + 1
      case .last(let count): max(0, size - count)..<size
      }
    return part.isEmpty ? nil : part
  }
}
