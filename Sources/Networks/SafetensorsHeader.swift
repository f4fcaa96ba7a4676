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

  /// The name of what is not a tensor: remarks, as strings under names.
  static let metadata = "__metadata__"

  let items: [Item]

  init(_ bytes: [UInt8]) throws(SafetensorsError) {
    if bytes.first == 0xEF { throw .header("it begins with a byte order mark") }
    let json: JSON
    do {
      json = try JSON(reading: bytes)
    } catch {
      throw .header(
        error.message + " at line " + String(error.line) + ", column " + String(error.column))
    }
    guard let members = json.members else { throw .header("it is not an object") }
    var items: [Item] = []
    var remarks = 0
    for member in members {
      if member.name.utf8.elementsEqual(Self.metadata.utf8) {
        remarks += 1
        try Self.checkRemarks(member.value)
      } else {
        items.append(try Self.item(member))
      }
    }
    if remarks > 1 { throw .header("__metadata__ stands twice") }
    self.items = Self.lastOfEachName(items)
  }

  private static func checkRemarks(_ json: JSON) throws(SafetensorsError) {
    if case .null = json { return }
    guard let values = json.members, values.allSatisfy({ $0.value.string != nil })
    else { throw .header("__metadata__ is not an object of strings") }
  }

  /// Of items with one name the last, as in Python. Sorted, not looked up one by one: a hostile
  /// header may hold a million names.
  private static func lastOfEachName(_ items: [Item]) -> [Item] {
    let names = items.map { Array($0.name.utf8) }
    let order = items.indices.sorted {
      names[$0] == names[$1] ? $0 < $1 : names[$0].lexicographicallyPrecedes(names[$1])
    }
    var isLast = [Bool](repeating: true, count: items.count)
    for place in order.indices.dropFirst() where names[order[place]] == names[order[place - 1]] {
      isLast[order[place - 1]] = false
    }
    return items.indices.filter { isLast[$0] }.map { items[$0] }
  }

  private static func item(_ member: JSON.Member) throws(SafetensorsError) -> Item {
    let (name, entry) = (member.name, member.value)
    for field in ["dtype", "shape", "data_offsets"] {
      let named = (entry.members ?? []).filter { $0.name.utf8.elementsEqual(field.utf8) }
      if named.count != 1 {
        throw .header(name + " has " + field + " " + String(named.count) + " times; needs it once")
      }
    }
    guard let type = entry["dtype"]?.string, let shape = entry["shape"]?.array?.mapAll(size),
      let offsets = entry["data_offsets"]?.array?.mapAll(size), offsets.count == 2
    else { throw .header(name + " needs a dtype, a shape and two data_offsets") }
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
