/// What a chapter's program may use before it is stopped.
public struct Limits: Sendable, Equatable {
  /// Wall-clock seconds for one cell that names no `timeout` of its own.
  public var cellSeconds = 60.0
  /// Wall-clock seconds for all of a chapter; never less than its longest cell may take.
  public var chapterSeconds = 1800.0
  public var compileSeconds = 120.0
  /// Memory of the program and of the processes that it starts.
  public var memoryBytes = 8 << 30
  /// What a chapter may print, and, separately, show.
  public var outputBytes = 16 << 20
  /// How large a file in the program's own folder may grow and, in a sandbox, all of them together;
  /// more than `outputBytes`, since what is printed goes to files, too.
  public var fileBytes = 1 << 30
  /// Processes a chapter may have at one time.
  public var processes = 128

  public init() {}
}

/// Ends what an executor is doing, from any thread.
public final class Cancellation: Sendable {
  private let state = Guarded(false)
  private let whole: Cancellation?

  /// - Parameter whole: the work that this is a part of: where it is cancelled, its parts are.
  public init(within whole: Cancellation? = nil) { self.whole = whole }

  public func cancel() { state.with { $0 = true } }
  public var isCancelled: Bool { state.with { $0 } || whole?.isCancelled == true }
}
