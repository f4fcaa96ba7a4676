import Book
import Foundation
import Markdown
import Testing
import Transcript

/// Every sentence that running a chapter can say to its author.
@Suite("Messages of execution") struct ExecutionMessageTests {
  static let faults: [(any Fault, String, String?)] = [
    (
      ExecutionFault.stopped(sentence: "Index out of range"),
      "the cell stopped: Index out of range", nil
    ),
    (
      ExecutionFault.crashed(signal: SIGILL), "the cell crashed (SIGILL, a trap)",
      "Swift gave no reason; most often it is an integer overflow or a nil that was unwrapped"
    ),
    (
      ExecutionFault.crashed(signal: SIGSEGV),
      "the cell crashed (SIGSEGV, memory that is not there)",
      "most often a recursion without end, or an unsafe pointer"
    ),
    (
      ExecutionFault.killedFromOutside, "the cell was killed from outside (SIGKILL)",
      "perhaps the machine ran out of memory"
    ),
    (
      ExecutionFault.outOfMemory(limit: 8 << 30), "the cell needed more than 8 GB of memory",
      "use smaller arrays, or free what is no longer needed"
    ),
    (
      ExecutionFault.exited(status: 0), "the cell ended the program with exit status 0",
      "a cell must run to its end: leave out the call of exit"
    ),
    (
      ExecutionFault.exitedAfterwards(status: 3),
      "the program failed with exit status 3 after its last cell", nil
    ),
    (
      ExecutionFault.timedOut(seconds: 60), "the cell was still running after 60 s and was stopped",
      "make it faster, or give it more time with '//| timeout: SECONDS'"
    ),
    (
      ExecutionFault.chapterTimedOut(seconds: 0.5),
      "the chapter was still running after 0.5 s and was stopped", nil
    ),
    (
      ExecutionFault.printedTooMuch(bytes: 16 << 20), "the cell printed more than 16 MB",
      "print less, or show a table or a figure of it"
    ),
    (
      ExecutionFault.startedTooManyProcesses(count: 128),
      "the cell started more than 128 processes and was stopped", nil
    ),
    (
      ExecutionFault.closedChannel, "the cell closed the descriptor that its results go through",
      "close only descriptors that the cell opened"
    ),
    (
      ExecutionFault.notStarted(reason: "no such file"),
      "the chapter's program could not be started: no such file", nil
    ),
    (ExecutionFault.cancelled, "interrupted before the cell was done", nil),
    (
      ExecutionFault.leftProcess,
      "a process that the cell started was still running at its end; it ends with the program",
      "wait for it in the cell"
    ),
    (
      ExecutionFault.wroteToTranscript,
      "the cell wrote to the descriptor that its results go through",
      "use print or show; what it wrote is shown as text"
    ),
    (
      ExecutionFault.didNotFail, "the cell is marked 'expect: error', but it ran to its end",
      "remove the option, or show the mistake again"
    ),
    (
      ExecutionFault.compiledUnexpectedly, "the cell is marked 'expect: error', but it compiles",
      "remove the option, or show the mistake again"
    ),
    (
      ExecutionFault.usedTooEarly(name: "total", line: 9),
      "'total' is used before the cell that declares it, at line 9",
      "move this below that cell, or the declaration into an earlier one"
    ),
    (
      CompilerFault.timedOut(seconds: 120), "the compiler was stopped after 120 s without a result",
      "split long expressions into named parts, and give their types"
    ),
    (
      CompilerFault.crashed(status: 132, said: "Please submit\nfatal error: boom\n"),
      "the compiler failed with status 132: fatal error: boom",
      "leave out cells one by one to find the one that does it"
    ),
    (
      CompilerFault.noFolder(reason: "disk full"),
      "the chapter's program cannot be written: disk full", nil
    ),
    (CompilerFault.cancelled, "interrupted while compiling", nil),
    (
      ToolchainFault.compilerMissing, "there is no Swift compiler: 'swiftc' is not in PATH",
      "install Swift 6.3 from swift.org, and add its 'usr/bin' to PATH"
    ),
    (
      ToolchainFault.compilerBroken(path: "/x/swiftc"),
      "the Swift compiler '/x/swiftc' does not say its version",
      "run '/x/swiftc --version' by hand and read what it says"
    ),
    (
      ToolchainFault.libraryMissing(folders: ["/a", "/b"]),
      "the library that chapters are compiled against is not in /a or /b",
      "run 'make build' in the checkout, or install sslbook again"
    ),
    (
      FalseStatement.proseClaim(
        expression: "mi(20)", relation: "≈", written: "10.3", tolerance: 0.05, measured: 10.2165,
        corrected: "10.2"),
      "'mi(20)' is 10.2165, not 10.3 ± 0.05", "write 10.2, or let 'sslbook check --fix' do it"
    ),
    (
      FalseStatement.proseClaim(
        expression: "x", relation: "<", written: "3", tolerance: 0, measured: 3.5, corrected: nil),
      "'x' is 3.5, not < 3", nil
    ),
    (
      FalseStatement.proseClaim(
        expression: "x", relation: "=", written: "3.0", tolerance: 0, measured: 3.04,
        corrected: "3.0"),
      "'x' is 3.04, not 3.0", "the number is right as far as it is written: give it more digits"
    ),
    (
      FalseStatement.proseClaim(
        expression: "x", relation: "=", written: "3", tolerance: 0, measured: .nan, corrected: nil),
      "'x' is NaN, not 3", "the expression gives no number"
    ),
    (
      FalseStatement.cellClaim(
        .init(item: nil, line: 1, sentence: "it holds", relation: .holds, held: false)),
      "false: it holds", nil
    ),
    (
      FalseStatement.cellClaim(
        .init(
          item: nil, line: 1, sentence: "near", relation: .approximately, held: false, measured: 2,
          stated: 2.5, tolerance: 0.1)),
      "false: near: it is 2, not 2.5 ± 0.1", nil
    ),
    (
      FalseStatement.step(relation: "=", sample: "K = 2", value: 1.5, previous: 1, more: 0),
      "the step does not follow for K = 2: 1 = 1.5 is false",
      "look at this line and the one before it, or give the block a wider tolerance"
    ),
    (
      FalseStatement.step(relation: "≤", sample: "", value: 1.5, previous: .infinity, more: 2),
      "the step does not follow: ∞ ≤ 1.5 is false (and on 2 more samples)",
      "look at this line and the one before it, or give the block a wider tolerance"
    ),
  ]

  @Test("every message reads as it should", arguments: faults.indices)
  func message(index: Int) {
    let (fault, message, hint) = Self.faults[index]
    #expect(fault.message == message)
    #expect(fault.hint == hint)
  }

  static func claim(
    _ written: String, _ relation: InlineClaim.Relation = .approximately,
    tolerance: Double = .infinity
  ) -> InlineClaim {
    let place = SourcePosition(line: 1, column: 1)
    return InlineClaim(
      position: place, expression: "x", expressionPosition: place, relation: relation,
      written: written, writtenPosition: place, stated: 0, tolerance: tolerance)
  }

  @Test(
    "a corrected number is written as the author wrote",
    arguments: [
      ("10.217", 10.21651, "10.217"), ("10.3", 10.21651, "10.2"), ("4", 3.7, "4"),
      ("-0.25", -0.3333, "-0.33"), ("−0.25", -0.3333, "−0.33"), ("0.1", -0.01, "0.0"),
      ("1e-6", 2.3e-7, "2e-7"), ("1.50E3", 1234.5, "1.23E3"),
      ("12.5 %", 0.1234, "12.3 %"), ("2.5 × 10^-3", 0.00271, "2.7 × 10^-3"),
      ("65_536", 12345678, "12_345_678"), ("−1_000.5", -2500.24, "−2_500.2"),
      ("3·10⁻⁴", 0.00051, "5·10⁻⁴"),
    ])
  func corrected(written: String, measured: Double, expected: String) {
    #expect(Self.claim(written).corrected(measured: measured) == expected)
  }

  @Test(
    "a corrected number has the digits that its tolerance asks for",
    arguments: [
      ("10.5", 10.2174, 0.001, "10.217"), ("3", 2.5, 0, "2.5"), ("0.29", 0.2902, 0.005, "0.29"),
      ("1e-6", 2.34e-7, 1e-9, "2.34e-7"), ("12 %", 0.1234, 1e-3, "12.3 %"),
    ])
  func correctedWithin(written: String, measured: Double, tolerance: Double, expected: String) {
    let claim = Self.claim(written, tolerance: tolerance)
    #expect(claim.corrected(measured: measured) == expected)
  }

  @Test("no number makes an inequality or a NaN true")
  func notCorrected() {
    #expect(Self.claim("3", .less).corrected(measured: 4) == nil)
    #expect(Self.claim("3").corrected(measured: .nan) == nil)
    #expect(Self.claim("3").corrected(measured: .infinity) == nil)
  }

  @Test("claims and steps hold exactly where they should")
  func judgement() {
    func holds(
      _ relation: InlineClaim.Relation, _ value: Double, _ stated: Double, _ tolerance: Double = 0
    ) -> Bool {
      Judgement.holds(relation, value, spacing: 0, stated: stated, tolerance: tolerance)
    }
    #expect(holds(.approximately, 0.125, 0.12, 0.005))
    #expect(!holds(.approximately, 0.1251, 0.12, 0.005))
    #expect(holds(.equal, 0.1 + 0.2, 0.3))
    #expect(!holds(.equal, 0.3000001, 0.3))
    #expect(
      Judgement.holds(
        .equal, Double(Float(0.1)), spacing: Double(Float(0.1).ulp), stated: 0.1, tolerance: 0))
    #expect(holds(.less, 2, 3) && !holds(.less, 3, 3))
    #expect(holds(.lessOrEqual, 3, 3) && !holds(.lessOrEqual, 3.1, 3))
    #expect(holds(.greater, 4, 3) && !holds(.greater, 3, 3))
    #expect(holds(.greaterOrEqual, 3, 3) && !holds(.greaterOrEqual, 2.9, 3))
    for relation in InlineClaim.Relation.allCases { #expect(!holds(relation, .nan, 3, 1)) }
    #expect(holds(.equal, .infinity, .infinity))
    #expect(Judgement.follows(.equal, 1_000_000.5, after: 1_000_000, tolerance: 1e-6))
    #expect(!Judgement.follows(.equal, 1.00001, after: 1, tolerance: 1e-6))
    #expect(Judgement.follows(.lessOrEqual, 2, after: 1, tolerance: 0))
    #expect(!Judgement.follows(.lessOrEqual, 1, after: 2, tolerance: 0))
    #expect(Judgement.follows(.greaterOrEqual, 1, after: 2, tolerance: 0))
    #expect(!Judgement.follows(.greaterOrEqual, .nan, after: 2, tolerance: 1))
  }
}
