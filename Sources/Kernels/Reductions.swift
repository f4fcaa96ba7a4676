// Sums, extremes and their places, over a whole buffer, its rows or its columns.
//
// A sum has the same tree whatever the threads: chunks of 16 384, in each four vectors of
// partial sums folded every sixteen vectors, the chunks added in order in double precision. So the
// error stays near the rounding of the result, for a hundred million numbers too.

/// Numbers out of buffers.
public enum Reduce {
  /// The sum; 0 of nothing.
  @inline(never)
  public static func sum(_ x: Floats, count: Int) -> Float {
    summed(count) {
      summedChunk($0, $1) {
        load(x + $0)
      } tail: {
        load(x + $0, first: $1)
      }
    }
  }

  /// The sum of squares.
  @inline(never)
  public static func sumOfSquares(_ x: Floats, count: Int) -> Float {
    summed(count) {
      summedChunk($0, $1) {
        let v = load(x + $0)
        return v * v
      } tail: {
        let v = load(x + $0, first: $1)
        return v * v
      }
    }
  }

  /// The Euclidean length: squares that a float cannot hold are taken of smaller or larger numbers.
  @inline(never)
  public static func length(_ x: Floats, count: Int) -> Double {
    let square = sumOfSquares(x, count: count)
    if isSafeSquare(square) { return Double(square).squareRoot() }
    let scale = scaleNearOne(x, count)
    let factor = V(repeating: scale)
    let scaled = summed(count) {
      summedChunk($0, $1) {
        let v = load(x + $0) * factor
        return v * v
      } tail: {
        let v = load(x + $0, first: $1) * factor
        return v * v
      }
    }
    return Double(scaled).squareRoot() / Double(scale)
  }

  /// Whether no number is NaN, infinite, or 2^64 and more: products of what is left stay finite.
  @inline(never)
  public static func isModerate(_ x: Floats, count: Int) -> Bool {
    // 2^64 times any other is infinite or NaN, and its distance from itself NaN.
    let factor = V(repeating: 0x1p64)
    let sum = summed(count) {
      summedChunk($0, $1) {
        let v = load(x + $0) * factor
        return v - v
      } tail: {
        let v = load(x + $0, first: $1) * factor
        return v - v
      }
    }
    return sum == 0
  }

  /// The sum over a buffer in double precision, by the tree described above; `chunk` gives the sum
  /// of the elements from..<to. (It holds the whole loop, for the reason `inChunks` gives.)
  @inline(always)
  private static func summed(_ count: Int, chunk sum: (Int, Int) -> Float) -> Float {
    let grain = 16_384
    let chunks = (count &+ grain &- 1) / grain
    var result = 0.0
    // Partial sums of at most 4096 chunks at a time, so that they fit in fixed scratch.
    var first = 0
    while first < chunks {
      let some = Swift.min(4096, chunks &- first)
      let base = first
      Scratch.floats(some) { partial in
        Parallel.run(some, isLong: count > 1 << 22) { chunk in
          let from = (base &+ chunk) &* grain
          partial[chunk] = sum(from, Swift.min(count, from &+ grain))
        }
        for chunk in 0..<some { result += Double(partial[chunk]) }
      }
      first &+= some
    }
    return Float(result)
  }

  @inline(always)
  private static func summedChunk(
    _ from: Int, _ to: Int, _ term: (Int) -> V, tail: (Int, Int) -> V
  ) -> Float {
    var outer = V.zero
    var i = from
    while i &+ 16 &* lanes <= to {
      var (a, b) = (term(i), term(i &+ lanes))
      var (c, d) = (term(i &+ 2 &* lanes), term(i &+ 3 &* lanes))
      var j = i &+ 4 &* lanes
      while j < i &+ 16 &* lanes {
        a += term(j)
        b += term(j &+ lanes)
        c += term(j &+ 2 &* lanes)
        d += term(j &+ 3 &* lanes)
        j &+= 4 &* lanes
      }
      outer += (a + b) + (c + d)
      i &+= 16 &* lanes
    }
    var rest = V.zero
    while i &+ lanes <= to {
      rest += term(i)
      i &+= lanes
    }
    if i < to { rest += tail(i, to &- i) }
    return total(outer + rest)
  }
}

/// The sum of one short row: the same tree as above within a chunk's innermost level.
@inline(always)
func rowSum(_ x: Floats, _ count: Int) -> Float {
  var (a, b) = (V.zero, V.zero)
  var i = 0
  while i &+ 2 &* lanes <= count {
    a += load(x + i)
    b += load(x + (i &+ lanes))
    i &+= 2 &* lanes
  }
  if i &+ lanes <= count {
    a += load(x + i)
    i &+= lanes
  }
  if i < count { b += load(x + i, first: count &- i) }
  return total(a + b)
}

@inline(always)
func rowLargest(_ x: Floats, _ count: Int) -> Float {
  rowExtreme(x, count, of: largerOrNaN, largerOrNaN, fold: largest, nothing: -.infinity)
}

@inline(always)
func rowSmallest(_ x: Floats, _ count: Int) -> Float {
  rowExtreme(x, count, of: smallerOrNaN, smallerOrNaN, fold: smallest, nothing: .infinity)
}

@inline(always)
private func rowExtreme(
  _ x: Floats, _ count: Int, of chosen: (V, V) -> V, _ chosenOne: (Float, Float) -> Float,
  fold: (V) -> Float, nothing: Float
) -> Float {
  guard count >= lanes else {
    var m = nothing
    for i in 0..<count { m = chosenOne(m, x[i]) }
    return m
  }
  // Four that do not wait for each other.
  let last = load(x + (count &- lanes))
  var (a, b, c, d) = (last, last, last, last)
  var i = 0
  while i &+ 4 &* lanes <= count {
    a = chosen(a, load(x + i))
    b = chosen(b, load(x + (i &+ lanes)))
    c = chosen(c, load(x + (i &+ 2 &* lanes)))
    d = chosen(d, load(x + (i &+ 3 &* lanes)))
    i &+= 4 &* lanes
  }
  while i &+ lanes < count {
    a = chosen(a, load(x + i))
    i &+= lanes
  }
  return fold(chosen(chosen(a, b), chosen(c, d)))
}

/// The largest number of a row, NaN aside: what an exponential is shifted by. (A NaN shows in the
/// exponentials themselves.)
@inline(always)
func rowPeak(_ x: Floats, _ count: Int) -> Float {
  guard count >= lanes else {
    var m = -Float.infinity
    for i in 0..<count where x[i] > m { m = x[i] }
    return m
  }
  var (a, b) = (V(repeating: -.infinity), V(repeating: -.infinity))
  var i = 0
  while i &+ 2 &* lanes <= count {
    a = larger(a, load(x + i))
    b = larger(b, load(x + (i &+ lanes)))
    i &+= 2 &* lanes
  }
  if i &+ lanes <= count { a = larger(a, load(x + i)) }
  return largest(larger(larger(a, b), load(x + (count &- lanes))))
}

@inline(always)
func place(of value: Float, in x: Floats, _ count: Int) -> Int {
  let isNaN = value != value
  for i in 0..<count where x[i] == value || (isNaN && x[i] != x[i]) { return i }
  return 0
}
