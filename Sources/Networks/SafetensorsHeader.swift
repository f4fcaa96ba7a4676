import Notation

/// The JSON header of a safetensors file: an object with an entry for each tensor.
struct SafetensorsHeader {
  /// What the header says of one tensor.
  struct Item {
    var name: String
    var type: String
    var shape: [Int]
    var start: Int
    var end: Int
  }

  let items: [Item]

  init(_ bytes: [UInt8]) throws(SafetensorsError) {
    let json: JSON
    do {
      json = try JSON(reading: bytes)
    } catch {
      throw .header(
        error.message + " at line " + String(error.line) + ", column " + String(error.column))
    }
    guard let members = json.members else { throw .header("it is not an object") }
    var items: [Item] = []
    for member in members {
      if member.name.utf8.elementsEqual("__metadata__".utf8) {
        guard let values = member.value.members, values.allSatisfy({ $0.value.string != nil })
        else { throw .header("__metadata__ is not an object of strings") }
      } else {
        items.append(try Self.item(member))
      }
    }
    self.items = items
  }

  private static func item(_ member: JSON.Member) throws(SafetensorsError) -> Item {
    let (name, entry) = (member.name, member.value)
    guard let type = entry["dtype"]?.string, let shape = entry["shape"]?.array?.mapAll(size),
      let offsets = entry["data_offsets"]?.array?.mapAll(size), offsets.count == 2,
      entry.members?.count == 3
    else { throw .header(name + " needs dtype, shape and two data_offsets, and nothing else") }
    return Item(name: name, type: type, shape: shape, start: offsets[0], end: offsets[1])
  }

  private static func size(_ json: JSON) -> Int? {
    guard case .integer(let size) = json, size >= 0 else { return nil }
    return size
  }

  static func bytes(of items: [Item]) -> [UInt8] {
    JSON.object(
      items.map { item in
        JSON.Member(
          item.name,
          .object([
            .init("dtype", .string(item.type)),
            .init("shape", .array(item.shape.map { JSON($0) })),
            .init("data_offsets", .array([JSON(item.start), JSON(item.end)])),
          ]))
      }
    ).bytes
  }
}
