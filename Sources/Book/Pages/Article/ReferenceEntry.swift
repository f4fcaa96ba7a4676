import Markup

/// One work as it stands in a list of references.
enum ReferenceEntry {
  static func node(_ reference: Reference) -> Node {
    var nodes: [Node] = [.text(authors(reference) + " (\(reference.yearInText)). ")]
    let isWork = !["article", "inproceedings", "incollection"].contains(reference.type)
    let title = sentence(reference.title)
    nodes.append(isWork ? Node("cite", [], .text(title)) : .text(title))
    nodes.append(contentsOf: venue(reference))
    if let address = reference.address {
      nodes.append(.text(" "))
      nodes.append(
        Node("a", [("href", PageURL.escaped(address))], .text(reference.addressName)))
      nodes.append(.text("."))
    }
    return Node("li", [("id", reference.anchor)], children: nodes)
  }

  private static func authors(_ reference: Reference) -> String {
    var names = reference.authors.map(\.inverted)
    if names.isEmpty { return reference.authorsInText }
    if names.count > 8 { names = Array(names.prefix(6)) + ["et al."] }
    if reference.hasMoreAuthors { names.append("et al.") }
    guard names.count > 1, names.last != "et al." else { return names.joined(separator: ", ") }
    return names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }

  private static func venue(_ reference: Reference) -> [Node] {
    var nodes: [Node] = []
    if !reference.venue.isEmpty {
      let isArchive = reference.venue.lowercased().hasPrefix("arxiv")
      if !(isArchive && reference.address != nil) {
        nodes = [.text(" "), Node("cite", [], .text(reference.venue))]
        if !reference.volume.isEmpty {
          let issue = reference.number.isEmpty ? "" : "(\(reference.number))"
          nodes.append(.text(" \(reference.volume)\(issue)"))
        }
        if !reference.pages.isEmpty { nodes.append(.text(", \(reference.pages)")) }
        nodes.append(.text("."))
      }
    }
    if !reference.publisher.isEmpty { nodes.append(.text(" \(reference.publisher).")) }
    return nodes
  }

  private static func sentence(_ title: String) -> String {
    title.last.map { "?!.".contains($0) } ?? true ? title : title + "."
  }
}
