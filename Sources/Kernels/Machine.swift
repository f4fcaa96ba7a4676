// What the kernels were compiled for, and the most the machine could do.

/// The machine as the kernels see it.
public enum Machine {
  /// The instruction set the kernels were compiled for and the tile they multiply with.
  public static var flavour: String {
    #if KERNELS_AVX512
      "AVX-512, tile 12 x 32"
    #elseif KERNELS_FMA
      "AVX2 with FMA, tile 6 x 16"
    #elseif arch(arm64)
      "NEON, tile 6 x 16"
    #elseif KERNELS_SMALL
      "simd128, four lanes, tile 8 x 4"
    #elseif arch(wasm32)
      "simd128, tile 3 x 16"
    #else
      "baseline without FMA, tile 6 x 16"
    #endif
  }

  /// Instructions without which a program that has the kernels in it stops.
  public enum InstructionSet: Sendable {
    case baseline, avx2, avx512
    /// Of another kind of processor than x86-64.
    case other
  }

  /// What the kernels were compiled for.
  public static var instructionSet: InstructionSet {
    #if KERNELS_AVX512
      .avx512
    #elseif KERNELS_FMA
      .avx2
    #elseif arch(x86_64)
      .baseline
    #else
      .other
    #endif
  }

  /// Whether somebody chose the instruction set.
  public static var isTuned: Bool {
    #if KERNELS_UNTUNED
      instructionSet != .baseline
    #else
      true
    #endif
  }

  /// Multiplies and adds in registers only, `rounds` times a whole tile, and returns the number of
  /// floating-point operations: timed, it is the peak that a matrix product is measured against.
  @inline(never)
  public static func multiplyInRegisters(rounds: Int) -> Int {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 1024) { memory in
      memory.initialize(repeating: 1e-3)
      guard let p = memory.baseAddress else { return 0 }
      let work = TileWork(
        a: p, rowStride: 1, depthStride: 0, b: p + 64, bStride: 0, depth: rounds, c: p + 128,
        cStride: panelWidth, base: nil, baseStride: 0)
      multiplyRows(work, rows: tileRows, columns: panelWidth)
      return 2 &* rounds &* tileRows &* panelWidth
    }
  }
}
