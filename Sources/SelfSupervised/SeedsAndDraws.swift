import Tensors

/// One quantity measured for several seeds of a training, each on the same draws of labels, with an
/// interval for its mean over all seeds and draws that there might have been.
///
///     let accuracies = SeedsAndDraws(seeds.map { seed in draws.map { accuracy(seed, $0) } })
///     print(accuracies.mean, "±", accuracies.margin())
///
/// Seeds and draws are crossed, so the S·D values are not independent: the mean varies by σ²/S from
/// the seeds, by σ²/D from the draws, and by σ²/SD from what is left, each estimated from its mean
/// square and never below 0.
///
/// - Source: Searle, Casella and McCulloch 1992, "Variance components", section 4.3; the degrees of
///   freedom, Satterthwaite 1946.
public struct SeedsAndDraws: Sendable, Equatable {
  /// `[S][D]`: a row for each seed, a number for each draw.
  public let values: [[Double]]

  /// From a row for each seed.
  ///
  /// - Precondition: at least one value, rows of one length; stops with the lengths otherwise.
  public init(_ values: [[Double]]) {
    let draws = values.first?.count ?? 0
    if draws == 0 { fail("SeedsAndDraws: \(values.count) seeds of 0 draws hold no value") }
    for row in values where row.count != draws {
      fail("SeedsAndDraws: seeds of \(draws) and of \(row.count) draws; all need the same")
    }
    self.values = values
  }

  /// The mean of all values.
  public var mean: Double { average(values.map(average)) }

  /// The standard error of the mean; NaN for a single value.
  ///
  /// One seed says nothing about others, and one draw nothing about others: what has only one
  /// value is taken to be fixed.
  public var standardError: Double {
    let (s, d) = (Double(values.count), Double(values[0].count))
    let squares = meanSquares
    if s == 1 { return sqrt(squares.draws / d) }
    if d == 1 { return sqrt(squares.seeds / s) }
    let seeds = max(0, (squares.seeds - squares.rest) / d)
    let draws = max(0, (squares.draws - squares.rest) / s)
    return sqrt(seeds / s + draws / d + squares.rest / (s * d))
  }

  /// How far from the mean its interval reaches to either side, by Student's law; NaN for a single
  /// value.
  ///
  /// - Parameter confidence: in what share of studies such an interval holds the truth, in (0, 1).
  public func margin(confidence: Double = 0.95) -> Double {
    let error = standardError
    if error.isNaN { return error }
    return error * studentQuantile(confidence: confidence, degreesOfFreedom: degreesOfFreedom)
  }

  /// By how much each value exceeds the other's of the same seed and draw: for a comparison in
  /// which what both share cancels.
  ///
  /// - Precondition: as many seeds and draws; stops with both numbers otherwise.
  public func minus(_ other: SeedsAndDraws) -> SeedsAndDraws {
    if values.count != other.values.count || values[0].count != other.values[0].count {
      fail(
        "SeedsAndDraws: \(values.count) × \(values[0].count) values less "
          + "\(other.values.count) × \(other.values[0].count)")
    }
    return SeedsAndDraws(zip(values, other.values).map { zip($0, $1).map { $0 - $1 } })
  }

  /// What the standard error rests on, as a number of independent values less one: at least 1.
  public var degreesOfFreedom: Int {
    let (s, d) = (values.count, values[0].count)
    if s == 1 || d == 1 { return max(1, s * d - 1) }
    let squares = meanSquares
    let sum = squares.seeds + squares.draws - squares.rest
    let spread =
      squares.seeds * squares.seeds / Double(s - 1)
      + squares.draws * squares.draws / Double(d - 1)
      + squares.rest * squares.rest / Double((s - 1) * (d - 1))
    let freedom = sum > 0 ? sum * sum / spread : 1
    // NaN and ∞ are no numbers of values.
    return freedom >= 1 ? Int(min(freedom, Double(s * d - 1))) : 1
  }

  /// Between seeds, between draws, and what is left of each value, each over its own freedom.
  private var meanSquares: (seeds: Double, draws: Double, rest: Double) {
    let (s, d) = (values.count, values[0].count)
    let all = mean
    let bySeed = values.map(average)
    let byDraw = (0..<d).map { j in average(values.map { $0[j] }) }
    var rest = 0.0
    for i in 0..<s {
      for j in 0..<d {
        let error = values[i][j] - bySeed[i] - byDraw[j] + all
        rest += error * error
      }
    }
    func meanSquare(_ means: [Double], _ repeats: Int) -> Double {
      let sum = means.reduce(0) { $0 + ($1 - all) * ($1 - all) }
      return means.count > 1 ? Double(repeats) * sum / Double(means.count - 1) : .nan
    }
    return (meanSquare(bySeed, d), meanSquare(byDraw, s), rest / Double(max(1, (s - 1) * (d - 1))))
  }
}

private func average(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// How many standard errors to either side of its mean hold Student's law of ν degrees of freedom
/// with this probability.
///
/// - Parameters:
///   - confidence: the probability, in (0, 1).
///   - degreesOfFreedom: ν ≥ 1.
/// - Precondition: numbers in these ranges; stops with what is not.
/// - Source: Abramowitz and Stegun 1964, equations 26.7.3 and 26.7.4.
public func studentQuantile(confidence: Double, degreesOfFreedom: Int) -> Double {
  if !(confidence > 0 && confidence < 1) {
    fail("studentQuantile: confidence \(confidence) is not between 0 and 1")
  }
  if degreesOfFreedom < 1 {
    fail("studentQuantile: \(degreesOfFreedom) degrees of freedom are fewer than 1")
  }
  // The law's probability within ±t is a sum over powers of cos θ, t = √ν tan θ.
  func probability(_ theta: Double) -> Double {
    let (c, s) = (cos(theta), sin(theta))
    let isOdd = degreesOfFreedom % 2 == 1
    var term = isOdd ? c : 1
    var sum = degreesOfFreedom == 1 ? 0 : term
    for k in stride(from: isOdd ? 3 : 2, through: degreesOfFreedom - 2, by: 2) {
      term *= c * c * Double(k - 1) / Double(k)
      sum += term
    }
    return isOdd ? (theta + s * sum) * 2 / Double.pi : s * sum
  }
  var (low, high) = (0.0, Double.pi / 2)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if probability(middle) < confidence { low = middle } else { high = middle }
  }
  return sqrt(Double(degreesOfFreedom)) * sin(low) / cos(low)
}
