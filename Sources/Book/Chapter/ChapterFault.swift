import Markdown

/// What can be wrong with the things in a chapter that run.
public enum ChapterFault: Fault, Equatable {
  // Cells
  case misspeltFence(String, right: String)
  case blockAsFence(String)
  case unknownCellWord(String, nearest: String?)
  case unknownOption(String, nearest: String?, block: String)
  case optionWithoutValue(String)
  case optionTwice(String, firstLine: Int)
  case optionAfterCode(String)
  case malformedOption
  case optionAsComment(String, written: String)
  case notInThisVersion(option: String)
  case wrongValue(option: String, value: String, expected: String)
  case wrongLabel(String, prefixes: [String])
  // Values and claims
  case emptyValue
  case valueInTitle
  case misspeltSpan(String, nearest: String)
  case spanInLinkTitle
  case spanNotRead(in: String)
  case htmlBlocked(String)
  case spanWithoutSpace(String)
  case notOneExpression(String)
  // What the tool must be able to believe
  case reservedName(String)
  case runtimeRedeclared(String)
  case claimDoesNotRun
  case unseeded(String)
  // Blocks
  case misspeltBlock(String, nearest: String)
  case unknownAttribute(String, nearest: String?)
  // Anywhere
  case frontMatter
  /// What it is, and how the notation is written that it may be meant for.
  case shownAsItStands(String, write: String)
  case bracketsForFormula
  case claimWithoutRelation(instead: String?)
  case claimWithoutExpression
  case claimWithoutNumber(String)
  case claimTolerance(String)
  // Derivations
  case derivationTooShort
  case stepWithoutExpression
  case stepWithoutTeX
  case stepWithoutRelation
  case firstStepWithRelation(String)
  case wrongSample(String)

  public var message: String {
    switch self {
    case .misspeltFence(let word, _): "a fence ```\(word) is shown, and nothing in it runs"
    case .blockAsFence(let name): "a fence ```{\(name)} is shown as code"
    case .unknownCellWord(let word, _): "a swift cell knows no '\(word)'"
    case .unknownOption(let key, _, let block): "a \(block) has no option '\(key)'"
    case .optionWithoutValue(let key): "the option '\(key)' needs a value"
    case .optionTwice(let key, let line):
      "the option '\(key)' is already set on line \(line)"
    case .optionAfterCode(let key): "the option '\(key)' stands below code, where it has no effect"
    case .malformedOption: "this option line is not of the form '//| key: value'"
    case .optionAsComment(let key, let written):
      "'\(written)' begins no option, so '\(key)' has no effect"
    case .notInThisVersion(let option): "'\(option)' is not supported in this version"
    case .wrongValue(let option, let value, let expected):
      "'\(option)' must be \(expected), not '\(value)'"
    case .wrongLabel(let label, _): "'\(label)' is not a label for this block"
    case .emptyValue: "`{swift}` needs an expression"
    case .valueInTitle: "a chapter's title is known before anything runs, so it holds no value"
    case .misspeltSpan(let written, let nearest):
      "`\(written)` is shown as it stands; did you mean `{\(nearest)}`?"
    case .spanInLinkTitle:
      "the title of a link or an image is an attribute and holds no value or claim"
    case .spanNotRead(let place): "a value or a claim in \(place) would not be evaluated"
    case .htmlBlocked(let name):
      "'\(name)' does nothing: a page runs the book's own scripts only, and loads no other page"
    case .spanWithoutSpace(let word):
      "`{\(word)}` is read at the beginning of a code span and before a space only, so this is code"
    case .notOneExpression(let reason): "this is not one Swift expression: \(reason)"
    case .reservedName(let name): "'\(name)' belongs to the tool, and a chapter may not use it"
    case .runtimeRedeclared(let name):
      "'\(name)' is what a chapter shows and claims with, so a chapter may not declare it"
    case .claimDoesNotRun: "this claim is shown but never checked, because its cell does not run"
    case .unseeded(let call): "'\(call)' draws another number in every run"
    case .misspeltBlock(let name, _):
      "there is no block '\(name)'; this one gets no title and no number"
    case .unknownAttribute(let key, _): "a ::: block has no attribute '\(key)'"
    case .frontMatter: "a chapter has no YAML header, so these lines are shown as text"
    case .shownAsItStands(let text, _): "\(text) is shown as it stands"
    case .bracketsForFormula: #"'\[' opens no formula here, and the page shows a bracket"#
    case .claimWithoutRelation: "this claim has no relation: one of = ≈ < ≤ > ≥"
    case .claimWithoutExpression: "this claim has nothing to measure before the relation"
    case .claimWithoutNumber(let text):
      text.isEmpty
        ? "this claim has no number after the relation"
        : "a claim ends in a number, and '\(text)' is none"
    case .claimTolerance(let text): "'\(text)' is not a tolerance"
    case .derivationTooShort: "a derivation needs at least two steps, so that one can be checked"
    case .stepWithoutExpression: "this step has no Swift expression to check"
    case .stepWithoutTeX: "this step has no formula to show"
    case .stepWithoutRelation: "this step does not say how it follows from the one before"
    case .firstStepWithRelation(let relation):
      "the first step stands alone, and this one begins with '\(relation)'"
    case .wrongSample(let text): "'\(text)' is not a sample"
    }
  }

  public var hint: String? {
    switch self {
    case .misspeltFence(_, let right): "write ```\(right)"
    case .blockAsFence(let name): "write '::: \(name)' … ':::'"
    case .unknownCellWord(_, let nearest):
      nearest.map { "did you mean '\($0)'?" } ?? "write ```swift, ```swift norun or ```swift text"
    case .unknownOption(let text, _, _) where text.contains("="):
      "write '//| \(text.prefix { $0.isLetter }): …'"
    case .unknownOption("eval", _, _): "write ```swift norun for a cell that does not run"
    case .unknownOption(_, let nearest, let block):
      nearest.map { "did you mean '\($0)'?" }
        ?? "the options of a \(block): \(CellOptions.keys(of: block).joined(separator: ", "))"
    case .optionWithoutValue(let key): "write '//| \(key): …'"
    case .optionTwice: "remove one of the two"
    case .optionAfterCode: "move it to the first lines of the block"
    case .malformedOption: nil
    case .optionAsComment(let key, _): "write '//| \(key): …'"
    case .notInThisVersion: "remove the line; the cell then runs once, when the book is built"
    case .wrongValue: nil
    case .wrongLabel(_, let prefixes):
      "write \(prefixes.joined(separator: "… or "))…, with letters, digits, - and _"
    case .emptyValue: "write `{swift} expression`"
    case .valueInTitle:
      "write the number with `{claim} expression = 3`, or move the value into the text"
    case .misspeltSpan: nil
    case .unknownAttribute(_, let nearest):
      nearest.map { "did you mean '\($0)'?" } ?? "it has a #label, .classes and a title=\"…\""
    case .frontMatter: "the title is the heading '# …'; facts of the book stand in book.json"
    case .bracketsForFormula: #"write '\[ x \]' with blanks, on a line of its own"#
    case .shownAsItStands(_, let write): "write \(write); to show it, put a backslash before it"
    case .htmlBlocked: "link to it, or show a picture of it"
    case .spanWithoutSpace(let word): "write `{\(word)} expression`"
    case .spanInLinkTitle, .spanNotRead: "move it into the text"
    case .notOneExpression: "compute it in a cell, and name the result here"
    case .reservedName, .runtimeRedeclared: "choose another name"
    case .claimDoesNotRun: "move it into a cell that runs, or write its condition without claim(…)"
    case .unseeded: "pass a seeded generator with 'using:'"
    case .misspeltBlock(_, let nearest): "did you mean '\(nearest)'?"
    case .claimWithoutRelation(let sign?): "write ≈, = or another of them instead of '\(sign)'"
    case .claimWithoutNumber(let text) where text.isNumberWithUnit:
      "write the unit behind the span: `{claim} v ≈ 12.0` m/s"
    case .claimWithoutNumber(let text) where text.hasDecimalComma:
      "write a point before the decimals, and _ between thousands: 1_234.5"
    case .claimWithoutRelation, .claimWithoutExpression, .claimWithoutNumber:
      "write `{claim} expression ≈ 10.217 ± 0.001`"
    case .claimTolerance: "write a positive number, as in ± 0.001 or ± 2 %"
    case .derivationTooShort, .stepWithoutExpression, .stepWithoutTeX:
      "write 'TeX ;; Swift expression', one step a line"
    case .stepWithoutRelation:
      "begin the line with =, ≤ or ≥, or indent it to continue the step above"
    case .firstStepWithRelation: "remove the relation"
    case .wrongSample: "write '//| sample: K in 2...6'"
    }
  }
}

extension String {
  /// `12.0 m/s`
  fileprivate var isNumberWithUnit: Bool {
    guard let number = WrittenNumber(readingFrom: self[...]) else { return false }
    return self[number.end...].trimmingBlanks.first.map { $0.isLetter || "°€$£".contains($0) }
      ?? false
  }

  /// `12,5`
  fileprivate var hasDecimalComma: Bool { wholeMatch(of: #/[-+−]?\d+([,' ]\d+)+/#) != nil }
}

extension MarkdownFault {
  var severity: Diagnostic.Severity {
    switch kind {
    case .invalidUTF8, .duplicateFootnote: .error
    default: .warning
    }
  }
}

extension MarkdownFault.Kind: Fault {
  public var message: String {
    switch self {
    case .invalidUTF8(let offset): "the file is not UTF-8: byte \(offset) is part of no character"
    case .unclosedFence: "this code fence is never closed"
    case .unclosedContainer(let name): "this ::: \(name) block is never closed"
    case .unclosedMath(let opener): "the formula that \(opener) opens here is never closed"
    case .strayContainerEnd: "this ::: closes nothing"
    case .malformedContainer: "this ::: line opens no block"
    case .duplicateFootnote(let label, let first):
      "the footnote [^\(label)] is already defined on line \(first.line)"
    case .undefinedFootnote(let label): "there is no footnote [^\(label)]"
    case .unusedFootnote(let label): "nothing refers to the footnote [^\(label)]"
    case .nestedTooDeep:
      "blocks are nested more than \(MarkdownParser.maximumDepth) deep; the rest is shown as text"
    case .noPlaceholderLeft:
      "the file uses every private-use character of Unicode, so formulas and references stay text"
    case .cellsBeyondHeader(let count, let width):
      "this row has \(count) cells and its header \(width), so the rest is lost"
    case .unsettled: "what begins here and the Markdown around it undo each other; it stays text"
    }
  }

  public var hint: String? {
    switch self {
    case .invalidUTF8: "save the file as UTF-8"
    case .unclosedFence: "close it with a line of as many backticks or tildes"
    case .unclosedContainer: "close it with a line :::, indented like its first line"
    case .unclosedMath(let opener):
      "close it with \(opener == "$$" ? "$$" : "\\]") before the next blank line"
    case .strayContainerEnd: "remove it, or open a block above with ::: name"
    case .malformedContainer: "write '::: name' or '::: {.name #label title=\"…\"}'"
    case .duplicateFootnote: "give one of them another label"
    case .undefinedFootnote(let label): "define it with a line '[^\(label)]: …'"
    case .unusedFootnote(let label): "refer to it with [^\(label)], or remove it"
    case .nestedTooDeep: nil
    case .noPlaceholderLeft: "remove one of them"
    case .cellsBeyondHeader:
      "give the header and the row of dashes as many cells, or write '\\|' for a bar in a text"
    case .unsettled: "put a backslash before it, or a blank line between it and what is around it"
    }
  }
}
