// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "synfin",
  products: [
    .executable(name: "synfin", targets: ["synfin"]),
    .library(name: "PacketParser", targets: ["PacketParser"]),
    .library(name: "PacketCapture", targets: ["PacketCapture"]),
    .library(name: "FlowTracker", targets: ["FlowTracker"]),
    .library(name: "FlowAnalysis", targets: ["FlowAnalysis"]),
    .library(name: "FlowReports", targets: ["FlowReports"]),
    .library(name: "TraceChecks", targets: ["TraceChecks"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C: the system's libpcap, compressed captures as a FILE *, hints to the memory system, and what a
    // process asks of the kernel for itself.
    .systemLibrary(
      name: "CPcap", pkgConfig: "libpcap",
      providers: [.apt(["libpcap-dev"]), .brew(["libpcap"])]),
    .target(
      name: "CCompressedFile",
      linkerSettings: [.linkedLibrary("z"), .linkedLibrary("zstd")]),
    .target(name: "CFlowMemory"),
    .target(name: "CProcessControl"),

    // The rooms, in the order in which data goes through them.
    .target(name: "PacketParser"),
    .target(name: "PacketCapture", dependencies: ["CPcap", "CCompressedFile", "PacketParser"]),
    .target(name: "FlowTracker", dependencies: ["CFlowMemory", "PacketParser"]),
    .target(name: "FlowAnalysis", dependencies: ["CFlowMemory", "PacketParser", "FlowTracker"]),
    .target(
      name: "FlowReports",
      dependencies: [
        "PacketParser", "FlowTracker", "FlowAnalysis",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "TraceChecks",
      dependencies: ["PacketParser", "FlowTracker", "FlowAnalysis", "FlowReports", "Yams"]),
    .target(
      name: "LiveView",
      dependencies: ["PacketParser", "FlowTracker", "FlowAnalysis", "FlowReports"]),
    .target(
      name: "MetricsServer",
      dependencies: [
        "FlowReports",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    .target(name: "ProcessControl", dependencies: ["CProcessControl"]),
    .executableTarget(
      name: "synfin",
      dependencies: [
        "PacketParser", "PacketCapture", "FlowTracker", "FlowAnalysis", "FlowReports",
        "TraceChecks", "LiveView", "MetricsServer", "ProcessControl",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Tests, and what they speak in.
    .target(name: "TraceScript", dependencies: ["PacketParser"], path: "Tests/TraceScript"),
    .target(
      name: "TrackerProperties", dependencies: ["FlowTracker", "PacketParser", "TraceScript"],
      path: "Tests/TrackerProperties"),
    .testTarget(name: "PacketParserTests", dependencies: ["PacketParser", "TraceScript"]),
    .executableTarget(
      name: "CaptureTool", dependencies: ["PacketCapture", "PacketParser"],
      path: "Tests/CaptureTool"),
    .testTarget(
      name: "PacketCaptureTests",
      dependencies: ["CaptureTool", "PacketCapture", "PacketParser", "TraceScript"]),
    .testTarget(
      name: "FlowTrackerTests",
      dependencies: ["FlowTracker", "PacketParser", "TraceScript", "TrackerProperties"],
      exclude: ["Goldens"]),
    .testTarget(
      name: "FlowAnalysisTests",
      dependencies: ["PacketParser", "FlowTracker", "FlowAnalysis", "TraceScript"]),
    .testTarget(
      name: "FlowReportsTests",
      dependencies: [
        "PacketParser", "PacketCapture", "FlowAnalysis", "FlowReports", "TraceScript",
      ],
      exclude: ["Goldens"]),
    .testTarget(
      name: "MetricsServerTests", dependencies: ["PacketParser", "FlowReports", "MetricsServer"]),
    .testTarget(
      name: "TraceChecksTests",
      dependencies: [
        "PacketParser", "PacketCapture", "FlowTracker", "FlowAnalysis", "FlowReports",
        "TraceChecks", "TraceScript",
      ],
      exclude: ["Comparison/Goldens"]),
    .testTarget(
      name: "LiveViewTests",
      dependencies: [
        "PacketParser", "FlowTracker", "FlowAnalysis", "FlowReports", "LiveView", "TraceScript",
      ],
      exclude: ["Goldens"]),
    .testTarget(
      name: "SampleCaptureTests",
      dependencies: [
        "PacketParser", "PacketCapture", "FlowTracker", "FlowAnalysis", "TraceScript",
      ],
      exclude: ["Goldens"]),
    .testTarget(
      name: "CommandTests", dependencies: ["synfin", "TrafficTool", "PacketParser", "TraceScript"],
      exclude: ["Goldens"]),
    .executableTarget(name: "TrafficTool", path: "Tests/TrafficTool"),
    .executableTarget(
      name: "ProcessProbe", dependencies: ["ProcessControl"], path: "Tests/ProcessProbe"),
    .testTarget(
      name: "ProcessControlTests",
      dependencies: ["ProcessControl", "ProcessProbe", "TraceScript"]),
    .testTarget(
      name: "BenchmarkTests",
      dependencies: [
        "Benchmarks", "synfin", "CTraceGenerator", "PacketCapture", "PacketParser", "TraceScript",
      ]),

    // Synthetic captures, the floor that analysis is measured against, and what measures both.
    .target(
      name: "CTraceGenerator", dependencies: ["CPcap"],
      path: "Tests/Benchmarks/CTraceGenerator"),
    .target(name: "CChildProcess", path: "Tests/Benchmarks/CChildProcess"),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CChildProcess", "CTraceGenerator", "FlowTracker", "TraceScript", "TrackerProperties",
      ],
      path: "Tests/Benchmarks",
      exclude: [
        "CChildProcess", "CTraceGenerator", "Instructions/instructions.json", "RESULTS.md",
      ]),
  ]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .treatAllWarnings(as: .error),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
