/// What the command line asks of a build.
public struct BuildOptions: Sendable {
  /// Chapters by number, slug or path; empty means all.
  public var chapters: [String] = []
  /// The site's folder; nil means `site` in the book's folder.
  public var output: String?
  /// Chapters at a time; nil means one per core.
  public var jobs: Int?
  /// Compile, execute and render again whatever the cache holds.
  public var isForced = false
  /// A warning refuses the book as an error does.
  public var isStrict = false

  public init() {}
}
