#if os(Linux) && (arch(x86_64) || arch(arm64))
  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// Takes from this process the calls that make memory which belongs to no process, where nobody
  /// could count it: `memfd_create`, `memfd_secret` and `shmget` then fail as on a kernel without
  /// them. What else takes memory falls under the limits, or is seen by the runner.
  enum SystemCallFilter {
    static func install() {
      typealias Control =
        @convention(c) (CInt, CUnsignedLong, CUnsignedLong, CUnsignedLong, CUnsignedLong) -> CInt
      guard let symbol = dlsym(nil, "prctl") else { return }
      let control = unsafeBitCast(symbol, to: Control.self)
      let (setNoNewPrivileges, setFilter, filterMode): (CInt, CInt, CUnsignedLong) = (38, 22, 2)
      _ = control(setNoNewPrivileges, 1, 0, 0, 0)
      var instructions = instructions
      instructions.withUnsafeMutableBufferPointer { buffer in
        var program = Program(count: UInt16(buffer.count), instructions: buffer.baseAddress!)
        withUnsafeMutablePointer(to: &program) {
          _ = control(setFilter, filterMode, CUnsignedLong(UInt(bitPattern: $0)), 0, 0)
        }
      }
    }

    #if arch(x86_64)
      private static let architecture: UInt32 = 0xc000_003e
      private static let refused: [UInt32] = [319, 447, 29]
    #else
      private static let architecture: UInt32 = 0xc000_00b7
      private static let refused: [UInt32] = [279, 447, 194]
    #endif

    private static var instructions: [Instruction] {
      var result = [
        // A call by the numbers of another processor is refused altogether.
        Instruction(.load, architectureOffset),
        Instruction(.jumpIfEqual, architecture, then: 1), Instruction(.end, noSuchCall),
        Instruction(.load, numberOffset),
        Instruction(.jumpIfAtLeast, firstForeignNumber, orElse: 1), Instruction(.end, noSuchCall),
      ]
      for number in refused {
        result.append(Instruction(.jumpIfEqual, number, orElse: 1))
        result.append(Instruction(.end, noSuchCall))
      }
      return result + [Instruction(.end, allowed)]
    }

    private static let (numberOffset, architectureOffset): (UInt32, UInt32) = (0, 4)
    /// Of the 32-bit calls of a 64-bit processor.
    private static let firstForeignNumber: UInt32 = 0x4000_0000
    private static let allowed: UInt32 = 0x7fff_0000
    private static let noSuchCall: UInt32 = 0x0005_0000 | UInt32(ENOSYS)

    /// `struct sock_fprog`
    private struct Program {
      var count: UInt16
      var instructions: UnsafeMutablePointer<Instruction>
    }

    /// `struct sock_filter`
    private struct Instruction {
      enum Code: UInt16 {
        case load = 0x20
        case jumpIfEqual = 0x15
        case jumpIfAtLeast = 0x35
        case end = 0x06
      }

      var code: UInt16
      var then: UInt8
      var orElse: UInt8
      var value: UInt32

      /// - Parameters:
      ///   - then: instructions to skip if it is so.
      ///   - orElse: and if it is not.
      init(_ code: Code, _ value: UInt32, then: UInt8 = 0, orElse: UInt8 = 0) {
        (self.code, self.then, self.orElse, self.value) = (code.rawValue, then, orElse, value)
      }
    }
  }
#endif
