import Foundation

/// What an open page knows of the build: which site it shows, and what is wrong with the next one.
struct PreviewState: Encodable, Sendable {
  /// Changes whenever a site was written; a page of another site loads itself again.
  var site: String
  /// Changes with every announcement; a page that knows this one waits.
  var announcement: String
  var problems: [PreviewServer.Problem]

  /// `{"site":"7","announcement":"9","problems":[…]}`; texts are always encodable.
  var json: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return Array((try? encoder.encode(self)) ?? Data())
  }
}

/// The part of the preview that lives in the page. It is added on the way to the browser; the
/// site on disk knows nothing of it.
enum LiveReload {
  static let scriptPath = "/.preview/reload.js"
  static let eventsPath = "/.preview/events"

  /// The page with the script's tag before the end of its body.
  static func injected(into page: [UInt8], site: String) -> [UInt8] {
    let tag = Array(#"<script src="\#(scriptPath)" data-site="\#(site)" defer></script>"#.utf8)
    let end = Array("</body>".utf8)
    var result = page
    var at = page.count
    if page.count >= end.count {
      for start in stride(from: page.count - end.count, through: 0, by: -1)
      where page[start..<start + end.count].elementsEqual(end) {
        at = start
        break
      }
    }
    result.insert(contentsOf: tag, at: at)
    return result
  }

  /// Shown while there is no site yet: the first build runs, or failed.
  static let waitingPage = """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>The book is being built</title>
    <meta name="viewport" content="width=device-width">
    <style>:root{color-scheme:light dark}
    body{font:1.125rem/1.6 system-ui,sans-serif;margin:20vh auto 0;max-width:32rem;padding:0 1rem}
    </style></head>
    <body><h1>There is no page yet.</h1>
    <p>The book is being built; this page shows it as soon as it is there.</p></body></html>
    """
}
