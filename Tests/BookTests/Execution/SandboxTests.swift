import Book
import Foundation
import TestSupport
import Testing

@Suite("The sandbox") struct SandboxTests {
  static var isHere: Bool { (try? Sandbox.current.get()) != nil }

  @Test(
    "no file of the disk is seen, and nothing outside the own folder can be written",
    .enabled(if: isHere, "bubblewrap does not work here"))
  func files() throws {
    let fixture = try ExecutionFixture.shared()
    try fixture.folder.write("secret", to: "chapters/secret.txt")
    let secret = fixture.folder.path + "/chapters/secret.txt"
    let record = fixture.executor().record(
      of: ChapterSketch.chapter(
        """
        ```swift
        for path in ["\(secret)", "/etc/passwd", "/etc/hostname", "/home", "/root", "/run", "/var", "/bin/sh"] {
          if access(path, F_OK) == 0 { show(path) }
        }
        for path in ["\(secret)", "/stray", "/dev/stray", "/dev/shm/stray", "/usr/lib/stray"] {
          if open(path, O_WRONLY | O_CREAT, 0o600) >= 0 { show(path) }
        }
        show(open("mine", O_WRONLY | O_CREAT, 0o600) >= 0 && open("/tmp/mine", O_RDONLY) >= 0)
        ```
        """))
    #expect(record.diagnostics == [])
    #expect(record.outputs[0] == [.text("true")])
  }

  @Test(
    "neither the network nor a socket of the machine can be reached",
    .enabled(if: isHere, "bubblewrap does not work here"))
  func sockets() throws {
    let fixture = try ExecutionFixture.shared()
    let folder = TemporaryFolder()
    let path = folder.path + "/s"
    let (named, abstract) = (Self.listener(path), Self.listener("\0" + path))
    defer { for socket in [named, abstract] { close(socket) } }
    // They are there for everybody else.
    #expect(Self.connects(to: path) && Self.connects(to: "\0" + path))
    let record = fixture.executor().record(
      of: ChapterSketch.chapter(
        """
        ```swift
        func connects(to name: String) -> Bool {
          let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
          var address = sockaddr_un()
          address.sun_family = sa_family_t(AF_UNIX)
          withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8) }
          return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
              connect(file, $0, socklen_t(2 + name.utf8.count)) == 0
            }
          }
        }
        show(connects(to: "\(path)") || connects(to: "\\0\(path)"))
        let file = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(53).bigEndian
        address.sin_addr.s_addr = inet_addr("192.0.2.1")
        show(
          withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
              connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
          })
        ```
        """))
    #expect(record.diagnostics == [])
    #expect(record.outputs[0] == [.text("false"), .text("false")])
  }

  @Test(
    "what Foundation knows of the machine is the same on every one",
    .enabled(if: isHere, "bubblewrap does not work here"))
  func foundation() throws {
    setenv("SSLBOOK_TEST_SECRET", "secret", 1)
    let record = try ExecutionFixture.shared().executor().record(
      of: ChapterSketch.chapter(
        """
        ```swift
        import Foundation
        show("\\(Date(timeIntervalSince1970: 0)) \\(TimeZone.current.secondsFromGMT())")
        show(URL(string: "https://example.org/a/b")!.lastPathComponent)
        show(FileManager.default.temporaryDirectory.path)
        show(FileManager.default.currentDirectoryPath)
        show(NSHomeDirectory() + " " + ProcessInfo.processInfo.hostName)
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "de_DE")
        formatter.dateStyle = .full
        show(formatter.string(from: Date(timeIntervalSince1970: 0)))
        show(ProcessInfo.processInfo.environment.keys.sorted().joined(separator: " "))
        show(ProcessInfo.processInfo.activeProcessorCount)
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        show((try? shell.run()) != nil)
        ```
        """))
    #expect(record.diagnostics == [])
    #expect(
      record.outputs[0] == [
        .text("1970-01-01 00:00:00 +0000 0"), .text("b"), .text("/tmp"), .text("/tmp"),
        .text("/tmp chapter"), .text("Donnerstag, 1. Januar 1970"),
        .text(
          "HOME LANG PATH PWD SSLBOOK_FILE_LIMIT SSLBOOK_MEMORY_LIMIT SSLBOOK_REQUESTS SSLBOOK_RUN "
            + "SSLBOOK_TRANSCRIPT SWIFT_BACKTRACE SWIFT_DETERMINISTIC_HASHING TMPDIR TZ"),
        .text("\(ProcessInfo.processInfo.activeProcessorCount)"), .text("false"),
      ])
  }

  @Test("memory cannot be kept where nobody counts it")
  func uncountedMemory() throws {
    var executor = try ExecutionFixture.shared().executor()
    let chapter = ChapterSketch.chapter(
      """
      ```swift
      typealias Create = @convention(c) (UnsafePointer<CChar>, CUnsignedInt) -> CInt
      let create = unsafeBitCast(dlsym(nil, "memfd_create"), to: Create.self)
      show(create("kept", 0) < 0)
      typealias Share = @convention(c) (CInt, Int, CInt) -> CInt
      show(unsafeBitCast(dlsym(nil, "shmget"), to: Share.self)(0, 1 << 20, 0o1600) < 0)
      typealias Unshare = @convention(c) (CInt) -> CInt
      let newUser: CInt = 0x1000_0000
      show(unsafeBitCast(dlsym(nil, "unshare"), to: Unshare.self)(newUser) < 0)
      ```
      """)
    for usesSandbox in Self.isHere ? [true, false] : [false] {
      executor.usesSandbox = usesSandbox
      let record = executor.record(of: chapter, force: true)
      #expect(record.diagnostics == [])
      let outputs = record.outputs[0]
      #expect(outputs.prefix(2) == [.text("true"), .text("true")])
      if usesSandbox { #expect(outputs.last == .text("true")) }
    }
  }

  @Test("the library of chapters may be in the temporary folder")
  func temporaryLibrary() throws {
    let fixture = try ExecutionFixture()
    var toolchain = fixture.toolchain
    let library = "/libChapterRuntime.so"
    let folder = "/tmp/sslbook-\(UUID().uuidString)"
    try FileSystem.makeFolder(folder)
    defer { FileSystem.remove(folder) }
    #expect(symlink(toolchain.libraries + library, folder + library) == 0)
    toolchain.libraries = folder
    let executor = ChapterExecutor(
      toolchain: toolchain, book: fixture.book)
    let record = executor.record(of: ChapterSketch.chapter("```swift\nshow(1)\n```\n"))
    #expect(record.diagnostics == [])
    #expect(record.outputs[0] == [.text("1")])
  }

  @Test("a library that is not there is said in a sentence")
  func missingLibrary() throws {
    let fixture = try ExecutionFixture()
    var toolchain = fixture.toolchain
    toolchain.runtime = []
    let executor = ChapterExecutor(
      toolchain: toolchain, book: fixture.book)
    let record = executor.record(of: ChapterSketch.chapter("```swift\nlet alone = 1\n```\n"))
    if Self.isHere {
      let message = try #require(record.diagnostics.first?.message)
      #expect(
        message.hasPrefix(
          "the chapter's program could not be started: /program: error while loading"),
        "\(message)")
    } else {
      #expect(record.diagnostics == [])
    }
  }

  @Test("a machine without a bubblewrap that works is told so")
  func faults() throws {
    let folder = TemporaryFolder()
    #expect(Sandbox.find(in: folder.path) == .failure(.missing))
    let path = folder.path + "/bwrap"
    try folder.write("#!/bin/sh\necho no namespaces\nexit 1\n", to: "bwrap")
    chmod(path, 0o755)
    #expect(
      Sandbox.find(in: folder.path) == .failure(.broken(path: path, said: "no namespaces\n")))
    #expect(
      SandboxFault.broken(path: path, said: "no namespaces\n").message
        == "bubblewrap does not work here (no namespaces), so cells run with your rights")
  }

  private static func listener(_ name: String) -> Int32 {
    let (file, status) = withAddress(of: name) { bind($0, $1, $2) }
    #expect(status == 0)
    #expect(listen(file, 4) == 0)
    return file
  }

  private static func connects(to name: String) -> Bool {
    let (file, status) = withAddress(of: name) { connect($0, $1, $2) }
    close(file)
    return status == 0
  }

  private static func withAddress(
    of name: String, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> (file: Int32, status: Int32) {
    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8) }
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body(file, $0, socklen_t(2 + name.utf8.count))
      }
    }
    return (file, status)
  }
}
