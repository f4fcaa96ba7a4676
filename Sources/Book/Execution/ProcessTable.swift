import Foundation

/// What the kernel says about processes, where it says it in `/proc`.
enum ProcessTable {
  /// All children of a process, their children, and so on.
  static func descendants(of pid: pid_t) -> [pid_t] {
    var children: [pid_t: [pid_t]] = [:]
    for process in all() {
      if let parent = parent(of: process) { children[parent, default: []].append(process) }
    }
    var found: [pid_t] = []
    var next = [pid]
    while let process = next.popLast() {
      let more = children[process] ?? []
      found += more
      next += more
    }
    return found
  }

  /// Processes that were started with this environment variable, wherever they went since.
  static func processes(withVariable variable: String) -> [pid_t] {
    let wanted = Array(variable.utf8)
    return all().filter { pid in
      guard let bytes = contents(of: "/proc/\(pid)/environ") else { return false }
      return bytes.split(separator: 0).contains { $0.elementsEqual(wanted) }
    }
  }

  /// Threads and processes of the whole machine: one cheap number that tells when it is worth
  /// looking closer.
  static func taskCount() -> Int? {
    guard let bytes = contents(of: "/proc/loadavg") else { return nil }
    let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    return fields.count > 3 ? fields[3].split(separator: "/").last.flatMap { Int($0) } : nil
  }

  /// Memory that a process has in use, shared or not; 0 for one that is gone.
  static func residentBytes(of pid: pid_t) -> Int {
    guard let bytes = contents(of: "/proc/\(pid)/statm") else { return 0 }
    let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0
  }

  /// The same, with shared pages divided among those who share them. The kernel has to count them
  /// one by one for this.
  static func proportionalBytes(of pid: pid_t) -> Int {
    guard let bytes = contents(of: "/proc/\(pid)/smaps_rollup") else {
      return residentBytes(of: pid)
    }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 3, words[0] == "Pss:" { return (Int(words[1]) ?? 0) << 10 }
    }
    return 0
  }

  private static func all() -> [pid_t] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var pids: [pid_t] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { name in
        String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let pid = pid_t(name) { pids.append(pid) }
    }
    return pids
  }

  /// The fourth field of `stat`; the second is a name in parentheses that may hold anything.
  private static func parent(of pid: pid_t) -> pid_t? {
    guard let bytes = contents(of: "/proc/\(pid)/stat"),
      let end = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
    return fields.count > 1 ? pid_t(String(decoding: fields[1], as: UTF8.self)) : nil
  }

  /// Files of `/proc` have no size.
  private static func contents(of path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 13)
    while true {
      let count = read(file, &buffer, buffer.count)
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes.append(contentsOf: buffer[..<count])
    }
  }
}
