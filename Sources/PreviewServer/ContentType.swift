/// What a file of the site is, by its extension.
enum ContentType {
  static func of(_ name: String) -> String {
    guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
    return switch name[name.index(after: dot)...].lowercased() {
    case "html", "htm": html
    case "css": "text/css; charset=utf-8"
    case "js", "mjs": "text/javascript; charset=utf-8"
    case "json", "map": "application/json"
    case "txt", "md": "text/plain; charset=utf-8"
    case "xml": "application/xml"
    case "webmanifest": "application/manifest+json"
    case "svg": "image/svg+xml"
    case "png": "image/png"
    case "jpg", "jpeg": "image/jpeg"
    case "gif": "image/gif"
    case "webp": "image/webp"
    case "avif": "image/avif"
    case "ico": "image/x-icon"
    case "woff": "font/woff"
    case "woff2": "font/woff2"
    case "ttf": "font/ttf"
    case "wasm": "application/wasm"
    case "pdf": "application/pdf"
    case "csv": "text/csv; charset=utf-8"
    case "mp4": "video/mp4"
    default: "application/octet-stream"
    }
  }

  static let html = "text/html; charset=utf-8"
  static let javaScript = "text/javascript; charset=utf-8"
  static let json = "application/json"
  static let text = "text/plain; charset=utf-8"
}
