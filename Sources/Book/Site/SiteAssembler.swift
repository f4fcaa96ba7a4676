/// The pages of all chapters, and what is made from all of them together → a site on disk.
struct SiteAssembler {
  let book: BookFolder
  let plan: BuildPlan
  let state: BuildState

  func write(to output: String) throws(FileFault) {
    var writer = try SiteWriter(output: output)
    do {
      try write(with: &writer)
      try writer.commit(key: plan.siteKey(state))
    } catch {
      writer.abandon()
      throw error
    }
  }

  private func write(with writer: inout SiteWriter) throws(FileFault) {
    let facts = plan.source.facts
    let assets = plan.frame.assets
    let chapters = plan.frame.chapters
    let all = try writeChapters(with: &writer)
    let pages: [(path: String, bytes: [UInt8])] = [
      (ContentsPage.path, ContentsPage.page(chapters, facts: facts, assets: assets)),
      (
        ClaimsPage.path,
        ClaimsPage.page(
          all.claims, falsified: plan.source.falsified, facts: facts, assets: assets)
      ),
      (NotFoundPage.path, NotFoundPage.page(facts: facts, assets: assets)),
      (
        BibliographyPage.path,
        BibliographyPage.page(
          plan.frame.bibliography, cited: all.cited, facts: facts, assets: assets)
      ),
    ]
    for page in pages { try writer.write(page.bytes, to: page.path) }
    if let sitemap = Sitemap.xml(paths: [ContentsPage.path] + all.paths, facts: facts) {
      try writer.write(sitemap, to: Sitemap.path)
    }
    let theme = plan.theme
    var files = [theme.stylesheet, theme.script, theme.lunr, ContentsScript.file(chapters)]
    do {
      files += try theme.fonts(for: all.fonts)
    } catch {
      throw .unreadable(path: "KaTeX's fonts", reason: error.message)
    }
    for file in files { try writer.write(file.bytes, to: file.path) }
    for file in plan.files {
      try writer.write(try book.read(file.path), to: SitePaths.sitePath(ofFile: file.path))
    }
  }

  /// What the chapters' pages give to the pages about all of them.
  private struct Gathered {
    var paths: [String] = []
    var fonts = FontUse()
    var claims: [ClaimsPage.Chapter] = []
    var cited: [String: [PageLink]] = [:]
  }

  /// One page after the other, so that no more than one is in memory.
  private func writeChapters(with writer: inout SiteWriter) throws(FileFault) -> Gathered {
    let store = PageStore(cache: book.cache)
    let printer = PrintPage(
      plan.frame.chapters, facts: plan.source.facts, assets: plan.frame.assets)
    let frame = printer.frame()
    let print = try writer.stream(to: PrintPage.path)
    let search = try writer.stream(to: SearchScript.path)
    try print.append(frame.start)
    try search.append(SearchScript.start(theme: plan.theme))
    var all = Gathered()
    var kept: Set<ContentKey> = []
    for chapter in plan.frame.chapters {
      let slug = chapter.entry.slug
      // A chapter that was not asked for, and was never built, has no page yet.
      guard let key = state.chapters[chapter.entry.path]?.page else { continue }
      guard let page = store.page(key) else {
        throw .unreadable(
          path: "\(book.cache)/pages/\(key)", reason: "the kept page of '\(slug)' is damaged")
      }
      if !kept.isEmpty { try search.append(SearchScript.separator) }
      kept.insert(key)
      try writer.write(page.html, to: page.path)
      if let previews = PreviewScript.file(slug: slug, previews: page.previews) {
        try writer.write(previews.bytes, to: previews.path)
      }
      try print.append(printer.chapter(page.html, slug: slug))
      try search.append(
        SearchScript.entry(path: page.path, title: chapter.outline.title, sections: page.sections))
      let link = PageLink(chapter)
      all.paths.append(SitePaths.encoded(page.path))
      all.fonts.formUnion(page.fonts)
      all.claims.append(
        .init(
          path: chapter.entry.path, link: link, rows: page.claims, redeclared: page.redeclared,
          uncheckedNumbers: page.uncheckedNumbers))
      for key in Set((chapter.outline.citations + chapter.outline.names).map(\.name)) {
        all.cited[key, default: []].append(link)
      }
    }
    try print.append(frame.end)
    try search.append(SearchScript.end)
    store.keep(only: kept)
    return all
  }
}
