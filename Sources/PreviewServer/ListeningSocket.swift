import Foundation

/// Where the server may listen.
public enum PortChoice: Equatable, Sendable {
  /// This one or none: somebody asked for it. 0 lets the system choose.
  case exactly(UInt16)
  /// This one, or the next of the twenty above it that is free.
  case firstFree(from: UInt16)
}

public enum PreviewServerError: Error, Equatable {
  case portBusy(UInt16)
  case noFreePort(from: UInt16, through: UInt16)
  /// The port needs privileges that this process has not.
  case portForbidden(UInt16)
  case cannotListen(reason: String)
}

/// A listening socket on 127.0.0.1, and on no other address.
struct ListeningSocket {
  let descriptor: Int32
  let port: UInt16

  init(_ choice: PortChoice) throws(PreviewServerError) {
    switch choice {
    case .exactly(let port): self = try Self.listening(on: port)
    case .firstFree(let first):
      let last = first > .max - 20 ? .max : first + 20
      for port in first...last {
        do {
          self = try Self.listening(on: port)
          return
        } catch .portBusy {
          continue
        }
      }
      throw .noFreePort(from: first, through: last)
    }
  }

  private init(descriptor: Int32, port: UInt16) {
    self.descriptor = descriptor
    self.port = port
  }

  private static func listening(on port: UInt16) throws(PreviewServerError) -> ListeningSocket {
    #if os(Linux)
      let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw failure(errno, port) }
    #if !os(Linux)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    #endif
    var yes: Int32 = 1
    setsockopt(
      descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && listen(descriptor, 128) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    guard bound else {
      let code = errno
      close(descriptor)
      throw failure(code, port)
    }
    return ListeningSocket(descriptor: descriptor, port: UInt16(bigEndian: address.sin_port))
  }

  private static func failure(_ code: Int32, _ port: UInt16) -> PreviewServerError {
    switch code {
    case EADDRINUSE: .portBusy(port)
    case EACCES: .portForbidden(port)
    default: .cannotListen(reason: String(cString: strerror(code)))
    }
  }
}
