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
  let result = Requests.shared.isConnected ? Requests.shared.file(path) : readDirectly(path)
  switch result {
  case .success(let bytes): return bytes
  case .failure(let refused):
    fatalError("readData: " + refused.sentence, file: file, line: line)
  }
}

/// In a program that was started by hand.
private func readDirectly(_ path: String) -> Result<[UInt8], FileRefused> {
  let book = getenv(ProgramContract.bookFolder).map { String(cString: $0) } ?? "."
  do throws(BookFile.Refusal) {
    let file = try BookFile(path, in: book)
    defer { close(file.descriptor) }
    guard let bytes = Requests.read(file.size, from: file.descriptor) else {
      throw .unreadable(path: path)
    }
    return .success(bytes)
  } catch {
    return .failure(FileRefused(sentence: error.message))
  }
}
