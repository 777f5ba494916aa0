import CTraceGenerator
import Foundation

/// Counts instructions with callgrind, which finds the same number each time.
struct InstructionCount {
  /// `TraceAnalyzer.ingest` by its mangled name; what it calls counts too.
  ///
  /// That is all that is done for a packet but reading it.
  private static let entry = "*TraceAnalyzerV6ingest*"

  var synfin: String
  var folder: CaptureFolder

  /// How many instructions a packet of the capture takes.
  func perPacket(of capture: CountedCapture) throws -> Double {
    let file = try folder.capture("counted-\(capture.name)", capture.shape)
    let log = "\(folder.path)/callgrind.log"
    let valgrind = [
      "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-file=\(log)",
      "--toggle-collect=\(Self.entry)",
    ]
    // Otherwise the table hashes with another seed in each run.
    let environment = ["env", "SWIFT_DETERMINISTIC_HASHING=1"]
    let program = [synfin, "--jobs", "1", "--limit", "0", file.path]
    _ = try ChildProcess(arguments: environment + valgrind + program).run()
    guard let count = Self.collected(in: try String(contentsOfFile: log, encoding: .utf8)) else {
      throw BenchmarkError("valgrind counted nothing in TraceAnalyzer.ingest; was it renamed?")
    }
    return Double(count) / Double(capture.shape.packets)
  }

  /// The number in callgrind's log, unless it is 0.
  static func collected(in log: String) -> UInt64? {
    let line = log.split(separator: "\n").first { $0.contains("Collected :") }
    let number = line?.split(separator: " ").last.flatMap { UInt64($0) }
    return number == 0 ? nil : number
  }
}
