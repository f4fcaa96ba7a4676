#if os(Linux) && arch(x86_64)

  import Foundation
  import Kernels
  import Tensors
  import Testing

  @Suite("The processor and what the kernels were compiled for") struct ProcessorTests {
    private static let old = "fpu sse2 sse4_2"
    private static let haswell = "fpu sse2 avx avx2 fma"
    private static let skylake = haswell + " avx512f avx512dq avx512bw avx512vl"
    private static let wideSwitches =
      "-Xswiftc -Xcc -Xswiftc -march=x86-64-v4 -Xswiftc -DKERNELS_FMA -Xswiftc -DKERNELS_AVX512"

    @Test(
      "is said to lack what is missing, and to have more only where nobody chose",
      arguments: [
        (old, .baseline, true, .fits), (old, .baseline, false, .fits),
        (old, .avx2, true, .lacks("avx2")), (haswell, .avx2, true, .fits),
        (haswell, .avx512, true, .lacks("avx512f")), (skylake, .avx512, true, .fits),
        (skylake + " x", .avx2, true, .fits), (skylake, .baseline, true, .fits),
        (
          haswell, .baseline, false,
          .couldDoMore(switches: "-Xswiftc -Xcc -Xswiftc -march=x86-64-v3 -Xswiftc -DKERNELS_FMA")
        ), (skylake, .baseline, false, .couldDoMore(switches: wideSwitches)),
        ("", .avx512, true, .lacks("avx2")), ("", .other, false, .fits),
      ] as [(String, Machine.InstructionSet, Bool, Processor.Verdict)])
    func verdicts(
      features: String, set: Machine.InstructionSet, isTuned: Bool, verdict: Processor.Verdict
    ) {
      #expect(
        Processor.verdict(features: features[...], compiledFor: set, isTuned: isTuned) == verdict)
    }

    @Test("the user is told what to build with") func sentences() {
      #expect(Processor.Verdict.fits.sentence == nil)
      #expect(
        Processor.Verdict.lacks("fma").sentence == """
          Tensors: this program was compiled for processors with 'fma', which this one lacks; \
          build it here, or with SSLBOOK_ARCH=x86-64-v3 or x86-64
          """)
      #expect(
        Processor.Verdict.couldDoMore(switches: "-x").sentence == """
          Tensors: compiled without this processor's vector instructions, several times slower; \
          for full speed: swift build -c release -x
          """)
    }

    @Test("its features are those of the first core") func features() {
      let text = "processor\t: 0\nflags\t\t: fpu fma\nbugs\t: x\n\nprocessor\t: 1\nflags\t: fpu\n"
      #expect(Processor.features(in: text) == " fpu fma")
      #expect(Processor.features(in: "processor\t: 0\n") == nil)
    }

    @Test("these tests run on a processor that fits") func here() throws {
      let text = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let features = try #require(Processor.features(in: text))
      let verdict = Processor.verdict(
        features: features, compiledFor: Machine.instructionSet, isTuned: Machine.isTuned)
      #expect(verdict == .fits)
    }
  }

#endif
