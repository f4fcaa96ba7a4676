/// What every page of one build shares, and the key that a page is kept under.
struct PageFrame: Sendable {
  let facts: BookFacts
  let chapters: [ChapterEntry]
  let references: ReferenceTable
  let bibliography: Bibliography
  let assets: PageAssets
  /// Of the facts, the summary and the bibliography together, and of the tool itself.
  let key: ContentKey
  /// Of the book's images, by their paths in the book.
  var imageSizes: [String: ImageSize] = [:]

  func context(of index: Int) -> PageContext {
    let chapter = chapters[index]
    var context = PageContext(
      facts: facts, entry: chapter.entry, outline: chapter.outline,
      previous: index > 0 ? PageLink(chapters[index - 1]) : nil,
      next: index + 1 < chapters.count ? PageLink(chapters[index + 1]) : nil,
      references: references, bibliography: bibliography, assets: assets)
    context.imageSizes = imageSizes
    return context
  }

  /// Everything that the page's bytes depend on.
  ///
  /// - Parameters:
  ///   - source: the key of the chapter's file.
  ///   - run: the key of what its run showed.
  func pageKey(of index: Int, source: ContentKey, run: ContentKey?) -> ContentKey {
    var hasher = ContentHasher()
    hasher.add(key)
    hasher.add(source)
    let entry = chapters[index].entry
    // Two chapters may hold the same text, and their pages still differ.
    for text in [entry.path, entry.slug, entry.number, entry.title] { hasher.add(text) }
    hasher.add(entry.hasChapters ? 1 : 0)
    hasher.add(run?.description ?? "")
    for name in [assets.stylesheet, assets.script, assets.contents] { hasher.add(name) }
    for neighbour in [index - 1, index + 1] where chapters.indices.contains(neighbour) {
      hasher.add(neighbour - index)
      hasher.add(chapters[neighbour].outline.title)
    }
    let outline = chapters[index].outline
    for mention in outline.images {
      guard let path = SitePaths.resolve(mention.name, from: entry.path)?.path,
        let size = imageSizes[path]
      else { continue }
      hasher.add(size.width)
      hasher.add(size.height)
    }
    for mention in outline.references {
      guard let target = references[mention.name] else { continue }
      hasher.add(target.text)
      hasher.add(target.url)
      hasher.add(target.title)
    }
    return hasher.key
  }
}
