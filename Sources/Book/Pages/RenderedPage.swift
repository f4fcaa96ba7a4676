/// A chapter's page, and what the rest of the site takes from it.
public struct RenderedPage: Sendable, Equatable {
  /// `infonce-bound.html`
  public var path: String
  public var html: [UInt8]
  public var sections: [SearchSection]
  public var previews: [Preview]
  public var claims: [ClaimRow]
  /// Names that mean something else in this chapter than elsewhere.
  public var redeclared: [Redeclaration]
  /// Numerals in the prose that nothing checks.
  public var uncheckedNumbers: Int
  public var fonts: FontUse
  public var diagnostics: [Diagnostic]
}

/// A part of a page that search can find.
public struct SearchSection: Sendable, Equatable {
  /// Empty for what stands before the first heading.
  public var anchor: String
  /// `5.2 The proof`
  public var title: String
  public var text: String

  package init(anchor: String, title: String, text: String) {
    self.anchor = anchor
    self.title = title
    self.text = text
  }
}

/// What a reader sees when the pointer rests on a reference to it.
public struct Preview: Sendable, Equatable {
  public var anchor: String
  public var html: String
}

/// A claim or a step of a derivation, for the page that lists all of them.
public struct ClaimRow: Sendable, Equatable {
  public var anchor: String
  public var line: Int
  /// The expression, the sentence of a claim in a cell, or the TeX of a step.
  public var statement: String
  public var isStep: Bool
  /// As shown: `≈ 10.217`; empty for a plain condition.
  public var stated: String
  public var measured: String
  public var tolerance: String
  /// How much of the tolerance was used; nil where none applies.
  public var used: Double?
  public var held: Bool

  package init(
    anchor: String, line: Int, statement: String, isStep: Bool, stated: String, measured: String,
    tolerance: String, used: Double?, held: Bool
  ) {
    self.anchor = anchor
    self.line = line
    self.statement = statement
    self.isStep = isStep
    self.stated = stated
    self.measured = measured
    self.tolerance = tolerance
    self.used = used
    self.held = held
  }
}
