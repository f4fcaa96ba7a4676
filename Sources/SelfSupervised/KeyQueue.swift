import Networks
import Tensors

/// The last K keys, first in, first out: MoCo's dictionary.
///
/// Keys lie in a ring of K rows. A batch overwrites the oldest rows, in place, so that the other
/// rows never move.
///
///     var queue = KeyQueue(capacity: 4, dimension: 2)
///     queue.enqueue(Tensor([[1, 0], [0, 1], [1, 1]]))
///     queue.enqueue(Tensor([[2, 0], [0, 2]]))  // the second overwrites [1, 0]
///     queue.order  // [1, 2, 3, 0]
///     queue.ages   // [0, 1, 1, 0]
///
/// - Source: He et al. 2020, section 3.2, arXiv:1911.05722.
public struct KeyQueue: Module, Sendable {
  /// K, the most keys it holds.
  public let capacity: Int
  /// The row that the next key goes to.
  public private(set) var head = 0
  /// How many keys it holds: K once it was full.
  public private(set) var count = 0
  private var ring: Tensor
  /// For each row, how many batches had come before its own.
  private var births: [Int]
  private var batches = 0

  /// An empty queue.
  ///
  /// - Precondition: a capacity and a dimension of at least 1.
  public init(capacity: Int, dimension: Int) {
    if capacity < 1 || dimension < 1 {
      fail("KeyQueue: \(capacity) keys of \(dimension) numbers: needs at least 1 of each")
    }
    self.capacity = capacity
    ring = .zeros([capacity, dimension])
    births = [Int](repeating: 0, count: capacity)
  }

  /// A full queue of random directions, which real keys replace in turn; they count as one batch.
  public init(capacity: Int, dimension: Int, using random: inout RandomSource) {
    self.init(capacity: capacity, dimension: dimension)
    enqueue(Tensor.normal([capacity, dimension], using: &random).l2Normalized())
  }

  /// The keys, `[count, dimension]`, in the order of their rows; never recorded.
  public var keys: Tensor { count == capacity ? ring : ring[0..<count] }

  /// The rows from the oldest key to the newest.
  public var order: [Int] {
    count < capacity ? Array(0..<count) : (0..<capacity).map { (head + $0) % capacity }
  }

  /// For each row of ``keys``, how many batches came after its own: 0 for the newest.
  public var ages: [Int] { (0..<count).map { batches - 1 - births[$0] } }

  /// Puts a batch in, row by row, over the oldest keys. Of a batch of more than K, the last K stay.
  ///
  /// - Parameter batch: `[N, dimension]`, as they are; gradients do not come along.
  /// - Precondition: keys of the queue's dimension; stops with both shapes otherwise.
  public mutating func enqueue(_ batch: Tensor) {
    if batch.rank != 2 || batch.shape[1] != ring.shape[1] {
      fail("KeyQueue: keys \(batch.shape) into a queue \(ring.shape)")
    }
    let (rows, size) = batch.shape2
    let first = max(0, rows - capacity)
    let start = (head + first) % capacity
    let (capacity, births) = (capacity, batches)
    ring.update { ring in
      batch.withPointer { batch in
        for i in first..<rows {
          let row = (start + i - first) % capacity
          (ring + row * size).update(from: batch + i * size, count: size)
        }
      }
    }
    for i in first..<rows { self.births[(start + i - first) % capacity] = births }
    head = (head + rows) % capacity
    count = min(capacity, count + rows)
    batches += 1
  }

  /// Visits `keys`, all K rows of them, and `places`: where the next goes, how many there are, how
  /// many batches came, and before how many of them each row did.
  public mutating func visitParameters(_ path: ParameterPath, _ visit: ParameterVisitor) {
    visit(path / "keys", &ring)
    var words = ([head, count, batches] + births).map { UInt64($0) }
    Networks.visit(words: &words, path / "places", visit)
    let places = words.map { Int(truncatingIfNeeded: $0 & 0xFFFF_FFFF) }
    (head, count, batches) = (places[0] % capacity, min(places[1], capacity), places[2])
    births = Array(places[3...])
  }
}
