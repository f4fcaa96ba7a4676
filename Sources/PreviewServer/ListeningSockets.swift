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

/// Sockets on 127.0.0.1 and, where the system has it, on ::1, with one port; on no other address.
struct ListeningSockets {
  let descriptors: [Int32]
  let port: UInt16

  init(_ choice: PortChoice) throws(PreviewServerError) {
    let (first, last): (UInt16, UInt16) =
      switch choice {
      // The system may choose one that is free for 127.0.0.1 only.
      case .exactly(0): (0, 20)
      case .exactly(let port): (port, port)
      case .firstFree(let first): (first, first > .max - 20 ? .max : first + 20)
      }
    for number in first...last {
      do {
        self = try Self.listening(on: first == 0 ? 0 : number)
        return
      } catch .portBusy(let busy) {
        if case .exactly(let port) = choice, port != 0 { throw .portBusy(busy) }
      }
    }
    throw .noFreePort(from: first, through: last)
  }

  private init(descriptors: [Int32], port: UInt16) {
    self.descriptors = descriptors
    self.port = port
  }

  private static func listening(on port: UInt16) throws(PreviewServerError) -> ListeningSockets {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let first = try listening(AF_INET, &address, port)
    var chosen = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &chosen) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(first, $0, &length) }
    }
    let port = UInt16(bigEndian: chosen.sin_port)
    var second = sockaddr_in6()
    second.sin6_family = sa_family_t(AF_INET6)
    second.sin6_port = port.bigEndian
    second.sin6_addr = in6addr_loopback
    do {
      let other = try listening(AF_INET6, &second, port)
      return ListeningSockets(descriptors: [first, other], port: port)
    } catch .portBusy {
      close(first)
      throw .portBusy(port)
    } catch {
      // A machine without IPv6.
      return ListeningSockets(descriptors: [first], port: port)
    }
  }

  private static func listening<Address>(
    _ family: Int32, _ address: inout Address, _ port: UInt16
  ) throws(PreviewServerError) -> Int32 {
    #if os(Linux)
      let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(family, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw failure(errno, port) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var yes: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
    if family == AF_INET6 { setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, size) }
    let length = socklen_t(MemoryLayout<Address>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 1024) == 0
      }
    }
    guard isBound else {
      let code = errno
      close(descriptor)
      throw failure(code, port)
    }
    return descriptor
  }

  private static func failure(_ code: Int32, _ port: UInt16) -> PreviewServerError {
    switch code {
    case EADDRINUSE: .portBusy(port)
    case EACCES: .portForbidden(port)
    default: .cannotListen(reason: String(cString: strerror(code)))
    }
  }
}
