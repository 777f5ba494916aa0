// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "synfin",
  products: [
    .library(name: "PacketParser", targets: ["PacketParser"]),
    .library(name: "FlowTracker", targets: ["FlowTracker"]),
    .library(name: "FlowAnalysis", targets: ["FlowAnalysis"]),
    .library(name: "FlowReports", targets: ["FlowReports"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .target(name: "CFlowMemory"),

    // The rooms, in the order in which data goes through them.
    .target(name: "PacketParser"),
    .target(name: "FlowTracker", dependencies: ["CFlowMemory", "PacketParser"]),
    .target(name: "FlowAnalysis", dependencies: ["PacketParser", "FlowTracker"]),
    .target(
      name: "FlowReports",
      dependencies: [
        "PacketParser", "FlowTracker", "FlowAnalysis",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .testTarget(name: "PacketParserTests", dependencies: ["PacketParser", "TraceScript"]),
    .target(name: "TraceScript", dependencies: ["PacketParser"], path: "Tests/TraceScript"),
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
