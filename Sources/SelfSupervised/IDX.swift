import Tensors

/// Bytes in a rectangular arrangement, as the MNIST files hold them: two zero bytes, the type 8,
/// the number of axes, each axis's length in four bytes (most significant first), then the values.
///
///     let images = try IDXArray(Array(Data(contentsOf: url)), named: "train-images-idx3-ubyte")
///
/// - Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998.
public struct IDXArray: Sendable, Equatable {
  /// The lengths of the axes: `[60000, 28, 28]` for the images that MNIST trains on.
  public let axes: [Int]
  /// As many bytes as the product of the axes, the last axis running fastest.
  public let values: [UInt8]

  /// Reads a file's bytes.
  ///
  /// - Parameters:
  ///   - bytes: all of the file, unpacked.
  ///   - name: what the file is called in a message.
  /// - Throws: ``IDXError``, whatever the bytes are.
  public init(_ bytes: [UInt8], named name: String = "the file") throws(IDXError) {
    func fault(_ reason: String) -> IDXError { IDXError(file: name, reason: reason) }
    if bytes.isEmpty { throw fault("is empty") }
    if bytes.count >= 2, bytes[0] == 0x1F, bytes[1] == 0x8B {
      throw fault("is compressed with gzip; unpack it first")
    }
    if bytes.count < 4 { throw fault("ends after \(bytes.count) bytes, inside its header") }
    if bytes[0] != 0 || bytes[1] != 0 {
      throw fault("is not an IDX file: it does not begin with two zero bytes")
    }
    if bytes[2] != 8 {
      throw fault("holds values of type \(bytes[2]); only bytes, type 8, are read")
    }
    let rank = Int(bytes[3])
    if rank == 0 || rank > 4 { throw fault("has \(rank) axes; 1 to 4 are read") }
    let start = 4 + 4 * rank
    if bytes.count < start { throw fault("ends after \(bytes.count) bytes, inside its header") }
    var axes: [Int] = []
    var count = 1
    for axis in 0..<rank {
      var length = 0
      for byte in bytes[(4 + 4 * axis)..<(8 + 4 * axis)] { length = length << 8 | Int(byte) }
      axes.append(length)
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      if overflow || length > Int(Int32.max) {
        throw fault("claims more values than memory can hold")
      }
      count = product
    }
    if bytes.count - start != count {
      throw fault("holds \(bytes.count - start) values where its header says \(count)")
    }
    self.axes = axes
    values = Array(bytes[start...])
  }
}

extension LabeledImages {
  /// Images and their labels from a pair of IDX files: MNIST, Fashion-MNIST. Rows of grey levels
  /// divided by 255.
  ///
  /// - Parameters:
  ///   - idxImages: the bytes of the file of images.
  ///   - idxLabels: the bytes of the file of labels.
  ///   - imageFile: what the first is called in a message.
  ///   - labelFile: what the second is called in a message.
  /// - Throws: ``IDXError`` if one is damaged or they do not belong together.
  public init(
    idxImages: [UInt8], idxLabels: [UInt8], imageFile: String = "the image file",
    labelFile: String = "the label file"
  ) throws(IDXError) {
    let pictures = try IDXArray(idxImages, named: imageFile)
    let classes = try IDXArray(idxLabels, named: labelFile)
    if pictures.axes.count != 3 {
      throw IDXError(file: imageFile, reason: "has \(pictures.axes.count) axes; images have 3")
    }
    if classes.axes.count != 1 {
      throw IDXError(file: labelFile, reason: "has \(classes.axes.count) axes; labels have 1")
    }
    let count = pictures.axes[0]
    if classes.axes[0] != count {
      throw IDXError(
        file: labelFile, reason: "has \(classes.axes[0]) labels for \(count) images")
    }
    for (index, label) in classes.values.enumerated() where label > 9 {
      throw IDXError(
        file: labelFile, reason: "has the label \(label) at \(index); 0 to 9 are known")
    }
    let levels = pictures.values.map { Float($0) / 255 }
    self.init(
      images: Tensor(levels, shape: [count, count == 0 ? 0 : levels.count / count]),
      labels: classes.values.map { Int($0) })
  }
}

/// Why bytes are not the IDX file that was asked for.
public struct IDXError: Error, Equatable, CustomStringConvertible {
  /// What the file is called.
  public let file: String
  /// What is wrong with it.
  public let reason: String

  /// One sentence.
  public var message: String { file + " " + reason }

  /// The message.
  public var description: String { message }
}
