import CChildProcess
import Foundation

/// A program that is run to its end, and what it writes.
struct ChildProcess {
  /// The program, by its path or its name, and what it is told.
  var arguments: [String]
  /// The files that its output and its complaints go into.
  var output = "/dev/null"
  var errors = "/dev/null"

  /// The first line that a program writes.
  static func firstLine(of arguments: [String]) throws -> String {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    _ = try ChildProcess(arguments: arguments, output: file.path).run()
    let text = try String(contentsOf: file, encoding: .utf8)
    return text.split(separator: "\n").first.map(String.init) ?? ""
  }

  /// Runs it; throws when it could not be run or did not end with exit status 0.
  func run() throws -> Cost {
    var cost = child_cost()
    var status: Int32 = 0
    var strings = unsafe arguments.map { unsafe strdup($0) }
    unsafe strings.append(nil)
    defer { unsafe strings.forEach { unsafe free($0) } }

    let error = unsafe child_run(strings, output, errors, &cost, &status)
    guard error == 0 else {
      let reason = unsafe String(cString: strerror(error))
      throw BenchmarkError("cannot run '\(arguments[0])': \(reason)")
    }
    guard status == 0 else {
      let line = arguments.joined(separator: " ")
      throw BenchmarkError("'\(line)' ended with status \(status)")
    }
    return Cost(
      processorSeconds: cost.processor_seconds, elapsedSeconds: cost.elapsed_seconds,
      peakBytes: cost.peak_bytes)
  }
}
