import Foundation

/// Looks at how much memory the processes of a run use together. The kernel limits what each of them
/// has for itself; what they share, and how many they are, only shows here.
struct MemoryWatch {
  let limit: Int
  let process: pid_t
  private var processes: [pid_t] = []
  private var lastSearch: (time: ContinuousClock.Instant, tasks: Int?)?

  init(limit: Int, process: pid_t) {
    self.limit = limit
    self.process = process
  }

  /// - Parameter tasks: how many there are on the machine.
  mutating func isOverLimit(tasks: Int?) -> Bool {
    // Looking through all processes of the machine takes longer than asking those that are known.
    let isFresh = lastSearch.map { last in
      last.tasks == tasks || ContinuousClock.now - last.time < .milliseconds(200)
    }
    if isFresh != true {
      processes = [process] + ProcessTable.descendants(of: process)
      lastSearch = (.now, tasks)
    }
    var bytes = 0
    for pid in processes { bytes += ProcessTable.residentBytes(of: pid) }
    guard bytes > limit else { return false }
    // Copies of a process share most pages, which were counted for each of them.
    bytes = 0
    for pid in processes { bytes += ProcessTable.proportionalBytes(of: pid) }
    return bytes > limit
  }
}
