import CTraceGenerator
import Foundation

/// Measures ways to go through captures against the floor under all of them.
struct Comparison {
  var ways: [Way]
  var rounds: Int
  var folder: CaptureFolder
  /// Told of each step, since the whole takes minutes.
  var progress: (String) -> Void

  /// The medians of one capture.
  struct Result {
    var capture: BenchmarkCapture
    var packets: UInt64
    var floor: Cost
    var ways: [(way: Way, cost: Cost)]
  }

  func measure(_ capture: BenchmarkCapture) throws -> Result {
    let ways = ways.filter { !($0.writesRecords && capture.hasTooManyToRecord) }
    let file = try folder.capture(capture.file, capture.shape)
    let output = "\(folder.path)/output"
    defer { try? FileManager.default.removeItem(atPath: output) }

    // Read once, so that all that are measured find it in memory.
    let packets = try file.measureFloor().packets
    var floors: [Cost] = []
    var costs = [[Cost]](repeating: [], count: ways.count)
    // In turn, so that whatever slows the machine for a while slows them all.
    for round in 1...rounds {
      progress("\(capture.name): round \(round) of \(rounds)")
      let floor = try file.measureFloor()
      floors.append(
        Cost(processorSeconds: floor.processor_seconds, elapsedSeconds: floor.elapsed_seconds))
      for (index, way) in ways.enumerated() {
        // Giving back what the last one has written is no part of this one's work.
        try? FileManager.default.removeItem(atPath: output)
        costs[index].append(try way.run(on: file, output: output))
      }
    }
    return Result(
      capture: capture, packets: packets, floor: Cost(medianOf: floors),
      ways: zip(ways, costs).map { ($0, Cost(medianOf: $1)) })
  }

  /// What each way, by its name, has in use for a capture that is as good as empty.
  func restingBytes() throws -> [String: UInt64] {
    let result = try measure(.tiny)
    return Dictionary(uniqueKeysWithValues: result.ways.map { ($0.name, $1.peakBytes ?? 0) })
  }
}
