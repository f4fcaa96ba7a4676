import Networks
import Tensors

// Two views of each of N images stand in 2N rows: rows i and i + N show the same image.

/// The rows of each image's other view: row i changes places with row i + N.
///
/// - Parameter views: `[2N, …]`.
/// - Returns: the same shape.
/// - Precondition: an even number of rows, at least 2; stops with the shape otherwise.
public func otherViews(_ views: Tensor) -> Tensor {
  let (first, second) = viewPair(views, "otherViews")
  return .concatenate([second, first])
}

extension Layer {
  /// The outputs of views while the layer is trained, each block of N rows in a pass of its own, so
  /// that batch norms see one view of each image at a time, as in the authors' programs.
  ///
  /// - Parameters:
  ///   - views: `[count·N, …]`, one view of each image after another.
  ///   - count: how many views each image has.
  /// - Returns: `[count·N, …]`.
  /// - Precondition: a number of rows that `count` divides; stops with both otherwise.
  public mutating func train(views: Tensor, count: Int = 2) -> Tensor {
    let images = imagesPerView(views, count, "train")
    var outputs: [Tensor] = []
    for view in 0..<count {
      outputs.append(train(views[view * images..<(view + 1) * images]))
    }
    return .concatenate(outputs)
  }
}

/// Both halves of the rows.
func viewPair(_ views: Tensor, _ operation: StaticString) -> (Tensor, Tensor) {
  let images = imagesPerView(views, 2, operation)
  return (views[0..<images], views[images...])
}

/// Both halves of the rows, of views that are vectors.
func vectorViewPair(_ views: Tensor, _ operation: StaticString) -> (Tensor, Tensor) {
  if views.rank != 2 { fail("\(operation): views \(views.shape) are not [2N, D]") }
  return viewPair(views, operation)
}

/// N: how many rows each of `count` views has.
func imagesPerView(_ views: Tensor, _ count: Int, _ operation: StaticString) -> Int {
  if count < 1 || views.rank == 0 || views.shape[0] == 0 || views.shape[0] % count != 0 {
    fail("\(operation): \(views.shape) does not hold \(count) views of each image")
  }
  return views.shape[0] / count
}
