import SelfSupervised
import Tensors
import Testing

@Suite("InfoNCE on batches") struct InfoNCETests {
  @Test("equal scores cost log N", arguments: [1, 2, 64])
  func equalScores(n: Int) {
    let scores = Matrix(zeros: n, n)
    #expect(isClose(infoNCELoss(scores: scores), log(Double(n))))
    #expect(isClose(infoNCEBound(scores: scores), 0))
  }

  // import torch; torch.set_default_dtype(torch.float64)
  // s = torch.sin(torch.arange(16.) * 1.3 + 0.2).view(4, 4) * 3
  // torch.nn.functional.cross_entropy(s, torch.arange(4))
  @Test("agrees with PyTorch's cross entropy")
  func torch() {
    let scores = Matrix(rows: 4, columns: 4) { 3 * sin(Double(4 * $0 + $1) * 1.3 + 0.2) }
    #expect(isClose(infoNCELoss(scores: scores), 1.5089672833419578))
  }

  @Test("a function of the anchor changes nothing, one of the candidate does")
  func anchorFreedom() {
    let scores = Matrix(rows: 3, columns: 3) { sin(Double(3 * $0 + $1)) }
    let byAnchor = Matrix(rows: 3, columns: 3) { scores[$0, $1] + 5 * Double($0) }
    let byCandidate = Matrix(rows: 3, columns: 3) { scores[$0, $1] + 5 * Double($1) }
    #expect(isClose(infoNCELoss(scores: scores), infoNCELoss(scores: byAnchor)))
    #expect(!isClose(infoNCELoss(scores: scores), infoNCELoss(scores: byCandidate), within: 0.1))
  }

  @Test("the bound never passes log N, whatever the scores")
  func ceiling() {
    let perfect = Matrix(rows: 8, columns: 8) { $0 == $1 ? 1e6 : 0 }
    #expect(infoNCEBound(scores: perfect) <= log(8))
  }

  @Test("scores that are not square stop the program")
  func shape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = infoNCELoss(scores: Matrix(zeros: 2, 3))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("infoNCELoss: [2, 3] scores"))
  }
}

@Suite("NT-Xent in double precision") struct NTXentDoubleTests {
  static let views = Matrix(rows: 8, columns: 3) { sin(Double(3 * $0 + $1) * 0.9 + 0.3) }

  @Test("equal rows cost log(2N − 1)", arguments: [1, 2, 16])
  func equalRows(n: Int) {
    let views = Matrix(rows: 2 * n, columns: 4) { _, d in Double(d + 1) }
    let expected = log(Double(2 * n - 1))
    #expect(isClose(ntXentLoss(views: views, temperature: 0.5), expected))
  }

  // u = F.normalize(torch.sin(torch.arange(24.) * 0.9 + 0.3).view(8, 3), dim=1)
  // m = (u @ u.T / tau).masked_fill(torch.eye(8, dtype=torch.bool), float("-inf"))
  // F.cross_entropy(m, torch.tensor([4, 5, 6, 7, 0, 1, 2, 3]))
  @Test("agrees with PyTorch", arguments: [(0.1, 10.596322586471683), (0.5, 2.966074272891603)])
  func torch(temperature: Double, expected: Double) {
    #expect(isClose(ntXentLoss(views: Self.views, temperature: temperature), expected))
  }

  @Test("swapping the two views changes nothing")
  func symmetry() {
    let swapped = Matrix(rows: 8, columns: 3) { Self.views[($0 + 4) % 8, $1] }
    let loss = ntXentLoss(views: Self.views, temperature: 0.5)
    #expect(isClose(loss, ntXentLoss(views: swapped, temperature: 0.5)))
  }
}

@Suite("InfoNCE by enumeration") struct CandidateSetsTests {
  let table = JointTable([[0.20, 0.05, 0.05], [0.05, 0.25, 0.05], [0.02, 0.08, 0.25]])

  @Test("two candidates are three nested loops")
  func loops() {
    let critic = Matrix(rows: 3, columns: 3) { sin(Double(3 * $0 + $1)) }
    var loss = 0.0
    for x in 0..<3 {
      for a in 0..<3 {
        for b in 0..<3 {
          loss += table[x, a] * table.y[b] * log(1 + exp(critic[x, b] - critic[x, a]))
        }
      }
    }
    #expect(isClose(CandidateSets(of: table, count: 2).infoNCELoss(critic), loss))
  }

  @Test("weights sum to one with and without a positive", arguments: 1...6)
  func mass(count: Int) {
    let sets = CandidateSets(of: table, count: count)
    #expect(isClose(sets.meanWithPositive { _, _ in 1 }, 1))
    #expect(isClose(sets.meanWithoutPositive { _, _ in 1 }, 1))
  }

  // exp_bound: P over itertools.product(range(3), repeat=N), float64
  @Test(
    "agrees with an enumeration in NumPy", arguments: [(2, 0.1347928575963), (6, 0.2378175897023)])
  func numpy(count: Int, expected: Double) {
    let bound = CandidateSets(of: table, count: count).infoNCEBound(table.logRatio)
    #expect(isClose(bound, expected, within: 1e-11))
  }

  @Test("no critic beats the log ratio, and no bound passes the information")
  func optimality() {
    var random = SeededGenerator(seed: 4)
    let sets = CandidateSets(of: table, count: 3)
    let best = sets.infoNCEBound(table.logRatio)
    #expect(best <= table.mutualInformation)
    for _ in 0..<50 {
      let critic = Matrix(rows: 3, columns: 3) { _, _ in 2 * random.normalDouble() }
      #expect(sets.infoNCEBound(critic) <= best)
    }
  }
}

@Suite("Joint tables") struct JointTableTests {
  let table = JointTable([[0.20, 0.05, 0.05], [0.05, 0.25, 0.05], [0.02, 0.08, 0.25]])

  @Test("information is H(X) + H(Y) − H(X, Y)")
  func identity() {
    let sum = entropy(table.x) + entropy(table.y) - table.jointEntropy
    #expect(isClose(table.mutualInformation, sum))
    #expect(isClose(table.mutualInformation, 0.2902270289856695))
  }

  @Test("independence means no information and no χ²")
  func independence() {
    let table = JointTable([[0.06, 0.14], [0.24, 0.56]])
    #expect(isClose(table.mutualInformation, 0))
    #expect(isClose(table.chiSquare, 0))
  }

  @Test("χ² is the mean squared deviation of the ratio from one")
  func chiSquare() { #expect(isClose(table.chiSquare, 0.6189116972324993)) }

  @Test("a channel and its prior make the table")
  func channel() {
    let table = JointTable(prior: [0.6, 0.4], channel: [[0.9, 0.1], [0.2, 0.8]])
    #expect(isClose(table[0, 1], 0.06))
    #expect(isClose(table.y[0], 0.62))
  }

  @Test("probabilities that do not sum to one stop the program")
  func badSum() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = JointTable([[0.5, 0.4]])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("do not sum to 1"))
  }
}
