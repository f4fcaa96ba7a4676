// swift-tools-version: 6.0
import Foundation
import PackageDescription

// Kernels are tuned for the machine that builds them. SwiftPM refuses unsafe flags in a versioned
// dependency, so they are added only where it does not: a program then says at its first tensor which
// flags it lacks.
let isRoot = !Context.packageDirectory.contains("/checkouts/")

/// The compiler's switches and the conditions by which the sources choose their tile: Swift itself
/// cannot ask for a processor's features. `SSLBOOK_ARCH` (x86-64-v3, x86-64-v4, native) chooses the
/// instruction set on x86-64; elsewhere the platform's own is used.
var kernelSettings: [SwiftSetting] {
  // The vector operations are single instructions of the compiler's own module.
  let builtin = SwiftSetting.enableExperimentalFeature("BuiltinModule")
  guard isRoot else { return [builtin, .define("KERNELS_UNTUNED")] }
  #if arch(x86_64)
    let architecture = Context.environment["SSLBOOK_ARCH"] ?? "native"
    var features = architecture
    if architecture == "native" {
      let processor = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      features = (processor ?? "").contains("avx512vl") ? "x86-64-v4" : ""
      if features.isEmpty, (processor ?? "").contains(" fma ") { features = "x86-64-v3" }
    }
    var settings: [SwiftSetting] = [
      builtin, .unsafeFlags(["-Xcc", "-march=\(architecture)"]),
    ]
    if features == "x86-64-v3" || features == "x86-64-v4" {
      settings.append(.define("KERNELS_FMA"))
    }
    if features == "x86-64-v4" { settings.append(.define("KERNELS_AVX512")) }
    return settings
  #else
    return [builtin]
  #endif
}

/// Tests of the tool are compiled without optimization: what they test is optimized, and optimizing
/// the tests themselves would take longer than running them.
let quick: [SwiftSetting] = isRoot ? [.unsafeFlags(["-Onone"])] : []

let package = Package(
  name: "sslbook",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "sslbook", targets: ["sslbook"]),
    .library(name: "Tensors", targets: ["Tensors"]),
    .library(name: "Networks", targets: ["Networks"]),
    .library(name: "SelfSupervised", targets: ["SelfSupervised"]),
    .library(name: "Plots", targets: ["Plots"]),
    // What a chapter's program links against: all of the mathematics in one dynamic library.
    .library(
      name: "ChapterRuntime", type: .dynamic,
      targets: ["Cells", "Plots", "SelfSupervised", "Networks", "Tensors", "Kernels"]),
  ],
  targets: [
    // The mathematics.
    .target(name: "Kernels", swiftSettings: kernelSettings),
    .target(name: "Tensors", dependencies: ["Kernels"]),
    .target(name: "Networks", dependencies: ["Notation", "Tensors"]),
    // The training steps that benchmarks time and tests compare with PyTorch's.
    .target(
      name: "Workloads", dependencies: ["Networks", "Tensors"], path: "benchmarks/Workloads"),
    .executableTarget(
      name: "Steps", dependencies: ["Kernels", "Tensors", "Networks", "Workloads"],
      path: "benchmarks/Steps"),
    .target(name: "SelfSupervised", dependencies: ["Networks", "Tensors"]),
    .target(name: "Markup"),
    .target(name: "Notation"),
    .target(name: "Transcript", dependencies: ["Notation"]),
    .target(name: "Plots", dependencies: ["Markup", "Notation"]),
    .target(name: "Cells", dependencies: ["Notation", "Transcript", "Plots", "Tensors"]),

    // The tool.
    .systemLibrary(
      name: "CCMark", pkgConfig: "libcmark",
      providers: [.apt(["libcmark-dev"]), .brew(["cmark"])]),
    .systemLibrary(
      name: "CJavaScriptCore", pkgConfig: "javascriptcoregtk-4.1",
      providers: [.apt(["libjavascriptcoregtk-4.1-dev"])]),
    .systemLibrary(
      name: "CMicroHTTPD", pkgConfig: "libmicrohttpd",
      providers: [.apt(["libmicrohttpd-dev"]), .brew(["libmicrohttpd"])]),
    .systemLibrary(
      name: "CHarfBuzz", pkgConfig: "harfbuzz-subset",
      providers: [.apt(["libharfbuzz-dev"]), .brew(["harfbuzz"])]),
    .systemLibrary(
      name: "CWOFF2", pkgConfig: "libwoff2enc",
      providers: [.apt(["libwoff-dev"]), .brew(["woff2"])]),
    .target(name: "WOFF2Encoder", dependencies: ["CWOFF2"]),
    .target(name: "Markdown", dependencies: ["CCMark"]),
    .target(name: "Fonts", dependencies: ["CHarfBuzz", "WOFF2Encoder"]),
    .target(name: "JavaScript", dependencies: ["CJavaScriptCore"]),
    .target(name: "PreviewServer", dependencies: ["CMicroHTTPD"]),
    .target(
      name: "Book",
      dependencies: ["Markdown", "JavaScript", "Fonts", "Markup", "Notation", "Transcript"]),
    .target(name: "Commands", dependencies: ["Book", "Notation", "PreviewServer"]),
    .executableTarget(name: "sslbook", dependencies: ["Commands"]),

    .executableTarget(name: "Benchmarks", dependencies: ["Kernels"], path: "benchmarks/tensors"),

    // Tests reach inside a module through `package` access, never through `@testable`, so that
    // `make book` and `make test` share one optimised build.
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    // What must come out alike natively, under Node and in a browser.
    .target(
      name: "PortableChecks", dependencies: ["SelfSupervised", "Networks", "Tensors", "Kernels"],
      path: "Tests/PortableChecks", exclude: ["expected.txt", "run.mjs"]),
    .testTarget(
      name: "PortableChecksTests", dependencies: ["PortableChecks", "TestSupport"]),
    .testTarget(name: "KernelsTests", dependencies: ["Kernels", "TestSupport"]),
    .testTarget(
      name: "TensorsTests", dependencies: ["Kernels", "Tensors", "Networks", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "NetworksTests",
      dependencies: ["Kernels", "Tensors", "Networks", "Workloads", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "SelfSupervisedTests",
      dependencies: ["Kernels", "Tensors", "Networks", "SelfSupervised", "TestSupport"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "MarkupTests", dependencies: ["Markup", "TestSupport"], swiftSettings: quick),
    .testTarget(
      name: "NotationTests", dependencies: ["Notation", "TestSupport"], swiftSettings: quick),
    .testTarget(
      name: "TranscriptTests", dependencies: ["Transcript", "TestSupport"], swiftSettings: quick),
    .testTarget(
      name: "PlotsTests", dependencies: ["Plots", "TestSupport"], exclude: ["Snapshots"],
      swiftSettings: quick),
    .testTarget(
      name: "CellsTests",
      dependencies: ["Cells", "Plots", "Tensors", "Transcript", "TestSupport"],
      swiftSettings: quick),
    .testTarget(
      name: "MarkdownTests", dependencies: ["Markdown", "TestSupport"], swiftSettings: quick),
    .testTarget(
      name: "JavaScriptTests", dependencies: ["JavaScript", "TestSupport"], swiftSettings: quick),
    .testTarget(
      name: "FontsTests", dependencies: ["CHarfBuzz", "Fonts", "TestSupport"],
      swiftSettings: quick),
    .testTarget(
      name: "PreviewServerTests", dependencies: ["PreviewServer", "TestSupport"],
      swiftSettings: quick),
    .testTarget(
      name: "BookTests", dependencies: ["Book", "CCMark", "TestSupport"],
      exclude: ["Pages/Snapshots"],
      swiftSettings: quick),
    .testTarget(
      name: "CommandsTests", dependencies: ["Commands", "Notation", "sslbook", "TestSupport"],
      exclude: ["Snapshots"], swiftSettings: quick),
  ]
)
