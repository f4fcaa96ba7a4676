import Markdown
import Transcript

/// What happens during a build, as it happens. Events of several chapters interleave; they come
/// one at a time, in no particular thread.
public enum BuildEvent: Sendable {
  /// The book was read: so many chapters, so many of them with something to do.
  case planned(chapters: Int, toBuild: Int)
  /// Another process works with the book; this one goes on when that one is done.
  case waiting
  case compiling(chapter: String)
  /// The `index`-th of `count` items began to run.
  case running(chapter: String, index: Int, count: Int, label: String?)
  case progress(chapter: String, Event.Progress)
  case rendered(chapter: String)
  case finished(ChapterReport)

  public var isWaiting: Bool { if case .waiting = self { true } else { false } }

  // Whoever listens to a build needs no other module to name what it hears.
  public typealias Progress = Event.Progress
  public typealias Table = Event.Table
  public typealias Figure = Event.Figure
}

extension BuildEvent {
  /// What an executor says, as the build says it; nil for what is only shown when a chapter is run
  /// by itself.
  init?(_ event: ExecutionEvent, chapter: String) {
    switch event {
    case .compiling: self = .compiling(chapter: chapter)
    case .running(_, let index, let count, let label):
      self = .running(chapter: chapter, index: index, count: count, label: label)
    case .progress(_, let progress): self = .progress(chapter: chapter, progress)
    case .reused, .output, .value, .claim, .step, .finished: return nil
    }
  }
}

/// What a build did with one chapter.
public struct ChapterReport: Sendable, Equatable {
  public var path: String
  public var slug: String
  /// `5`, `5.1`, or empty for an unnumbered chapter.
  public var number: String
  public var title: String
  public var cells = 0
  public var figures = 0
  public var claims = 0
  public var claimsHeld = 0
  /// Steps of derivations, each counted once however many samples it was evaluated on.
  public var steps = 0
  public var stepsHeld = 0
  public var compileSeconds = 0.0
  public var runSeconds = 0.0
  public var renderSeconds = 0.0
  /// The record of an earlier run was used.
  public var isRecordCached = false
  /// The page of an earlier build was used.
  public var isPageCached = false
  /// The numbers of claims in prose that should be written otherwise.
  public var corrections: [ClaimCorrection] = []
  /// Claims that hold and hardly constrain.
  public var looseClaims: [LooseClaim] = []

  public init(path: String, slug: String, number: String, title: String) {
    self.path = path
    self.slug = slug
    self.number = number
    self.title = title
  }

  /// Takes over what a run cost and showed.
  mutating func take(_ other: ChapterReport) {
    (cells, figures) = (other.cells, other.figures)
    (claims, claimsHeld) = (other.claims, other.claimsHeld)
    (steps, stepsHeld) = (other.steps, other.stepsHeld)
    (compileSeconds, runSeconds) = (other.compileSeconds, other.runSeconds)
    (corrections, looseClaims) = (other.corrections, other.looseClaims)
  }

  mutating func take(_ record: ExecutionRecord, of chapter: Chapter) {
    cells = chapter.cellCount
    figures = record.outputs.joined().count { if case .figure = $0 { true } else { false } }
    claims = record.claims.count
    claimsHeld = record.claims.count { $0.held }
    let judged = StepCount(record.steps)
    (steps, stepsHeld) = (judged.all, judged.held)
    compileSeconds = record.compileSeconds
    runSeconds = record.runSeconds
    looseClaims = record.claims.compactMap { LooseClaim($0) }
    corrections = record.claims.compactMap { result in
      guard case .claim(let claim) = chapter.items[result.item], let numbers = result.numbers,
        let text = result.held
          ? claim.otherDigits(measured: numbers.measured)
          : claim.corrected(measured: numbers.measured),
        text != claim.written
      else { return nil }
      return ClaimCorrection(
        position: claim.writtenPosition, written: claim.written, corrected: text)
    }
  }
}

/// A claim that holds and that many other numbers would make hold as well.
public struct LooseClaim: Sendable, Equatable {
  public enum Reason: String, Sendable {
    /// The tolerance is more than a tenth of the number.
    case wideTolerance
    /// The measured value passes the bound by more than half of it.
    case farBound
  }

  public var line: Int
  /// `worst ≥ 0.5`, as it is stated.
  public var statement: String
  public var measured: Double
  public var reason: Reason

  init?(_ claim: ClaimResult) {
    guard let numbers = claim.numbers, claim.held else { return nil }
    let stated = numbers.stated.value
    let isEquality = numbers.relation.isEquality
    let distance = isEquality ? numbers.tolerance : abs(numbers.measured.value - stated)
    guard distance > (isEquality ? 0.1 : 0.5) * abs(stated) else { return nil }
    line = claim.line
    statement = "\(claim.sentence) \(numbers.relation.rawValue) \(numbers.stated.text)"
    measured = numbers.measured.value
    reason = isEquality ? .wideTolerance : .farBound
  }
}

/// The number of a claim as it is written, and as it should be.
public struct ClaimCorrection: Sendable, Equatable {
  public var position: SourcePosition
  public var written: String
  public var corrected: String
}

public struct BuildReport: Sendable {
  public var chapters: [ChapterReport] = []
  /// In the order of the book, then by line.
  public var diagnostics: [Diagnostic] = []
  /// The folder of the site, when one was written or was already up to date.
  public var site: String?
  /// Nothing had changed since the last build.
  public var wasUpToDate = false
  public var seconds = 0.0
  /// A compiler or library that the book needs is not on this machine.
  public var lacksTool = false

  public init() {}

  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
