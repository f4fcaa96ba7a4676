// What JavaScript calls. Numbers cross the border through the module's memory.

#if hasFeature(Embedded)
  import Kernels
  import Tensors

  @_extern(wasm, module: "host", name: "print")
  private func printByte(_ byte: Int32)

  /// Where Swift writes the sentence it stops with, byte by byte.
  @_cdecl("putchar")
  public func putchar(_ byte: Int32) -> Int32 {
    printByte(byte)
    return byte
  }

  /// The seed of hash tables: the same in every run, so that every run is the same.
  @_cdecl("arc4random_buf")
  public func seed(_ bytes: UnsafeMutableRawPointer, _ count: Int) {
    bytes.initializeMemory(as: UInt8.self, repeating: 7, count: count)
  }

  private struct Results {
    var values: UnsafeMutablePointer<Float>?
    var count = 0
  }

  nonisolated(unsafe) private var results = Results()
  nonisolated(unsafe) private var factors: (Tensor, Tensor)?

  /// How many checks there are.
  @_expose(wasm, "checkCount") @_cdecl("checkCount")
  public func checkCount() -> Int32 { Int32(checks.count) }

  /// Where check `index`'s name begins, in UTF-8.
  @_expose(wasm, "checkName") @_cdecl("checkName")
  public func checkName(_ index: Int32) -> UnsafePointer<UInt8> {
    checks[Int(index)].name.utf8Start
  }

  /// How many bytes the name has.
  @_expose(wasm, "checkNameLength") @_cdecl("checkNameLength")
  public func checkNameLength(_ index: Int32) -> Int32 {
    Int32(checks[Int(index)].name.utf8CodeUnitCount)
  }

  /// Runs a check; the number of its values.
  @_expose(wasm, "checkRun") @_cdecl("checkRun")
  public func checkRun(_ index: Int32) -> Int32 {
    let values = checks[Int(index)].values()
    results.values?.deallocate()
    let copy = UnsafeMutablePointer<Float>.allocate(capacity: max(1, values.count))
    for (position, value) in values.enumerated() { copy[position] = value }
    results = Results(values: copy, count: values.count)
    return Int32(values.count)
  }

  /// Where the values of the last check lie.
  @_expose(wasm, "checkValues") @_cdecl("checkValues")
  public func checkValues() -> UnsafeMutablePointer<Float>? { results.values }

  /// Multiplies two n × n matrices `rounds` times; one element of the product.
  @_expose(wasm, "multiply") @_cdecl("multiply")
  public func multiply(_ n: Int32, _ rounds: Int32) -> Float {
    let n = Int(n)
    if factors?.0.shape != [n, n] {
      var random = RandomSource(seed: 1)
      factors = (.normal([n, n], using: &random), .normal([n, n], using: &random))
    }
    guard let (a, b) = factors else { return 0 }
    var sum: Float = 0
    for _ in 0..<rounds { sum += a.matmul(b)[element: 0, 0] }
    return sum
  }
#endif
