import Kernels
import Testing

@Suite("Contrastive losses")
struct ContrastiveTests {
  @Test(
    "NT-Xent agrees with the paper's algorithm, its gradient with finite differences",
    arguments: [(2, 3), (8, 4), (34, 17), (130, 33), (200, 16), (300, 64), (1000, 3)])
  func ntXent(count: Int, size: Int) {
    let z = Numbers.some(count * size, seed: 1, scale: 2)
    for partners in [
      (0..<count).map { $0 ^ 1 }, (0..<count).map { ($0 + count / 2) % count },
    ] {
      for temperature in [0.5, 0.1, 0.02] where temperature > 0.05 || count <= 300 {
        var dz = [Float](repeating: 7, count: z.count)
        let loss = dz.withUnsafeMutableBufferPointer {
          Contrastive.ntXent(
            z, partners: partners, temperature: Float(temperature), dz: $0.baseAddress,
            count: count, size: size)
        }
        let without = Contrastive.ntXent(
          z, partners: partners, temperature: Float(temperature), dz: nil, count: count,
          size: size)
        #expect(loss == without)
        let f = { (z: [Double]) in
          Reference.ntXent(rows(z, size), partners: partners, temperature: temperature)
        }
        let exact = f(doubles(z))
        #expect((Double(loss) - exact).magnitude < 2e-6 * max(1, exact))
        if count == 2 {
          // Nothing to tell apart: the loss is 0 whatever z is.
          #expect(dz.allSatisfy { $0.magnitude < 1e-5 })
        } else if count <= 34 {
          expectClose(dz, differences(doubles(z), f), tolerance: 2e-5)
        } else {
          let place = count * size / 2
          let one = differences([Double(z[place])]) {
            var x = doubles(z)
            x[place] = $0[0]
            return f(x)
          }
          let size = dz.map(\.magnitude).max() ?? 0
          #expect((Double(dz[place]) - one[0]).magnitude < 1e-4 * Double(size))
        }
      }
    }
  }

  @Test("NT-Xent of equal embeddings is log(2N - 1)")
  func closedForm() {
    for count in [2, 6, 64, 100] {
      let z = [Float](repeating: 0.3, count: count * 5)
      let loss = Contrastive.ntXent(
        z, partners: (0..<count).map { $0 ^ 1 }, temperature: 0.2, dz: nil, count: count, size: 5)
      #expect((Double(loss) - logarithm(Double(count - 1))).magnitude < 1e-5)
    }
  }

  @Test(
    "InfoNCE agrees with plain loops, in one direction and in both",
    arguments: [(1, 3), (4, 5), (17, 8), (33, 16)])
  func infoNCE(count: Int, size: Int) {
    let (q, k) = (Numbers.some(count * size, seed: 1), Numbers.some(count * size, seed: 2))
    for isSymmetric in [false, true] {
      var (dq, dk) = (
        [Float](repeating: 7, count: q.count), [Float](repeating: 7, count: k.count)
      )
      let scale = 2.5
      let (loss, dScale) = Contrastive.infoNCE(
        queries: q, keys: k, scale: Float(scale), isSymmetric: isSymmetric, dQueries: &dq,
        dKeys: &dk, count: count, size: size)
      let f = { (q: [Double], k: [Double], scale: Double) in
        Reference.infoNCE(rows(q, size), rows(k, size), scale: scale, isSymmetric: isSymmetric)
      }
      let (wideQ, wideK) = (doubles(q), doubles(k))
      #expect((Double(loss) - f(wideQ, wideK, scale)).magnitude < 1e-5)
      expectClose(dq, differences(wideQ) { f($0, wideK, scale) }, tolerance: 2e-5)
      expectClose(dk, differences(wideK) { f(wideQ, $0, scale) }, tolerance: 2e-5)
      expectClose(
        [dScale], differences([scale]) { f(wideQ, wideK, $0[0]) }, tolerance: 2e-4)
    }
  }

  @Test("NT-Xent gives the same bits for any number of threads")
  func threads() {
    for (count, size, temperature) in [(300, 40, 0.5), (1000, 32, 0.5), (300, 40, 0.01)] {
      let z = Numbers.some(count * size, seed: 3)
      let results = [1, 2, 3].map { threads in
        withThreads(threads) { () -> [Float] in
          var dz = [Float](repeating: 0, count: z.count)
          let loss = dz.withUnsafeMutableBufferPointer {
            Contrastive.ntXent(
              z, partners: (0..<count).map { $0 ^ 1 }, temperature: Float(temperature),
              dz: $0.baseAddress, count: count, size: size)
          }
          return dz + [loss]
        }
      }
      #expect(results[0] == results[1])
      #expect(results[0] == results[2])
    }
  }
}
