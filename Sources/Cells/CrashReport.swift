import Synchronization
import Transcript

#if canImport(Glibc)
  @preconcurrency import Glibc

  /// On a signal that ends the program: writes where in the program it was, so that the tool can
  /// name the line of the chapter. Nothing allocates while the signal is handled, since it may have
  /// come from the allocator itself.
  enum CrashReport {
    private typealias Backtrace =
      @convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer?>, CInt) -> CInt
    private typealias Locate =
      @convention(c) (UnsafeRawPointer, UnsafeMutablePointer<UnsafeRawPointer?>) -> CInt

    private static let depth = 128
    /// `AT_PHDR`
    private static let headersFact: UInt = 3
    /// Set once, before any signal can come.
    private struct Tools: @unchecked Sendable {
      var backtrace: Backtrace
      var locate: Locate
      var program: UnsafeRawPointer
      var library: UnsafeRawPointer
      var frames: UnsafeMutablePointer<UnsafeMutableRawPointer?>
      /// Where the last error was thrown.
      var thrown: UnsafeMutablePointer<UnsafeMutableRawPointer?>
      var thrownCount: CInt = 0
      var throwsLeft = 4096
      var text: UnsafeMutablePointer<UInt8>
    }
    nonisolated(unsafe) private static var tools: Tools?

    static func install() {
      // The kernel tells where the program's own headers are.
      guard let backtrace = dlsym(nil, "backtrace"), let locate = dlsym(nil, "dladdr"),
        let write = dlsym(nil, "write"), let fact = dlsym(nil, "getauxval"),
        let headers = UnsafeRawPointer(
          bitPattern: unsafeBitCast(fact, to: (@convention(c) (UInt) -> UInt).self)(headersFact))
      else { return }
      let locateFile = unsafeBitCast(locate, to: Locate.self)
      guard let program = base(of: headers, locateFile), let library = base(of: write, locateFile)
      else { return }
      let tools = Tools(
        backtrace: unsafeBitCast(backtrace, to: Backtrace.self), locate: locateFile,
        program: program, library: library, frames: .allocate(capacity: depth),
        thrown: .allocate(capacity: depth), text: .allocate(capacity: 40 * depth))
      // The first call loads the unwinder.
      _ = tools.backtrace(tools.frames, 1)
      self.tools = tools
      if let symbol = dlsym(nil, "_swift_setWillThrowHandler") {
        let set = unsafeBitCast(
          symbol, to: (@convention(c) (@convention(c) (UnsafeRawPointer?) -> Void) -> Void).self)
        set { _ in CrashReport.noteThrow() }
      }
      // A recursion without end leaves no stack to handle its signal on.
      let size = 1 << 16
      var stack = stack_t(
        ss_sp: .allocate(byteCount: size, alignment: 16), ss_flags: 0, ss_size: size)
      sigaltstack(&stack, nil)
      for signal in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { CrashReport.handle($0) }
        action.sa_flags = CInt(SA_ONSTACK) | CInt(bitPattern: UInt32(SA_RESETHAND))
        sigaction(signal, &action, nil)
      }
    }

    private static func base(of address: UnsafeRawPointer, _ locate: Locate) -> UnsafeRawPointer? {
      // `Dl_info`: the file's name and where it begins, the symbol's name and where it begins.
      withUnsafeTemporaryAllocation(of: UnsafeRawPointer?.self, capacity: 4) { found in
        locate(address, found.baseAddress!) == 0 ? nil : found[1]
      }
    }

    /// An error that nobody catches ends the program far from where it was thrown. One that is thrown
    /// again and again is a part of the work, and takes no more time.
    private static func noteThrow() {
      guard var tools else { return }
      tools.throwsLeft -= 1
      tools.thrownCount = tools.throwsLeft > 0 ? tools.backtrace(tools.thrown, CInt(depth)) : 0
      self.tools = tools
    }

    private static func handle(_ signal: CInt) {
      defer { raise(signal) }
      guard let tools else { return }
      // Should something here wait for what the program holds.
      alarm(5)
      var end = 0
      func add(_ byte: UInt8) {
        tools.text[end] = byte
        end += 1
      }
      add(UInt8(ascii: "\n"))
      for byte in StackFrames.prefix.utf8 { add(byte) }
      func add(_ frames: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ count: CInt) {
        var isExact = false
        for index in 0..<Int(count) {
          guard let frame = frames[index], let file = base(of: frame, tools.locate) else {
            continue
          }
          if file == tools.program {
            // A call returns to the instruction behind it; what the signal interrupted is itself.
            let address = UInt(bitPattern: frame) - UInt(bitPattern: file) - (isExact ? 0 : 1)
            add(UInt8(ascii: " "))
            for shift in stride(from: 60, through: 0, by: -4) where address >> UInt(shift) != 0 {
              let digit = UInt8(address >> UInt(shift) & 15)
              add(digit < 10 ? 48 + digit : 87 + digit)
            }
          }
          isExact = file == tools.library
        }
      }
      add(tools.frames, tools.backtrace(tools.frames, CInt(depth)))
      add(UInt8(ascii: " "))
      add(UInt8(ascii: "|"))
      add(tools.thrown, tools.thrownCount)
      add(UInt8(ascii: "\n"))
      _ = write(STDERR_FILENO, tools.text, end)
    }
  }
#endif
