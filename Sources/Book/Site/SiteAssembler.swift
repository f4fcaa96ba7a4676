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
    let store = PageStore(cache: book.cache)
    var kept: Set<ContentKey> = []
    var paths = [ContentsPage.path]
    var fonts: Set<String> = []
    var claims: [ClaimsPage.Chapter] = []
    var search: [[UInt8]] = []
    var cited: [String: [PageLink]] = [:]
    var print = PrintPage(chapters, facts: facts, assets: assets)

    for chapter in chapters {
      // A chapter that was not asked for, and was never built, has no page yet.
      guard let key = state.chapters[chapter.entry.path]?.page, let page = store.page(key) else {
        continue
      }
      kept.insert(key)
      paths.append(page.path)
      fonts.formUnion(page.fonts)
      try writer.write(page.html, to: page.path)
      if let previews = PreviewScript.file(slug: chapter.entry.slug, previews: page.previews) {
        try writer.write(previews.bytes, to: previews.path)
      }
      claims.append(
        .init(
          link: PageLink(chapter), rows: page.claims, uncheckedNumbers: page.uncheckedNumbers))
      search.append(
        SearchScript.entry(path: page.path, title: chapter.outline.title, sections: page.sections))
      for key in Set(chapter.outline.citations.map(\.name)) {
        cited[key, default: []].append(PageLink(chapter))
      }
      print.append(page.html, slug: chapter.entry.slug)
    }

    try writer.write(
      ContentsPage.page(chapters, facts: facts, assets: assets), to: ContentsPage.path)
    try writer.write(ClaimsPage.page(claims, facts: facts, assets: assets), to: ClaimsPage.path)
    try writer.write(NotFoundPage.page(facts: facts, assets: assets), to: NotFoundPage.path)
    try writer.write(print.finished(), to: PrintPage.path)
    try writer.write(
      BibliographyPage.page(
        plan.frame.bibliography, cited: cited, facts: facts, assets: assets),
      to: BibliographyPage.path)
    if let sitemap = Sitemap.xml(paths: paths, facts: facts) {
      try writer.write(sitemap, to: "sitemap.xml")
    }
    let theme = plan.theme
    var files = [theme.stylesheet, theme.script, theme.lunr, ContentsScript.file(chapters)]
    files.append(SearchScript.file(entries: search, theme: theme))
    do {
      files += try theme.fonts(fonts)
    } catch {
      throw .unreadable(path: "KaTeX's fonts", reason: error.message)
    }
    for file in files { try writer.write(file.bytes, to: file.path) }
    for file in plan.files {
      try writer.write(try book.read(file.path), to: SitePaths.sitePath(ofFile: file.path))
    }
    store.keep(only: kept)
  }
}
