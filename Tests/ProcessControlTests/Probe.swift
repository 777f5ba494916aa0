import Foundation
import TraceScript

/// The probe beside the test bundle, run by lines of the shell.
struct Probe {
  struct Outcome {
    var status: Int32
    var output: String
    var lines: [Substring] { output.split(separator: "\n") }
  }

  private let folder: TemporaryFolder

  /// A copy of the probe, since other users may not see where it was built.
  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.program("probe", copyOf: BuiltProduct.program("ProcessProbe").path)
  }

  /// Runs lines of bash in which `$PROBE` is the probe, in a folder of their own.
  func shell(_ lines: String, environment: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["120", "bash", "-c", lines]
    let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SUDO_") }
    process.environment =
      inherited.merging(environment) { $1 }
      .merging(["PROBE": folder.path + "/probe"]) { $1 }
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let path = try folder.file("output-\(UUID().uuidString)", [])
    let output = FileHandle(forWritingAtPath: path)
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: try String(contentsOfFile: path, encoding: .utf8))
  }
}
