import Foundation
import Transcript

/// Gives a running program the files of the book that it asks for, remembers their content, and says
/// the token of the run: the runner's end of a socket. Nothing here ever waits for the program.
package final class FileRequests {
  /// The program's end, until the program has it.
  package private(set) var programEnd: Int32
  private var socket: Int32
  private let book: String
  private var transfers: [Transfer] = []
  private(set) var files: [InputFile] = []

  /// Replies at one time; who asks for more waits.
  private static let maximumTransfers = 64

  package init?(book: String, token: String) {
    self.book = book
    guard let (own, other) = MessageSocket.pair() else { return nil }
    // High numbers, so that no end is overwritten while a child sets up its own 0 to 4.
    socket = fcntl(own, F_DUPFD_CLOEXEC, 16)
    programEnd = fcntl(other, F_DUPFD_CLOEXEC, 16)
    close(own)
    close(other)
    guard socket >= 0, programEnd >= 0,
      MessageSocket.sendNow(Array(token.utf8)[...], over: socket) == .sent(token.utf8.count)
    else {
      closeSocket()
      closeProgramEnd()
      return nil
    }
  }

  func closeProgramEnd() {
    if programEnd >= 0 { close(programEnd) }
    programEnd = -1
  }

  private func closeSocket() {
    if socket >= 0 { close(socket) }
    socket = -1
  }

  deinit {
    closeSocket()
    closeProgramEnd()
  }

  /// What to wait for.
  package var pollTargets: [pollfd] {
    var targets = transfers.map { $0.pollTarget }
    if socket >= 0, transfers.count < Self.maximumTransfers {
      targets.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0))
    }
    return targets
  }

  /// Takes requests and sends on what is asked for, as far as both go at once.
  package func serve() {
    while socket >= 0, transfers.count < Self.maximumTransfers {
      let message = MessageSocket.receive(over: socket, limit: FileRequest.longestPath + 16)
      if message.isAtEnd { closeSocket() }
      guard let reply = message.descriptor else {
        if message.bytes.isEmpty { break }
        continue
      }
      answer(FileRequest.path(in: message.bytes) ?? "", over: reply)
    }
    transfers.removeAll { transfer in
      guard transfer.advance() else { return false }
      note(transfer)
      return true
    }
  }

  private func answer(_ path: String, over reply: Int32) {
    do throws(BookFile.Refusal) {
      let file = try BookFile(path, in: book)
      transfers.append(Transfer(path: path, file: file, over: reply))
    } catch {
      if case .missing = error, let path = BookFile.normalized(path) {
        add(InputFile(path: path, key: nil))
      }
      transfers.append(Transfer(refusing: error, over: reply))
    }
  }

  /// When the program has ended: what it may have seen a part of belongs to the run.
  func finish() {
    closeSocket()
    for transfer in transfers {
      transfer.readRest()
      note(transfer)
    }
    transfers = []
  }

  private func note(_ transfer: Transfer) {
    guard let path = transfer.path, let plain = BookFile.normalized(path) else { return }
    add(InputFile(path: plain, key: transfer.key))
  }

  private func add(_ file: InputFile) {
    if !files.contains(file) { files.append(file) }
  }
}

/// One reply on its way.
private final class Transfer {
  /// nil for a refusal.
  let path: String?
  private let file: BookFile?
  private let reply: Int32
  private var hasher = ContentHasher()
  private var unread: Int
  private var waiting: [UInt8]
  private var sent = 0
  private var isAbandoned = false

  private static let chunk = 1 << 18

  init(path: String, file: BookFile, over reply: Int32) {
    self.path = path
    self.file = file
    self.reply = reply
    unread = file.size
    hasher.add(file.size)
    waiting = FileRequest.ReplyHeader(isRefusal: false, count: file.size).bytes
  }

  init(refusing refusal: BookFile.Refusal, over reply: Int32) {
    path = nil
    file = nil
    self.reply = reply
    unread = 0
    let sentence = Array(refusal.message.utf8)
    waiting = FileRequest.ReplyHeader(isRefusal: true, count: sentence.count).bytes + sentence
  }

  deinit {
    // Copies of the program may hold the other end.
    shutdown(reply, Int32(SHUT_RDWR))
    close(reply)
    if let file { close(file.descriptor) }
  }

  var key: ContentKey { hasher.key }

  var pollTarget: pollfd { pollfd(fd: reply, events: Int16(POLLOUT), revents: 0) }

  /// Sends what goes at once, some chunks at most; whether it is done.
  func advance() -> Bool {
    for _ in 0..<8 {
      if sent == waiting.count {
        guard unread > 0 else { return true }
        readChunk()
      }
      while sent < waiting.count, !isAbandoned {
        switch MessageSocket.sendNow(waiting[sent...], over: reply) {
        case .sent(let count): sent += count
        case .full: return false
        case .closed: isAbandoned = true
        }
      }
      if isAbandoned { sent = waiting.count }
    }
    return false
  }

  func readRest() {
    while unread > 0 { readChunk() }
  }

  /// A file that became shorter ends here: its key is then that of no file.
  private func readChunk() {
    guard let file else { return }
    let size = min(unread, Self.chunk)
    waiting = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      repeat {
        count = read(file.descriptor, buffer.baseAddress, size)
      } while count < 0
        && errno == EINTR
      count = max(0, count)
    }
    sent = 0
    waiting.withUnsafeBytes { hasher.append($0) }
    unread = waiting.isEmpty ? 0 : unread - waiting.count
  }
}
