import Foundation
import TraceScript

@testable import Benchmarks

/// The built benchmark tool, in a folder with programs that a test makes up.
struct BenchmarkTool {
  let folder: TemporaryFolder
  /// The folder that is its path; nothing else is found there.
  private let programs: String

  init() throws {
    folder = try TemporaryFolder()
    programs = folder.path + "/programs"
    try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
    try install("swift", "echo Swift version 7 of this test")
  }

  /// Puts a program of the shell on the path.
  func install(_ name: String, _ line: String) throws {
    _ = try folder.program("programs/" + name, line)
  }

  /// Runs it; gives what it writes, and whether it ended well.
  func run(_ arguments: String...) throws -> (output: String, errors: String, isGood: Bool) {
    let (output, errors) = (folder.path + "/output", folder.path + "/errors")
    let tool = BuiltProduct.program("Benchmarks").path
    let child = ChildProcess(
      arguments: ["/usr/bin/env", "PATH=\(programs)", tool] + arguments,
      output: output, errors: errors)
    let isGood = (try? child.run()) != nil
    return (
      try String(contentsOfFile: output, encoding: .utf8),
      try String(contentsOfFile: errors, encoding: .utf8), isGood
    )
  }
}
