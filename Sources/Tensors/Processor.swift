#if os(Linux) && arch(x86_64) && !hasFeature(Embedded)

  import Glibc
  import Kernels

  /// Whether this processor is the one that the kernels were compiled for.
  package enum Processor {
    package enum Verdict: Equatable, Sendable {
      case fits
      /// The program would end at the first instruction that is missing, without a word.
      case lacks(String)
      /// The kernels use less than the processor has, because nobody chose so: SwiftPM drops the
      /// switches of a versioned dependency.
      case couldDoMore(switches: String)

      /// What the user is told.
      package var sentence: String? {
        switch self {
        case .fits: nil
        case .lacks(let feature):
          "Tensors: this program was compiled for processors with '\(feature)', which this one lacks; "
            + "build it here, or with SSLBOOK_ARCH=x86-64-v3 or x86-64"
        case .couldDoMore(let switches):
          "Tensors: compiled without this processor's vector instructions, several times slower; "
            + "for full speed: swift build -c release \(switches)"
        }
      }
    }

    /// - Parameter features: as the system lists them, with blanks between.
    package static func verdict(
      features: Substring, compiledFor set: Machine.InstructionSet, isTuned: Bool
    ) -> Verdict {
      let features = Set(features.split(separator: " "))
      let needed =
        switch set {
        case .baseline, .other: [String]()
        case .avx2: ["avx2", "fma"]
        case .avx512: ["avx2", "fma", "avx512f", "avx512bw", "avx512dq", "avx512vl"]
        }
      if let missing = needed.first(where: { !features.contains($0[...]) }) {
        return .lacks(missing)
      }
      guard !isTuned, set == .baseline, features.isSuperset(of: ["avx2", "fma"]) else {
        return .fits
      }
      let isWide = features.isSuperset(of: ["avx512f", "avx512vl"])
      return .couldDoMore(
        switches: "-Xswiftc -Xcc -Xswiftc -march=x86-64-v\(isWide ? 4 : 3) -Xswiftc -DKERNELS_FMA"
          + (isWide ? " -Xswiftc -DKERNELS_AVX512" : ""))
    }

    /// Looks before the first tensor is made. This module is compiled for every processor, the
    /// kernels are not.
    static func check() {
      guard let features else { return }
      let verdict = verdict(
        features: features, compiledFor: Machine.instructionSet, isTuned: Machine.isTuned)
      guard let sentence = verdict.sentence else { return }
      if case .lacks = verdict { fail(sentence) }
      _ = (sentence + "\n").withCString { write(2, $0, strlen($0)) }
    }

    /// What the first processor has; nil where the system does not say.
    private static var features: Substring? {
      let file = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return nil }
      defer { close(file) }
      let bytes = [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
        count = max(read(file, buffer.baseAddress, buffer.count), 0)
      }
      return features(in: String(decoding: bytes, as: UTF8.self))
    }

    /// The first list of features in `/proc/cpuinfo`.
    package static func features(in text: String) -> Substring? {
      for line in text.split(separator: "\n") where line.hasPrefix("flags") {
        return line.split(separator: ":", maxSplits: 1).dropFirst().first
      }
      return nil
    }
  }

#endif
