import CCMark
import Synchronization

/// The memory of one tree of libcmark, given back all at once: to make and free each of cmark's many
/// small pieces takes as long as to parse.
struct CMarkArena {
  private var chunks: [UnsafeMutableRawPointer] = []
  private var next = 0
  private var end = 0
  private var chunkSize = 8192

  /// cmark passes no context to the functions below, so one parse at a time uses them.
  static func fill(_ parse: (UnsafeMutablePointer<cmark_mem>) -> Void) -> CMarkArena {
    lock.withLock { _ in
      defer { current.pointee = CMarkArena() }
      parse(functions)
      return current.pointee
    }
  }

  func free() { for chunk in chunks { chunk.deallocate() } }

  private static let lock = Mutex(())
  nonisolated(unsafe) private static let current = {
    let pointer = UnsafeMutablePointer<CMarkArena>.allocate(capacity: 1)
    pointer.initialize(to: CMarkArena())
    return pointer
  }()
  nonisolated(unsafe) private static let functions = {
    let pointer = UnsafeMutablePointer<cmark_mem>.allocate(capacity: 1)
    pointer.initialize(
      to: cmark_mem(
        calloc: { current.pointee.allocate($0 * $1) },
        realloc: { current.pointee.reallocate($0, $1) },
        free: { _ in }))
    return pointer
  }()

  /// Zeros, behind their number.
  private mutating func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    let header = 16
    let rounded = (size + header + 15) & ~15
    if next + rounded > end {
      chunkSize = max(min(2 * chunkSize, 1 << 20), rounded)
      let chunk = UnsafeMutableRawPointer.allocate(byteCount: chunkSize, alignment: 16)
      chunks.append(chunk)
      next = Int(bitPattern: chunk)
      end = next + chunkSize
    }
    let start = UnsafeMutableRawPointer(bitPattern: next)!
    next += rounded
    start.storeBytes(of: size, as: Int.self)
    let piece = start + header
    piece.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    return piece
  }

  private mutating func reallocate(
    _ piece: UnsafeMutableRawPointer?, _ size: Int
  ) -> UnsafeMutableRawPointer? {
    guard let piece else { return allocate(size) }
    let old = (piece - 16).load(as: Int.self)
    guard size > old, let larger = allocate(size) else { return piece }
    larger.copyMemory(from: piece, byteCount: old)
    return larger
  }
}
