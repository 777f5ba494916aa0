import CTraceGenerator

/// The options of `generate`, each of which changes one thing of the benchmark's shape.
struct ShapeOption: Sendable {
  var name: String
  var meaning: String
  var limits: ClosedRange<Double>
  var change: @Sendable (inout trace_shape, Double) -> Void

  private static let share = 0.0...1.0
  private static let count = 1.0...1e12
  private static let smallCount = 1.0...4e9

  static let all = [
    ShapeOption(name: "packets", meaning: "how many packets, without copies", limits: count) {
      $0.packets = UInt64($1)
    },
    ShapeOption(name: "live", meaning: "connections at one time", limits: smallCount) {
      $0.live_connections = UInt32($1)
    },
    ShapeOption(name: "mean-packets", meaning: "packets a connection, on average", limits: 6...1e6)
    {
      $0.mean_packets = $1
    },
    ShapeOption(name: "segment-size", meaning: "the longest payload, in bytes", limits: 21...60000)
    {
      $0.segment_size = UInt32($1)
    },
    ShapeOption(name: "full-segments", meaning: "share of the longest segments", limits: share) {
      $0.full_segments = $1
    },
    ShapeOption(name: "snap-length", meaning: "bytes kept of each frame", limits: 1...262144) {
      $0.snap_length = UInt32($1)
    },
    ShapeOption(name: "half-open", meaning: "share of handshakes never completed", limits: share) {
      $0.half_open = $1
    },
    ShapeOption(name: "flood", meaning: "share of packets that are spoofed SYNs", limits: share) {
      $0.flood = $1
    },
    ShapeOption(name: "ipv6", meaning: "share of connections over IPv6", limits: share) {
      $0.ipv6 = $1
    },
    ShapeOption(name: "loss", meaning: "share of data segments lost", limits: share) {
      $0.loss = $1
    },
    ShapeOption(name: "reorder", meaning: "share of data segments overtaken", limits: share) {
      $0.reorder = $1
    },
    ShapeOption(name: "copies", meaning: "share of packets captured twice", limits: share) {
      $0.copies = $1
    },
    ShapeOption(name: "resets", meaning: "share of connections reset", limits: share) {
      $0.resets = $1
    },
    ShapeOption(name: "rate", meaning: "packets a second of capture time", limits: 1...1e9) {
      $0.packets_per_second = UInt32($1)
    },
    ShapeOption(name: "seed", meaning: "another seed, another file", limits: 0...1e15) {
      $0.seed = UInt64($1)
    },
  ]

  /// The shape that `arguments`, pairs of `--name` and number, make of the benchmark's.
  static func shape(from arguments: ArraySlice<String>) throws -> trace_shape {
    let options = try CommandOptions(arguments, known: all.map(\.flag))
    var shape = trace_shape_of_benchmark()
    for option in all {
      guard let number = try options.number(option.flag, within: option.limits) else { continue }
      option.change(&shape, number)
    }
    return shape
  }

  private var flag: String { "--\(name)" }
}
