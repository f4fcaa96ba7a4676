import Transcript

/// What happens during a build, as it happens. Events of several chapters interleave; they come
/// one at a time, in no particular thread.
public enum BuildEvent: Sendable {
  /// The book was read: so many chapters, so many of them with something to do.
  case planned(chapters: Int, toBuild: Int)
  case compiling(chapter: String)
  /// The `index`-th of `count` items began to run.
  case running(chapter: String, index: Int, count: Int, label: String?)
  case progress(chapter: String, Event.Progress)
  case rendered(chapter: String)
  case diagnostic(Diagnostic)
  case finished(ChapterReport)

  // Whoever listens to a build needs no other module to name what it hears.
  public typealias Progress = Event.Progress
  public typealias Claim = Event.Claim
  public typealias Step = Event.Step
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
  /// The claims in prose that do not hold, with what they should say.
  public var falseClaims: [FalseClaim] = []

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
  }

  mutating func take(_ record: ExecutionRecord, of chapter: Chapter) {
    cells = chapter.items.count { if case .cell = $0 { true } else { false } }
    figures = record.outputs.joined().count { if case .figure = $0 { true } else { false } }
    claims = record.claims.count
    claimsHeld = record.claims.count { $0.held }
    let judged = StepCount(record.steps)
    (steps, stepsHeld) = (judged.all, judged.held)
    compileSeconds = record.compileSeconds
    runSeconds = record.runSeconds
    falseClaims = record.claims.compactMap { result in
      guard !result.held, let item = result.item, chapter.items.indices.contains(item),
        case .claim(let claim) = chapter.items[item]
      else { return nil }
      return FalseClaim(claim: claim, measured: result.measured)
    }
  }
}

/// A claim in prose and what its expression really gives.
public struct FalseClaim: Sendable, Equatable {
  public var claim: InlineClaim
  public var measured: Double

  public init(claim: InlineClaim, measured: Double) {
    self.claim = claim
    self.measured = measured
  }
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
