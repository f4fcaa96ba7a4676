import Tensors

/// Named tensors in the safetensors format: an eight-byte length, a JSON header, and the numbers.
///
/// Reads what Python's reader reads: floats of 64, 32 and 16 bits and bfloat16, whole numbers of 8 to
/// 64 bits and truth values, all rounded to float32. What else a file may hold (floats of 8 bits and
/// fewer, complex numbers, shapes that no tensor here has) is passed over, and thrown when a module
/// asks for it. Writes float32. Bytes come in and go out, so that the caller decides where files
/// live.
///
/// - Source: https://huggingface.co/docs/safetensors
public struct Safetensors: Sendable {
  /// Names and tensors, in the order of the file.
  public private(set) var entries: [(name: String, tensor: Tensor)] = []
  /// What was passed over, and why.
  private var unread: [(name: String, fault: SafetensorsError)] = []

  /// An empty collection.
  public init() {}

  /// Adds a tensor under a name.
  ///
  /// - Precondition: no other has the name, and it is not `__metadata__`, which names what is not a
  ///   tensor.
  public mutating func append(_ name: String, _ tensor: Tensor) {
    if self[name] != nil { fail("Safetensors: two tensors named \(name)") }
    if isSame(name, SafetensorsHeader.metadata) {
      fail("Safetensors: \(name) names the file's remarks, not a tensor")
    }
    entries.append((name, tensor.stopGradient()))
  }

  /// The tensor of a name, if there is one.
  public subscript(name: String) -> Tensor? {
    for entry in entries where isSame(entry.name, name) { return entry.tensor }
    return nil
  }

  /// Why there is no tensor of a name.
  fileprivate func fault(of name: String) -> SafetensorsError {
    for entry in unread where isSame(entry.name, name) { return entry.fault }
    return .missing(name)
  }

  /// The bytes of a file.
  public var bytes: [UInt8] {
    var offset = 0
    let items = entries.map { entry in
      defer { offset += entry.tensor.count * 4 }
      return SafetensorsHeader.Item(
        name: entry.name, type: "F32", shape: Array(entry.tensor.shape), start: offset,
        end: offset + entry.tensor.count * 4)
    }
    var header = SafetensorsHeader.bytes(of: items)
    // The numbers begin at a multiple of eight bytes.
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var result: [UInt8] = []
    result.reserveCapacity(8 + header.count + offset)
    let length = UInt64(header.count)
    for shift in 0..<8 { result.append(UInt8(truncatingIfNeeded: length >> (8 * shift))) }
    result.append(contentsOf: header)
    for entry in entries {
      for value in entry.tensor.elements {
        let bits = value.bitPattern
        for shift in 0..<4 { result.append(UInt8(truncatingIfNeeded: bits >> (8 * shift))) }
      }
    }
    return result
  }

  /// Reads a file's bytes.
  ///
  /// Whatever the bytes are, this returns or throws: lengths, offsets and shapes are checked before
  /// they are used, and before memory is taken for any of them.
  ///
  /// - Throws: ``SafetensorsError`` if the bytes are not such a file.
  public init(_ bytes: [UInt8]) throws(SafetensorsError) {
    if bytes.count < 8 { throw .truncated }
    var length: UInt64 = 0
    for shift in 0..<8 { length |= UInt64(bytes[shift]) << (8 * shift) }
    if length > UInt64(bytes.count - 8) || length > 100_000_000 { throw .truncated }
    let start = 8 + Int(length)
    let items = try SafetensorsHeader(Array(bytes[8..<start])).items
    for item in items where item.end > bytes.count - start { throw .outOfBounds(item.name) }
    try checkCover(items, bytes.count - start)
    for item in items {
      guard let bits = bitWidth(of: item.type) else { throw .type(item.name, item.type) }
      guard let count = item.elementCount,
        count.multipliedReportingOverflow(by: bits) == ((item.end - item.start) * 8, false)
      else { throw .shape(item.name) }
      guard let kind = NumberKind(item.type) else {
        unread.append((item.name, .type(item.name, item.type)))
        continue
      }
      guard let shape = item.tensorShape else {
        unread.append((item.name, .shape(item.name)))
        continue
      }
      let tensor = Tensor(shape) { pointer in
        for i in 0..<count {
          pointer[i] = kind.number(bytes, at: start + item.start + i * kind.width)
        }
      }
      entries.append((item.name, tensor))
    }
  }
}

/// Stops unless the tensors lie one behind the other, and nothing beside them.
private func checkCover(_ items: [SafetensorsHeader.Item], _ size: Int) throws(SafetensorsError) {
  let places = items.indices.sorted {
    (items[$0].start, items[$0].end) < (items[$1].start, items[$1].end)
  }
  var end = 0
  for place in places {
    let item = items[place]
    if item.start != end || item.end < item.start { throw .cover(item.name) }
    end = item.end
  }
  if end != size { throw .rest(size - end) }
}

private func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

extension SafetensorsHeader.Item {
  /// The product of the shape; nil if no number holds it.
  fileprivate var elementCount: Int? {
    var count = 1
    for axis in shape {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: axis)
      if isTooLarge { return nil }
      count = product
    }
    return count
  }

  /// The shape, if a tensor can have it.
  fileprivate var tensorShape: Shape? {
    var count = 1
    for axis in shape {
      if axis > Int(Int32.max) { return nil }
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: axis)
      if isTooLarge || product > Int.max / 8 { return nil }
      count = product
    }
    return shape.count > Shape.maximumRank ? nil : Shape(shape)
  }
}

/// How many bits a number of this type has; nil for what is no type.
private func bitWidth(of type: String) -> Int? {
  switch type {
  case "F64", "I64", "U64", "C64": 64
  case "F32", "I32", "U32": 32
  case "F16", "BF16", "I16", "U16": 16
  case "I8", "U8", "BOOL", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E5M2FNUZ", "F8_E4M3FNUZ": 8
  case "F6_E2M3", "F6_E3M2": 6
  case "F4": 4
  default: nil
  }
}

/// How a file writes a number.
private struct NumberKind {
  private enum Form { case float, bfloat, signed, unsigned, truth }

  private let form: Form
  /// In bytes.
  let width: Int

  /// From the header's name; nil for one that is not read.
  init?(_ name: String) {
    let known: (Form, Int)? =
      switch name {
      case "F64": (.float, 8)
      case "F32": (.float, 4)
      case "F16": (.float, 2)
      case "BF16": (.bfloat, 2)
      case "I64": (.signed, 8)
      case "I32": (.signed, 4)
      case "I16": (.signed, 2)
      case "I8": (.signed, 1)
      case "U64": (.unsigned, 8)
      case "U32": (.unsigned, 4)
      case "U16": (.unsigned, 2)
      case "U8": (.unsigned, 1)
      case "BOOL": (.truth, 1)
      default: nil
      }
    guard let known else { return nil }
    (form, width) = known
  }

  func number(_ bytes: [UInt8], at offset: Int) -> Float {
    var bits: UInt64 = 0
    for i in 0..<width { bits |= UInt64(bytes[offset + i]) << (8 * i) }
    switch form {
    case .float where width == 8: return Float(Double(bitPattern: bits))
    case .float where width == 4: return Float(bitPattern: UInt32(bits))
    case .float: return half(UInt32(bits))
    case .bfloat: return Float(bitPattern: UInt32(bits) << 16)
    case .unsigned: return Float(bits)
    case .truth: return bits == 0 ? 0 : 1
    case .signed:
      let unused = 64 - 8 * width
      return Float(Int64(bitPattern: bits << unused) >> unused)
    }
  }

  /// A float16's sixteen bits as a number.
  private func half(_ bits: UInt32) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF)
    if exponent == 0 { return sign * fraction * 0x1p-24 }
    if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
    return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
  }
}

/// Why bytes are not a safetensors file, or not the one that a module needs.
public enum SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// Shorter than its own header says.
  case truncated
  /// The header is not what the format allows.
  case header(String)
  /// A tensor's numbers lie outside the file.
  case outOfBounds(String)
  /// A tensor's numbers do not begin where those before it end.
  case cover(String)
  /// So many bytes at the end belong to no tensor.
  case rest(Int)
  /// A tensor's shape does not match its number of bytes, or no tensor can have it.
  case shape(String)
  /// A type that is not read.
  case type(String, String)
  /// The module has a tensor that the file lacks.
  case missing(String)
  /// The module's tensor has another shape.
  case mismatch(String, file: Shape, module: Shape)

  /// One sentence that names the tensor.
  public var description: String {
    switch self {
    case .truncated: "safetensors: the file is shorter than its header says"
    case .header(let fault): "safetensors: the header is damaged: \(fault)"
    case .outOfBounds(let name): "safetensors: the numbers of \(name) lie outside the file"
    case .cover(let name):
      "safetensors: the numbers of \(name) do not begin where those before them end"
    case .rest(let count): "safetensors: the last \(count) bytes belong to no tensor"
    case .shape(let name): "safetensors: the shape of \(name) does not match its size, or is none"
    case .type(let name, let type): "safetensors: \(name) has type \(type), which is not read"
    case .missing(let name): "safetensors: the file has no \(name)"
    case .mismatch(let name, let file, let module):
      "safetensors: \(name) is \(file) in the file and \(module) in the module"
    }
  }
}

extension Module {
  /// All tensors of the module under their names.
  public var safetensors: Safetensors {
    var result = Safetensors()
    var copy = self
    copy.visitParameters(ParameterPath()) { path, tensor in
      result.append(path.description, tensor)
    }
    return result
  }

  /// Takes the numbers of every tensor from a file; names the file has beyond them are ignored.
  /// Nothing changes if one is missing or has another shape.
  ///
  /// - Throws: ``SafetensorsError/missing(_:)``, ``SafetensorsError/mismatch(_:file:module:)``, or why
  ///   the file's tensor could not be read.
  public mutating func load(_ file: Safetensors) throws(SafetensorsError) {
    var fault: SafetensorsError?
    visitParameters(ParameterPath()) { path, tensor in
      let name = path.description
      if fault != nil { return }
      guard let found = file[name] else {
        fault = file.fault(of: name)
        return
      }
      if found.shape != tensor.shape {
        fault = .mismatch(name, file: found.shape, module: tensor.shape)
      }
    }
    if let fault { throw fault }
    visitParameters(ParameterPath()) { path, tensor in
      if let found = file[path.description] {
        tensor = tensor.isRecorded ? found.parameter() : found
      }
    }
  }
}
