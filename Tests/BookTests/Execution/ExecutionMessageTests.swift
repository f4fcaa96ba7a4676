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
      ExecutionFault.wroteTooMuch(bytes: 1 << 30), "a file of the cell grew beyond 1 GB",
      "write less, or remove what is no longer needed"
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
      ExecutionFault.didNotFail, "the cell is marked 'expect: error', but it ran to its end",
      "remove the option, or show the mistake again"
    ),
    (
      ExecutionFault.otherError(said: "a", expected: "b"), "the cell stops, but says 'a', not 'b'",
      "write a part of what it says, or '//| expect: error' for any"
    ),
    (
      ExecutionFault.compiledUnexpectedly, "the cell is marked 'expect: error', but it compiles",
      "remove the option, or show the mistake again"
    ),
    (
      ExecutionFault.usedTooEarly(name: "total", line: 9),
      "'total' is used before the statement that gives it a value, at line 9",
      "move this below that line, or the declaration above this one"
    ),
    (
      ExecutionFault.redeclared(name: "exp"),
      "'exp' means something else in this chapter than in the library or in Swift",
      "choose another name; the claims page tells the reader of this one"
    ),
    (
      LedgerFault.neverRan, "this was never evaluated",
      "a cell must not leave the program or write to its transcript"
    ),
    (
      LedgerFault.callNeverRan, "this claim was never tested",
      "call it where the cell itself runs: in no branch that is not taken, no function that is not "
        + "called, no task that nobody waits for"
    ),
    (
      LedgerFault.ranTwice, "this was evaluated more than once",
      "a cell must not leave the program or write to its transcript"
    ),
    (
      LedgerFault.outOfPlace,
      "the transcript has this in another place than the chapter, so it cannot be believed",
      "leave beginning and ending to the tool, and close no descriptor"
    ),
    (
      LedgerFault.noSample, "the derivation was checked on no sample",
      "give '//| sample: …' a sequence that holds something"
    ),
    (
      LedgerFault.nothingToNumber(.table), "the label asks for a table, and the cell shows none",
      "show it in this cell, remove 'output: false', or remove the label"
    ),
    (
      LedgerFault.nothingToNumber(.listing),
      "the label asks for a listing, and the cell hides its code",
      "remove 'echo: false', or the label"
    ),
    (
      LedgerFault.wroteToTranscript,
      "the cell wrote to the descriptor that its results go through", "use print or show"
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
      FalseStatement.prose(
        claim("10.3", stated: 10.3, tolerance: 0.05), measured: .init(10.2165, spacing: 0)),
      "'x' is 10.2165, not 10.3 ± 0.05", "write 10.2, or let 'sslbook check --fix' do it"
    ),
    (
      FalseStatement.prose(
        claim("3", .less, stated: 3, tolerance: 0), measured: .init(3.5, spacing: 0)),
      "'x' is 3.5, not < 3", nil
    ),
    (
      FalseStatement.prose(
        claim("3", .equal, stated: 3, tolerance: 0), measured: .init(.nan, spacing: 0)),
      "'x' is NaN, not 3",
      "a claim holds of a finite number only; state anything else as a condition in a cell"
    ),
    (
      FalseStatement.prose(
        claim("9007199254740992", .equal, stated: 0x1p53, tolerance: 0),
        measured: .init(0x1p53, spacing: 0, integer: 9_007_199_254_740_993)),
      "'x' is 9007199254740993, not 9007199254740992",
      "write 9007199254740993, or let 'sslbook check --fix' do it"
    ),
    (
      FalseStatement.otherDigits(written: "0.3", measured: "0.4"),
      "the page prints what was measured, 0.4, where the source says 0.3",
      "let 'sslbook check --fix' write it, and read the sentence again"
    ),
    (
      FalseStatement.call(
        ClaimResult(item: 0, line: 1, sentence: "it holds", numbers: nil, held: false)),
      "false: it holds", nil
    ),
    (FalseStatement.call(near(2, 2.5, 0.1)), "false: near: it is 2, not 2.5 ± 0.1", nil),
    (
      FalseStatement.call(near(2, 2.5, .infinity)), "false: near: the tolerance is ∞", nil
    ),
    (
      FalseStatement.call(near(.infinity, .infinity, 1)), "false: near: it is ∞, not ∞ ± 1",
      "state it as a condition: claim(\"…\", x.isInfinite)"
    ),
    (
      FalseStatement.step(relation: "=", sample: "K = 2", value: 1.5, previous: 1, more: 0),
      "the step does not follow for K = 2: 1 = 1.5 is false",
      "look at this line and the one before it, or give the block a wider tolerance"
    ),
    (
      FalseStatement.step(relation: "≤", sample: "", value: 1.5, previous: .infinity, more: 2),
      "the step does not follow: ∞ ≤ 1.5 is false (and on 2 more samples)",
      "a step holds between finite numbers only"
    ),
  ]

  static func near(_ measured: Double, _ stated: Double, _ tolerance: Double) -> ClaimResult {
    ClaimResult(
      item: 0, line: 1, sentence: "near",
      numbers: .init(
        relation: .approximately, measured: .init(measured, spacing: 0),
        stated: .init(stated, spacing: 0), tolerance: tolerance), held: false)
  }

  @Test("every message reads as it should", arguments: faults.indices)
  func message(index: Int) {
    let (fault, message, hint) = Self.faults[index]
    #expect(fault.message == message)
    #expect(fault.hint == hint)
  }

  static func claim(
    _ written: String, _ relation: Relation = .approximately, stated: Double = 0,
    tolerance: Double = .infinity
  ) -> InlineClaim {
    let place = SourcePosition(line: 1, column: 1)
    return InlineClaim(
      position: place, expression: "x", expressionPosition: place, relation: relation,
      written: written, writtenPosition: place, stated: .init(stated, spacing: 0),
      tolerance: tolerance)
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
    #expect(Self.claim(written).corrected(measured: .init(measured, spacing: 0)) == expected)
  }

  @Test(
    "a corrected number has the digits that its tolerance asks for",
    arguments: [
      ("10.5", 10.2174, 0.001, "10.217"), ("3", 2.5, 0, "2.5"), ("0.29", 0.2902, 0.005, "0.29"),
      ("1e-6", 2.34e-7, 1e-9, "2.34e-7"), ("12 %", 0.1234, 1e-3, "12.3 %"),
    ])
  func correctedWithin(written: String, measured: Double, tolerance: Double, expected: String) {
    let claim = Self.claim(written, tolerance: tolerance)
    #expect(claim.corrected(measured: .init(measured, spacing: 0)) == expected)
  }

  @Test("no number makes an inequality or a NaN true")
  func notCorrected() {
    #expect(Self.claim("3", .less).corrected(measured: .init(4, spacing: 0)) == nil)
    #expect(Self.claim("3").corrected(measured: .init(.nan, spacing: 0)) == nil)
    #expect(Self.claim("3").corrected(measured: .init(.infinity, spacing: 0)) == nil)
  }

  @Test(
    "a page prints the measured value as precisely as the source, and other digits are noticed",
    arguments: [
      ("0.30", 0.3, 0.304, nil), ("0.30", 0.3, 0.306, "0.31"), ("5.0", 5, 1, "1.0"),
      ("0.125", 0.125, 0.1255, nil), ("12 %", 0.12, 0.137, "14 %"), ("3", 3, 4, "4"),
    ])
  func otherDigits(written: String, stated: Double, measured: Double, expected: String?) {
    let claim = Self.claim(written, stated: stated, tolerance: 10)
    #expect(claim.otherDigits(measured: .init(measured, spacing: 0)) == expected)
    let bound = Self.claim(written, .lessOrEqual, stated: stated)
    #expect(bound.otherDigits(measured: .init(measured, spacing: 0)) == nil)
  }

  @Test("claims and steps hold exactly where they should")
  func judgement() {
    func holds(
      _ relation: Relation, _ value: Double, _ stated: Double, _ tolerance: Double = 0,
      spacing: Double = 0
    ) -> Bool {
      Judgement.holds(
        relation, .init(value, spacing: spacing), .init(stated, spacing: 0), tolerance: tolerance)
    }
    #expect(holds(.approximately, 0.125, 0.12, 0.005))
    #expect(!holds(.approximately, 0.1251, 0.12, 0.005))
    #expect(holds(.equal, 0.1 + 0.2, 0.3))
    #expect(!holds(.equal, 0.3000001, 0.3))
    #expect(holds(.equal, Double(Float(0.1)), 0.1, spacing: Double(Float(0.1).ulp)))
    #expect(holds(.less, 2, 3) && !holds(.less, 3, 3))
    #expect(holds(.lessOrEqual, 3, 3) && !holds(.lessOrEqual, 3.1, 3))
    #expect(holds(.greater, 4, 3) && !holds(.greater, 3, 3))
    #expect(holds(.greaterOrEqual, 3, 3) && !holds(.greaterOrEqual, 2.9, 3))
    for relation in Relation.allCases {
      #expect(!holds(relation, .nan, 3, 1))
      for value in [Double.infinity, -.infinity] {
        #expect(!holds(relation, value, 3, 1) && !holds(relation, 3, value, 1))
        #expect(!holds(relation, value, value))
      }
    }
    #expect(!holds(.approximately, 1, 2, .infinity) && !holds(.approximately, 1, 1, .nan))
    // A whole number is meant exactly, and a type of the chapter's own has no wider bits than Float.
    #expect(!holds(.equal, 16_777_220, 16_777_219, spacing: 2))
    #expect(!holds(.lessOrEqual, 16_777_220, 16_777_219, spacing: 2))
    #expect(!holds(.approximately, 1.5, 2.25, spacing: .infinity))
  }

  @Test("integers are compared as integers") func integers() {
    func holds(_ relation: Relation, _ a: Int128, _ b: Int128, _ tolerance: Double = 0) -> Bool {
      func number(_ n: Int128) -> Event.Number { .init(Double(n), spacing: 0, integer: n) }
      return Judgement.holds(relation, number(a), number(b), tolerance: tolerance)
    }
    let big: Int128 = 9_007_199_254_740_992
    #expect(!holds(.equal, big + 1, big) && holds(.equal, big, big))
    #expect(holds(.approximately, big + 1, big, 1) && !holds(.approximately, big + 2, big, 1))
    #expect(holds(.less, big, big + 1) && !holds(.less, big + 1, big + 1))
    #expect(!holds(.lessOrEqual, big + 1, big) && holds(.greaterOrEqual, big + 1, big))
  }

  @Test("a step is compared relative to the larger side unless the author says otherwise")
  func steps() {
    func follows(
      _ relation: Relation, _ value: Double, _ previous: Double, _ tolerance: Double? = nil
    ) -> Bool {
      let derivation = Derivation(
        position: SourcePosition(line: 1, column: 1), tolerance: tolerance, steps: [])
      return Judgement.follows(
        relation, value, after: previous, within: derivation.allowed(value, previous))
    }
    #expect(
      follows(.equal, 1_000_000.5, 1_000_000) && !follows(.equal, 10_000_009, 10_000_000, 1e-7))
    #expect(!follows(.equal, 5e-7, 1e-9) && follows(.equal, 5e-7, 1e-9, 1e-6))
    #expect(!follows(.equal, 1.00001, 1))
    #expect(follows(.lessOrEqual, 2, 1) && !follows(.lessOrEqual, 1, 2))
    #expect(follows(.greaterOrEqual, 1, 2) && !follows(.greaterOrEqual, .nan, 2))
    #expect(!follows(.equal, .infinity, .infinity) && !follows(.lessOrEqual, .infinity, 1))
  }
}
