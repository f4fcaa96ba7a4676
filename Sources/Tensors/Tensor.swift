import Kernels

/// Numbers in a rectangular arrangement of any number of axes, in single precision.
///
/// A tensor is a value: assigning copies it (cheaply: the numbers are shared until one of the
/// copies is changed), and no operation changes its operands. Elements lie in memory row by row.
/// Operations on tensors that were computed from a ``parameter()`` are recorded, so that
/// ``gradients(of:keepsTape:)`` can be asked of the result.
///
///     let x = Tensor([[1, 2], [3, 4]])
///     let y = x.matmul(x.transposed()).sum(axes: 1)  // [16, 36]
public struct Tensor: Sendable {
  package var storage: Storage
  package var node: Node?

  /// The lengths of the axes, outermost first.
  public var shape: Shape { @inline(__always) get { storage.shape } }

  /// A tensor of `shape` whose elements `fill` writes, every one of them.
  package init(_ shape: Shape, fill: (UnsafeMutablePointer<Float>) -> Void) {
    self.init(uninitialized: shape)
    fill(storage.pointer)
  }

  /// A tensor of `shape` that `fill` computes from another's elements, every one of them.
  @inline(__always)
  package init(_ shape: Shape, from a: Tensor, fill: (MutableFloats, Floats) -> Void) {
    self.init(uninitialized: shape)
    withExtendedLifetime(a.storage) { fill(storage.pointer, a.pointer) }
  }

  /// A tensor of `shape` that `fill` computes from two others' elements, every one of them.
  @inline(__always)
  package init(
    _ shape: Shape, from a: Tensor, _ b: Tensor, fill: (MutableFloats, Floats, Floats) -> Void
  ) {
    self.init(uninitialized: shape)
    withExtendedLifetime((a.storage, b.storage)) {
      fill(storage.pointer, a.pointer, b.pointer)
    }
  }

  /// A tensor of `shape` that `fill` computes from three others' elements, every one of them.
  @inline(__always)
  package init(
    _ shape: Shape, from a: Tensor, _ b: Tensor, _ c: Tensor,
    fill: (MutableFloats, Floats, Floats, Floats) -> Void
  ) {
    self.init(uninitialized: shape)
    withExtendedLifetime((a.storage, b.storage, c.storage)) {
      fill(storage.pointer, a.pointer, b.pointer, c.pointer)
    }
  }

  /// A tensor whose elements are still to be written, through `storage.pointer`.
  @inline(__always)
  package init(uninitialized shape: Shape) {
    storage = Storage(shape)
    node = nil
  }

  /// The elements of `source`, from `offset` on, seen in another shape.
  package init(viewing source: Tensor, offset: Int = 0, as shape: Shape) {
    storage = Storage(viewing: source.storage, offset: offset, as: shape)
    node = nil
  }
}

extension Tensor {
  /// The number of elements.
  @inline(__always) public var count: Int { shape.elementCount }

  /// The number of axes.
  @inline(__always) public var rank: Int { shape.rank }

  /// The elements' address; valid while this tensor is alive and unchanged. Callers keep it alive
  /// by ``withPointer(_:)``.
  @inline(__always) package var pointer: UnsafePointer<Float> {
    UnsafePointer(storage.pointer)
  }

  /// Calls `body` with the address of the elements, which lie row by row.
  @inline(__always)
  public func withPointer<Result>(_ body: (UnsafePointer<Float>) -> Result) -> Result {
    withExtendedLifetime(storage) { body(pointer) }
  }

  /// Changes the elements in place. Copies of this tensor keep the old ones, and what was
  /// recorded on the tape is not affected: the changed tensor is a new ``parameter()`` if the old
  /// one was recorded.
  public mutating func update(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    let wasRecorded = node != nil
    node = nil
    makeUnique()
    body(storage.pointer)
    if wasRecorded { node = Node("parameter") }
  }

  /// Makes this tensor the only owner of its elements.
  package mutating func makeUnique() {
    if !isOnlyOwner {
      let copy = Storage(shape)
      copy.pointer.update(from: pointer, count: count)
      storage = copy
    }
  }

  /// Changes the elements by `fill(to, from)`, every one of them: in place if nobody else sees them
  /// (`to` is `from` then), else in a new block. What was just written is in the cache of the core
  /// that wrote it, and a new block is not.
  @inline(__always)
  package mutating func replace(_ fill: (MutableFloats, Floats) -> Void) {
    let from = pointer
    let shared = isOnlyOwner ? nil : storage
    if shared != nil { storage = Storage(shape) }
    withExtendedLifetime(shared) { fill(storage.pointer, from) }
  }

  /// Changes the elements by `fill(to, from, other)`, in place if nobody else sees them.
  @inline(__always)
  package mutating func replace(
    with other: Tensor, _ fill: (MutableFloats, Floats, Floats) -> Void
  ) {
    withExtendedLifetime(other.storage) { replace { fill($0, $1, other.pointer) } }
  }

  /// Whether nobody else can see the elements.
  var isOnlyOwner: Bool {
    mutating get { isKnownUniquelyReferenced(&storage) && !storage.isView }
  }

  /// The one element of a tensor of one element.
  ///
  /// - Precondition: exactly one element, whatever the number of axes.
  public var scalar: Float {
    if count != 1 { fail("scalar: \(shape) has \(count) elements, not one") }
    return withPointer { $0[0] }
  }

  /// The elements, row by row.
  public var elements: [Float] {
    withPointer { Array(UnsafeBufferPointer(start: $0, count: count)) }
  }

  /// The element at one position on every axis; negative positions count from the end.
  ///
  /// - Precondition: as many positions as axes, each within its axis.
  public subscript(element positions: Int...) -> Float {
    get { withPointer { $0[offset(of: positions)] } }
    set {
      let index = offset(of: positions)
      update { $0[index] = newValue }
    }
  }

  private func offset(of positions: [Int]) -> Int {
    if positions.count != rank {
      fail("element: \(positions.count) positions for the \(rank) axes of \(shape)")
    }
    var result = 0
    for (axis, position) in positions.enumerated() {
      let length = shape[axis]
      let p = position < 0 ? position + length : position
      if p < 0 || p >= length { fail("element: position \(position) on axis \(axis) of \(shape)") }
      result = result * length + p
    }
    return result
  }

  /// The lengths of the two axes, for binding to letters: `let (N, D) = x.shape2`.
  ///
  /// - Precondition: two axes; stops with the shape otherwise.
  public var shape2: (Int, Int) {
    requireRank(2, "shape2")
    return (shape[0], shape[1])
  }

  /// The lengths of the three axes: `let (B, T, C) = x.shape3`.
  ///
  /// - Precondition: three axes; stops with the shape otherwise.
  public var shape3: (Int, Int, Int) {
    requireRank(3, "shape3")
    return (shape[0], shape[1], shape[2])
  }

  /// The lengths of the four axes: `let (N, H, W, C) = x.shape4`.
  ///
  /// - Precondition: four axes; stops with the shape otherwise.
  public var shape4: (Int, Int, Int, Int) {
    requireRank(4, "shape4")
    return (shape[0], shape[1], shape[2], shape[3])
  }

  package func requireRank(_ expected: Int, _ operation: StaticString) {
    if rank != expected { fail("\(operation): \(shape) has \(rank) axes, not \(expected)") }
  }
}

extension Array<Float> {
  /// The elements of a tensor, row by row.
  public init(_ tensor: Tensor) { self = tensor.elements }
}

extension Array<Double> {
  /// The elements of a tensor, row by row, in double precision.
  public init(_ tensor: Tensor) { self = tensor.elements.map(Double.init) }
}
