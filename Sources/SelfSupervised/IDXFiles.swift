#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// A browser has no files.
#if canImport(Glibc) || canImport(Musl) || canImport(Darwin)

  extension LabeledImages {
    /// Images and their labels from a pair of IDX files on disk: MNIST, Fashion-MNIST. None is part
    /// of the book, whose cells read files by `readData`, so that a page knows what it was made from.
    ///
    ///     let mnist = try LabeledImages(
    ///       imagesAt: "mnist/train-images-idx3-ubyte", labelsAt: "mnist/train-labels-idx1-ubyte")
    ///
    /// - Throws: ``IDXError`` if a file is missing or damaged, or they do not belong together.
    public init(imagesAt imagePath: String, labelsAt labelPath: String) throws(IDXError) {
      try self.init(
        idxImages: bytes(ofFile: imagePath), idxLabels: bytes(ofFile: labelPath),
        imageFile: imagePath, labelFile: labelPath)
    }
  }

  private func bytes(ofFile path: String) throws(IDXError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK)
    if descriptor < 0 {
      throw IDXError(file: path, reason: "cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT != S_IFREG {
      throw IDXError(file: path, reason: "is not a file that holds anything")
    }
    if status.st_size > 1 << 31 {
      throw IDXError(file: path, reason: "has \(status.st_size) bytes; 2 GiB at most are read")
    }
    var result = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < result.count {
      let got = result.withUnsafeMutableBytes {
        read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled)
      }
      if got <= 0 { throw IDXError(file: path, reason: "ends after \(filled) bytes") }
      filled += got
    }
    return result
  }

#endif
