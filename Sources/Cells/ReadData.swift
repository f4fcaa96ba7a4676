import Transcript

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The bytes of a file of the book, by its path from the book's folder: `readData("data/corpus.txt")`.
///
/// A file outside the book is refused. When the file changes, the chapter runs again.
public func readData(
  _ path: String, file: StaticString = #file, line: UInt = #line
) -> [UInt8] {
  func refuse(_ reason: String) -> Never {
    fatalError("readData: " + reason, file: file, line: line)
  }
  let book = getenv(ProgramContract.bookFolder).map { String(cString: $0) } ?? "."
  guard let root = resolved(book) else { refuse("there is no folder '\(book)'") }
  guard let found = resolved("\(root)/\(path)") else {
    refuse("the book has no file '\(path)'")
  }
  guard !path.hasPrefix("/"), found.hasPrefix(root == "/" ? root : root + "/") else {
    refuse("'\(path)' lies outside the book's folder")
  }
  let descriptor = open(found, O_RDONLY | O_CLOEXEC)
  var information = stat()
  guard descriptor >= 0, fstat(descriptor, &information) == 0,
    information.st_mode & S_IFMT == S_IFREG
  else { refuse("cannot read '\(path)'") }
  defer { close(descriptor) }
  Channel.shared.emit(.read(path: String(found.dropFirst(root == "/" ? 1 : root.count + 1))))
  let size = Int(information.st_size)
  return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let got = read(descriptor, buffer.baseAddress! + count, size - count)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { refuse("cannot read '\(path)'") }
      if got == 0 { break }
      count += got
    }
  }
}

/// Without links, `.` and `..`; nil when nothing is there.
private func resolved(_ path: String) -> String? {
  guard !path.utf8.contains(0), let pointer = realpath(path, nil) else { return nil }
  defer { free(pointer) }
  return String(cString: pointer)
}
