import CTraceGenerator

/// A small capture of which the instructions are counted.
struct CountedCapture {
  var name: String
  var shape: trace_shape

  private init(_ name: String, _ change: (inout trace_shape) -> Void = { _ in }) {
    self.name = name
    shape = trace_shape_of_benchmark()
    shape.packets = 200_000
    shape.live_connections = 2_000
    change(&shape)
  }

  static let all = [
    CountedCapture("ordinary"),
    CountedCapture("long") {
      $0.live_connections = 50
      $0.mean_packets = 2_000
    },
    CountedCapture("lossy") {
      $0.loss = 0.05
      $0.reorder = 0.05
    },
  ]
}
