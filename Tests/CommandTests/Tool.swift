import Foundation
import Testing
import TraceScript

/// The built tool, which stands beside the test bundle.
enum Tool {
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
    var lines: [Substring] { output.split(separator: "\n", omittingEmptySubsequences: false) }
  }

  static let path = executable.path

  private static let executable = BuiltProduct.program("synfin")

  /// Runs the tool to its end.
  static func run(
    _ arguments: [String], input: [UInt8]? = nil, environment: [String: String] = [:],
    in folder: String? = nil
  ) throws -> Outcome {
    try run(executable, arguments, input: input, environment: environment, in: folder)
  }

  /// Runs a line of the shell in which `$SYNFIN` is the tool and `$TRAFFIC` opens connections.
  static func shell(_ line: String, in folder: String? = nil) throws -> Outcome {
    try run(
      URL(fileURLWithPath: "/bin/bash"), ["-o", "pipefail", "-c", line],
      environment: ["SYNFIN": path, "TRAFFIC": BuiltProduct.program("TrafficTool").path],
      in: folder)
  }

  private static func run(
    _ program: URL, _ arguments: [String], input: [UInt8]? = nil,
    environment: [String: String], in folder: String?
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    // The terminal of whoever runs the tests is not to show.
    let inherited = ProcessInfo.processInfo.environment.filter {
      !["NO_COLOR", "TERM", "COLUMNS"].contains($0.key)
    }
    process.environment = inherited.merging(environment) { $1 }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }

    // Files rather than pipes: nobody has to read while the tool writes.
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("synfin-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let (outputFile, errorFile) = (
      scratch.appendingPathComponent("out"), scratch.appendingPathComponent("err")
    )
    let inputFile = scratch.appendingPathComponent("in")
    try Data().write(to: outputFile)
    try Data().write(to: errorFile)
    try Data(input ?? []).write(to: inputFile)
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
  }
}
