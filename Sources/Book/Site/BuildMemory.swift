/// What one process keeps from build to build, so that a preview pays for it once: the theme, and
/// the renderer with the scripts that it started and the formulas that it holds.
public final class BuildMemory: Sendable {
  private struct Renderer: Sendable {
    var macros: [BookFacts.Macro]
    var cacheFolder: String
    var renderer: PageRenderer
  }

  private let lastTheme = Guarded<Theme?>(nil)
  private let lastRenderer = Guarded<Renderer?>(nil)

  public init() {}

  func theme() throws(WebLibraryFault) -> Theme {
    if let theme = lastTheme.with({ $0 }) { return theme }
    let theme = try Theme.load()
    lastTheme.with { $0 = theme }
    return theme
  }

  func renderer(facts: BookFacts, cacheFolder: String) -> PageRenderer {
    lastRenderer.with { last in
      if let last, last.macros == facts.macros, last.cacheFolder == cacheFolder {
        return last.renderer
      }
      let renderer = PageRenderer(facts: facts, cacheFolder: cacheFolder)
      last = Renderer(macros: facts.macros, cacheFolder: cacheFolder, renderer: renderer)
      return renderer
    }
  }
}
