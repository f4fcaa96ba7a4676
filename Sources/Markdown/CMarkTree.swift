import CCMark
import Glibc

/// A tree of libcmark, which lives as long as this object.
final class CMarkTree {
  let root: CMarkNode
  private let arena: CMarkArena

  convenience init(_ text: [UInt8]) {
    self.init(text.withUnsafeBufferPointer { Self.parse($0) })
  }

  convenience init(_ text: UnsafeBufferPointer<UInt8>) { self.init(Self.parse(text)) }

  private static func parse(_ text: UnsafeBufferPointer<UInt8>) -> (OpaquePointer?, CMarkArena) {
    var document: OpaquePointer?
    let arena = CMarkArena.fill { memory in
      let parser = cmark_parser_new_with_mem(CMARK_OPT_SOURCEPOS, memory)
      text.withMemoryRebound(to: CChar.self) {
        cmark_parser_feed(parser, $0.baseAddress, $0.count)
      }
      document = cmark_parser_finish(parser)
    }
    return (document, arena)
  }

  private init(_ parsed: (document: OpaquePointer?, arena: CMarkArena)) {
    guard let root = CMarkNode(parsed.document) else { fatalError("libcmark gave no document") }
    self.root = root
    arena = parsed.arena
  }

  deinit { arena.free() }
}

/// A node of such a tree; lines and columns are cmark's, from 1.
struct CMarkNode: Equatable {
  let pointer: OpaquePointer

  init?(_ pointer: OpaquePointer?) {
    guard let pointer else { return nil }
    self.pointer = pointer
  }

  var type: cmark_node_type { cmark_node_get_type(pointer) }
  var firstChild: CMarkNode? { CMarkNode(cmark_node_first_child(pointer)) }
  var next: CMarkNode? { CMarkNode(cmark_node_next(pointer)) }
  var parent: CMarkNode? { CMarkNode(cmark_node_parent(pointer)) }
  var startLine: Int { Int(cmark_node_get_start_line(pointer)) }
  var endLine: Int { Int(cmark_node_get_end_line(pointer)) }
  var startColumn: Int { Int(cmark_node_get_start_column(pointer)) }
  var endColumn: Int { Int(cmark_node_get_end_column(pointer)) }
  var literal: UnsafeBufferPointer<UInt8> { Self.bytes(cmark_node_get_literal(pointer)) }
  var url: UnsafeBufferPointer<UInt8> { Self.bytes(cmark_node_get_url(pointer)) }
  var title: UnsafeBufferPointer<UInt8> { Self.bytes(cmark_node_get_title(pointer)) }
  var info: UnsafeBufferPointer<UInt8> { Self.bytes(cmark_node_get_fence_info(pointer)) }

  var children: some Sequence<CMarkNode> {
    sequence(state: firstChild) { node in
      defer { node = node?.next }
      return node
    }
  }

  /// A number that is kept with the node.
  var tag: Int {
    get { Int(bitPattern: cmark_node_get_user_data(pointer)) }
    nonmutating set {
      cmark_node_set_user_data(pointer, UnsafeMutableRawPointer(bitPattern: newValue))
    }
  }

  private static func bytes(_ text: UnsafePointer<CChar>?) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(
      start: UnsafeRawPointer(text)?.assumingMemoryBound(to: UInt8.self),
      count: text.map { strlen($0) } ?? 0)
  }
}
