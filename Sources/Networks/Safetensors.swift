import Tensors

/// Named tensors in the safetensors format: an eight-byte length, a JSON header, and the numbers.
///
/// Reads float32, float64, float16 and bfloat16 (widened or rounded to float32); writes float32.
/// Bytes come in and go out, so that the caller decides where files live.
///
/// - Source: https://huggingface.co/docs/safetensors
public struct Safetensors: Sendable {
  /// Names and tensors, in the order of the file.
  public private(set) var entries: [(name: String, tensor: Tensor)] = []

  /// An empty collection.
  public init() {}

  /// Adds a tensor under a name.
  ///
  /// - Precondition: no other has the name.
  public mutating func append(_ name: String, _ tensor: Tensor) {
    if self[name] != nil { fail("Safetensors: two tensors named \(name)") }
    entries.append((name, tensor.stopGradient()))
  }

  /// The tensor of a name, if there is one.
  public subscript(name: String) -> Tensor? {
    for entry in entries where entry.name.utf8.elementsEqual(name.utf8) { return entry.tensor }
    return nil
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
  /// they are used.
  ///
  /// - Throws: ``SafetensorsError`` if the bytes are not such a file.
  public init(_ bytes: [UInt8]) throws(SafetensorsError) {
    if bytes.count < 8 { throw .truncated }
    var length: UInt64 = 0
    for shift in 0..<8 { length |= UInt64(bytes[shift]) << (8 * shift) }
    if length > UInt64(bytes.count - 8) || length > 100_000_000 { throw .truncated }
    let start = 8 + Int(length)
    for item in try SafetensorsHeader(Array(bytes[8..<start])).items {
      let (from, to) = (item.start, item.end)
      if to < from || to > bytes.count - start { throw .outOfBounds(item.name) }
      guard let width = width(of: item.type) else { throw .type(item.name, item.type) }
      var count = 1
      for axis in item.shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: axis)
        if overflow || axis > Int(Int32.max) { throw .shape(item.name) }
        count = product
      }
      // Divided, not multiplied: the count is the file's word and may be huge.
      if item.shape.count > Shape.maximumRank || (to - from) / width != count
        || (to - from) % width != 0
      {
        throw .shape(item.name)
      }
      let tensor = Tensor(Shape(item.shape)) { pointer in
        for i in 0..<count {
          pointer[i] = number(bytes, at: start + from + i * width, type: item.type)
        }
      }
      entries.append((item.name, tensor))
    }
    // Sorted, not looked up one by one: a hostile header may hold a million names.
    let names = entries.map { Array($0.name.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
    for index in names.indices.dropFirst() where names[index] == names[index - 1] {
      throw .header("a name stands twice")
    }
  }

  private func width(of type: String) -> Int? {
    switch type {
    case "F64": 8
    case "F32": 4
    case "F16", "BF16": 2
    default: nil
    }
  }

  private func number(_ bytes: [UInt8], at offset: Int, type: String) -> Float {
    func bits(_ count: Int) -> UInt64 {
      var result: UInt64 = 0
      for i in 0..<count { result |= UInt64(bytes[offset + i]) << (8 * i) }
      return result
    }
    switch type {
    case "F64": return Float(Double(bitPattern: bits(8)))
    case "F32": return Float(bitPattern: UInt32(bits(4)))
    case "BF16": return Float(bitPattern: UInt32(bits(2)) << 16)
    default: return half(UInt32(bits(2)))
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
  /// A tensor's shape does not match its number of bytes.
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
    case .shape(let name): "safetensors: the shape of \(name) does not match its size"
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
  /// - Throws: ``SafetensorsError/missing(_:)`` or ``SafetensorsError/mismatch(_:file:module:)``.
  public mutating func load(_ file: Safetensors) throws(SafetensorsError) {
    var fault: SafetensorsError?
    visitParameters(ParameterPath()) { path, tensor in
      let name = path.description
      if fault != nil { return }
      guard let found = file[name] else {
        fault = .missing(name)
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
