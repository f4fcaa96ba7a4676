#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Messages between two processes of this machine, each of which may carry a descriptor.
package enum MessageSocket {
  /// Two ends that no other program inherits. Messages keep their bounds.
  package static func pair() -> (Int32, Int32)? {
    #if os(Linux)
      pair(kind: SOCK_SEQPACKET)
    #else
      pair(kind: SOCK_DGRAM)
    #endif
  }

  /// Two ends of a stream of bytes.
  package static func streamPair() -> (Int32, Int32)? { pair(kind: SOCK_STREAM) }

  #if canImport(Glibc)
    private static func pair(kind: __socket_type) -> (Int32, Int32)? {
      pair(kind: Int32(kind.rawValue))
    }
  #endif

  private static func pair(kind: Int32) -> (Int32, Int32)? {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      #if os(macOS)
        var yes: Int32 = 1
        setsockopt(end, SOL_SOCKET, SO_NOSIGPIPE, &yes, socklen_t(MemoryLayout<Int32>.size))
      #endif
    }
    return (ends[0], ends[1])
  }

  package enum Sending: Equatable {
    case sent(Int)
    /// The other side has not read what was sent before.
    case full
    case closed
  }

  /// Sends as much as goes without waiting.
  package static func sendNow(_ bytes: ArraySlice<UInt8>, over socket: Int32) -> Sending {
    bytes.withUnsafeBytes { bytes in
      while true {
        let count = sendto(
          socket, bytes.baseAddress, bytes.count, dontWait | noSignal, nil, 0)
        if count >= 0 { return .sent(count) }
        if errno == EAGAIN || errno == EWOULDBLOCK { return .full }
        if errno != EINTR { return .closed }
      }
    }
  }

  /// Whether the message went out whole.
  package static func send(_ bytes: [UInt8], with descriptor: Int32, over socket: Int32) -> Bool {
    exchange(bytes, count: bytes.count) { message, control in
      var header = cmsghdr()
      header.cmsg_len = .init(headerSize + MemoryLayout<Int32>.size)
      header.cmsg_level = SOL_SOCKET
      header.cmsg_type = descriptorsAttached
      control.storeBytes(of: header, as: cmsghdr.self)
      control.storeBytes(of: descriptor, toByteOffset: headerSize, as: Int32.self)
      var sent: Int
      repeat { sent = sendmsg(socket, &message, 0) } while sent < 0 && errno == EINTR
      return sent == bytes.count
    }
  }

  /// The message that is waiting, empty when there is none; at the end none will come any more.
  package static func receive(
    over socket: Int32, limit: Int
  ) -> (bytes: [UInt8], descriptor: Int32?, isAtEnd: Bool) {
    exchange([UInt8](repeating: 0, count: limit), count: limit) { message, control in
      var count: Int
      repeat { count = recvmsg(socket, &message, dontWait) } while count < 0 && errno == EINTR
      guard count > 0 else { return ([], nil, count == 0 || errno != EAGAIN) }
      let bytes = UnsafeRawBufferPointer(start: message.msg_iov.pointee.iov_base, count: count)
      var descriptor: Int32?
      if Int(message.msg_controllen) >= headerSize + MemoryLayout<Int32>.size,
        control.load(as: cmsghdr.self).cmsg_type == descriptorsAttached
      {
        let received = control.load(fromByteOffset: headerSize, as: Int32.self)
        _ = fcntl(received, F_SETFD, FD_CLOEXEC)
        descriptor = received
      }
      return (Array(bytes), descriptor, false)
    }
  }

  /// What the C headers say with macros: where the descriptor stands behind the header.
  private static var headerSize: Int { MemoryLayout<cmsghdr>.size }
  private static var controlSize: Int { headerSize + 8 }
  private static let descriptorsAttached = Int32(SCM_RIGHTS)
  private static let dontWait = Int32(MSG_DONTWAIT)
  #if os(macOS)
    private static let noSignal: Int32 = 0
  #else
    private static let noSignal = Int32(MSG_NOSIGNAL)
  #endif

  private static func exchange<Result>(
    _ bytes: [UInt8], count: Int,
    _ body: (inout msghdr, _ control: UnsafeMutableRawPointer) -> Result
  ) -> Result {
    var bytes = bytes
    return bytes.withUnsafeMutableBytes { buffer in
      var part = iovec(iov_base: buffer.baseAddress, iov_len: .init(count))
      return withUnsafeMutablePointer(to: &part) { part in
        withUnsafeTemporaryAllocation(byteCount: controlSize, alignment: 8) { control in
          control.initializeMemory(as: UInt8.self, repeating: 0)
          var message = msghdr()
          message.msg_iov = part
          message.msg_iovlen = 1
          message.msg_control = control.baseAddress
          message.msg_controllen = .init(controlSize)
          return body(&message, control.baseAddress!)
        }
      }
    }
  }
}
