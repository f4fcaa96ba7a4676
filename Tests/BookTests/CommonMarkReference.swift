import CCMark

/// cmark's own rendering, which tests compare with.
enum CommonMarkReference {
  static func html(_ markdown: [UInt8]) -> String {
    let root = markdown.withUnsafeBufferPointer { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT)
      }
    }
    defer { cmark_node_free(root) }
    guard let html = cmark_render_html(root, CMARK_OPT_UNSAFE) else { return "" }
    defer { cmark_get_default_mem_allocator().pointee.free(html) }
    return String(cString: html)
  }
}
