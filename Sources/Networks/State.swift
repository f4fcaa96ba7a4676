import Tensors

// What a training needs beside its weights to go on where it stopped, under names in the same file.

/// Visits whole numbers as a tensor, 16 bits to an element and the lowest first: a float holds no
/// more than 24 bits exactly.
///
/// - Parameter words: changed to what the visitor leaves in the tensor.
package func visit(
  words: inout [UInt64], _ path: ParameterPath, _ visit: ParameterVisitor
) {
  var pieces: [Float] = []
  for word in words {
    for shift in 0..<4 { pieces.append(Float(word >> (16 * UInt64(shift)) & 0xFFFF)) }
  }
  var tensor = Tensor(pieces)
  visit(path, &tensor)
  let elements = tensor.elements
  for index in words.indices {
    var word: UInt64 = 0
    for shift in 0..<4 {
      // A damaged file may hold anything.
      word |= UInt64(UInt16(exactly: elements[4 * index + shift]) ?? 0) << (16 * UInt64(shift))
    }
    words[index] = word
  }
}

extension RandomSource: Module {
  /// Visits the place in the stream: once loaded, the numbers go on as they would have.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    var words = self.words
    Networks.visit(words: &words, path, visit)
    self.words = words
  }
}
