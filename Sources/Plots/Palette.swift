/// The colours of a figure, each a CSS variable that a page may set, with a colour that stands
/// when it does not.
///
/// Text and lines of the axes take `currentColor`, so they follow the page by themselves. The
/// first six colours of series differ by a ΔE of at least 11 for normal sight and for each kind of
/// colour blindness (Machado et al. 2009), and each has a contrast of at least 4.5 with white,
/// because labels are set in them.
///
/// | variable | light (the fallback) | on a dark page |
/// |---|---|---|
/// | `--series-1` … `--series-8` | `seriesFallbacks` | lighter twins |
/// | `--plot-muted` | `#767676` | a lighter grey |
/// | `--plot-paper` | `#fff`, behind labels and in gaps | the page's background |
/// | `--plot-high`, `--plot-low` | `#083f7d`, `#b0350b`: the ends of a heatmap's scale | light twins |
public enum PlotColor: Sendable, Equatable {
  /// The next colour of the palette, shared by all marks of the same name.
  case automatic
  /// One of the palette's eight, counted from 1.
  case series(Int)
  /// The colour of text.
  case ink
  /// The colour of axes.
  case muted
}

enum Palette {
  static let seriesFallbacks = [
    "#1766ae", "#c2410c", "#0b7a5c", "#661a78", "#5c4a10", "#0b4660", "#6b7280", "#c1408a",
  ]

  static let ink = "currentColor"
  static let muted = "var(--plot-muted,#767676)"
  static let paper = "var(--plot-paper,#fff)"
  static let high = "var(--plot-high,#083f7d)"
  static let low = "var(--plot-low,#b0350b)"

  /// The paint of series `index`, counted from 0.
  static func series(_ index: Int) -> String {
    let slot = index % seriesFallbacks.count
    return "var(--series-" + String(slot + 1) + "," + seriesFallbacks[slot]
      + ")"
  }
}
