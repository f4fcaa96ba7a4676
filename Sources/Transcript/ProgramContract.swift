/// What the runner and a chapter's program agree on, beside the events.
public enum ProgramContract {
  /// The environment variable with the number of the descriptor that events are written to.
  public static let descriptor = "SSLBOOK_TRANSCRIPT"
  /// The environment variable with the book's folder, for `readData`.
  public static let bookFolder = "SSLBOOK_BOOK"
  /// The environment variables with limits in bytes that a program sets itself before any cell runs:
  /// for all of its private memory, and for each file it writes, its output among them.
  public static let memoryLimit = "SSLBOOK_MEMORY_LIMIT"
  public static let outputLimit = "SSLBOOK_OUTPUT_LIMIT"
  /// Exit status of a program whose events cannot be written any more.
  public static let closedChannelStatus: Int32 = 87
}
