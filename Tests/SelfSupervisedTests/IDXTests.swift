import Foundation
import SelfSupervised
import Tensors
import Testing

@Suite("IDX files") struct IDXTests {
  /// The bytes of a file of bytes.
  func file(_ axes: [Int], _ values: [UInt8], type: UInt8 = 8) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, type, UInt8(axes.count)]
    for axis in axes {
      for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: axis >> shift)) }
    }
    return bytes + values
  }

  let pictures = (0..<24).map { UInt8($0 * 10) }

  func message(_ bytes: [UInt8]) -> String {
    do {
      _ = try IDXArray(bytes, named: "train-images")
      return "none"
    } catch {
      return error.message
    }
  }

  @Test("images and labels are read") func read() throws {
    let both = try LabeledImages(
      idxImages: file([2, 3, 4], pictures), idxLabels: file([2], [7, 0]))
    #expect(both.images.shape == [2, 12])
    #expect(both.labels == [7, 0])
    #expect(both.images.elements[13] == Float(130) / 255)
    let array = try IDXArray(file([300, 1], [UInt8](repeating: 1, count: 300)))
    #expect(array.axes == [300, 1])
  }

  @Test("a pair of files is read from disk, and what cannot be read is named")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (images, labels) = (folder.path + "/images", folder.path + "/labels")
    try Data(file([2, 3, 4], pictures)).write(to: URL(filePath: images))
    try Data(file([2], [7, 0])).write(to: URL(filePath: labels))
    let both = try LabeledImages(imagesAt: images, labelsAt: labels)
    #expect(both.images.shape == [2, 12] && both.labels == [7, 0])

    func message(_ path: String) -> String {
      do {
        _ = try LabeledImages(imagesAt: path, labelsAt: labels)
        return "none"
      } catch { return error.message }
    }
    #expect(message("nowhere/images") == "nowhere/images cannot be read: No such file or directory")
    #expect(message(folder.path) == "\(folder.path) is not a file that holds anything")
    #expect(message(labels) == "\(labels) has 1 axes; images have 3")
    try Data().write(to: URL(filePath: images))
    #expect(message(images) == "\(images) is empty")
  }

  @Test("what is damaged gives one sentence")
  func damaged() {
    let good = file([2, 3, 4], pictures)
    #expect(message(good) == "none")
    #expect(message([]) == "train-images is empty")
    #expect(message([0, 0, 8]) == "train-images ends after 3 bytes, inside its header")
    #expect(message(Array(good[..<10])) == "train-images ends after 10 bytes, inside its header")
    #expect(
      message(Array(good.dropLast(5)))
        == "train-images holds 19 values where its header says 24")
    #expect(message(good + [1]) == "train-images holds 25 values where its header says 24")
    #expect(
      message([1, 2] + good.dropFirst(2))
        == "train-images is not an IDX file: it does not begin with two zero bytes")
    #expect(
      message(file([1], [0, 0, 0, 0], type: 13))
        == "train-images holds values of type 13; only bytes, type 8, are read")
    #expect(message([0x1F, 0x8B, 8, 0]) == "train-images is compressed with gzip; unpack it first")
    #expect(message(file([], [])) == "train-images has 0 axes; 1 to 4 are read")
    let huge = file([1 << 31 - 1, 1 << 31 - 1, 1 << 31 - 1], [])
    #expect(message(huge) == "train-images claims more values than memory can hold")
    let wide = file([0, 0xFFFF_FFFF], [])
    #expect(message(wide) == "train-images claims more values than memory can hold")
  }

  @Test("files that do not belong together are told apart") func pairs() {
    func message(_ images: [UInt8], _ labels: [UInt8]) -> String {
      do {
        _ = try LabeledImages(idxImages: images, idxLabels: labels, labelFile: "train-labels")
        return "none"
      } catch {
        return error.message
      }
    }
    let images = file([2, 3, 4], pictures)
    #expect(message(images, file([3], [1, 2, 3])) == "train-labels has 3 labels for 2 images")
    #expect(
      message(images, file([2], [1, 10])) == "train-labels has the label 10 at 1; 0 to 9 are known")
    #expect(
      message(file([2], [1, 2]), file([2], [1, 2])) == "the image file has 1 axes; images have 3")
    #expect(message(images, images) == "train-labels has 3 axes; labels have 1")
  }

  @Test("no bytes crash the reader") func hostile() {
    var random = RandomSource(seed: 1)
    for _ in 0..<2000 {
      var bytes = file([2, 3, 4], pictures)
      for _ in 0..<random.integer(in: 1..<4) {
        bytes[random.integer(in: 0..<16)] = UInt8(truncatingIfNeeded: random.nextBits())
      }
      bytes.removeLast(random.integer(in: 0..<bytes.count))
      _ = try? LabeledImages(idxImages: bytes, idxLabels: bytes)
    }
  }
}
