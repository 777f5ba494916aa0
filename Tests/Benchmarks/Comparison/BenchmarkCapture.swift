import CTraceGenerator
import FlowTracker

/// A capture that synfin is measured with.
struct BenchmarkCapture {
  var name: String
  /// The name of its file, without the ending.
  var file: String
  var shape: trace_shape

  /// `change` makes its shape of the benchmark's.
  init(_ name: String, file: String, _ change: (inout trace_shape) -> Void = { _ in }) {
    self.name = name
    self.file = file
    shape = trace_shape_of_benchmark()
    change(&shape)
  }

  /// How many connections a tracker has at one time.
  var liveConnections: Int {
    // Spoofed connections never end, so synfin has as many of them as its limit of half-open ones lets it.
    Int(shape.live_connections)
      + min(spoofedConnections, TrackerLimits().maximumHalfOpenConnections)
  }

  /// Whether records of all its connections would fill a disk.
  var hasTooManyToRecord: Bool { spoofedConnections > 1_000_000 }

  private var spoofedConnections: Int { Int(Double(shape.packets) * shape.flood) }
}

extension BenchmarkCapture {
  static let all = [
    BenchmarkCapture("50,000 live, in random order", file: "live"),
    BenchmarkCapture("many short: 10 packets each", file: "short") {
      $0.packets = 4_000_000
      $0.mean_packets = 10
    },
    BenchmarkCapture("few long: 50 live, 20,000 packets each", file: "long") {
      $0.packets = 4_000_000
      $0.live_connections = 50
      $0.mean_packets = 20_000
    },
    BenchmarkCapture("loss 2 %, reordering 2 %", file: "loss") {
      $0.packets = 4_000_000
      $0.loss = 0.02
      $0.reorder = 0.02
    },
    BenchmarkCapture("everything captured twice", file: "twice") {
      $0.packets = 2_000_000
      $0.copies = 1
    },
    BenchmarkCapture("whole frames of 1,500 bytes", file: "whole") {
      $0.packets = 1_000_000
      $0.full_segments = 1
      $0.snap_length = 262_144
    },
    BenchmarkCapture("10 million spoofed SYNs, 1,000 connections", file: "flood") {
      $0.packets = 10_020_600
      $0.live_connections = 1_000
      $0.flood = 10_000_000 / 10_020_600
    },
  ]

  /// The one to measure other programs with, which would take long for the others.
  static let forOthers = BenchmarkCapture("a million packets, 50,000 live", file: "million") {
    $0.packets = 1_000_000
  }

  /// As good as empty: what a program has in use however short the capture.
  static let tiny = BenchmarkCapture("tiny", file: "tiny") {
    $0.packets = 100
    $0.live_connections = 5
  }

  /// The same with so much of its packets and connections.
  func scaled(by scale: Double) -> BenchmarkCapture {
    var scaled = self
    scaled.shape.packets = max(1, UInt64(Double(shape.packets) * scale))
    scaled.shape.live_connections = max(1, UInt32(Double(shape.live_connections) * scale))
    return scaled
  }
}
