import Transcript

extension Event {
  /// The event for a reader at a terminal, when a chapter's code was started by hand; nil for what
  /// only the runner needs.
  var readable: String? {
    switch self {
    case .began, .ended, .leftProcess: nil
    case .text(let text), .unknown(let text): text
    case .table(let table): table.readable
    case .figure(let figure): figure.unicode
    case .value(_, let text): text
    case .measured(let measurement): format(measurement.number.value, digits: 6)
    case .claim(let claim): claim.readable
    case .progress(let progress): progress.readable
    case .stopped(_, let message): "stopped, as expected: \(message)"
    }
  }
}

extension Event.Table {
  fileprivate var readable: String {
    let lines = [columns] + rows
    let widths = columns.indices.map { column in
      lines.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return lines.map { line in
      line.indices.map { column in
        let space = String(repeating: " ", count: max(0, widths[column] - line[column].count))
        return numeric[column] ? space + line[column] : line[column] + space
      }.joined(separator: "  ")
    }.joined(separator: "\n")
  }
}

extension Event.Claim {
  fileprivate var readable: String {
    switch test {
    case .condition(let held): return "\(held ? "✓" : "✗") \(sentence)"
    case .comparison(let measured, let stated, let tolerance):
      let held = Judgement.holds(.approximately, measured, stated, tolerance: tolerance)
      let numbers = [measured, stated].map { format($0.value, digits: 6) }
      return "\(held ? "✓" : "✗") \(sentence): \(numbers[0]), stated \(numbers[1])"
    }
  }
}

extension Event.Progress {
  fileprivate var readable: String {
    var text = "\(label) \(done)/\(total)"
    if let loss { text += "  loss \(format(loss))" }
    if let secondsLeft, done < total { text += "  \(format(secondsLeft, decimals: 0)) s left" }
    return text
  }
}
