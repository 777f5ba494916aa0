// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "synfin",
  products: [
    .library(name: "PacketParser", targets: ["PacketParser"]),
    .library(name: "FlowTracker", targets: ["FlowTracker"]),
  ],
  targets: [
    .target(name: "CFlowMemory"),

    // The rooms, in the order in which data goes through them.
    .target(name: "PacketParser"),
    .target(name: "FlowTracker", dependencies: ["CFlowMemory", "PacketParser"]),
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
