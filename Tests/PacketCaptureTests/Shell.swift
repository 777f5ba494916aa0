import Foundation
import TraceScript

/// Whether the tests may make networks, capture on them, and mount disks: as root, if no container forbids it.
let isPrivileged = (try? shell("unshare --net --mount ip link set lo up").status) == 0

/// Runs a script of the shell in which `$TOOL` is the tool that captures, and tells what it wrote anywhere.
func shell(_ script: String, _ arguments: [String] = []) throws -> (status: Int32, output: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["-c", script, "bash"] + arguments
  process.environment = ProcessInfo.processInfo.environment.merging([
    "TOOL": BuiltProduct.program("CaptureTool").path
  ]) { $1 }
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  pipe.fileHandleForWriting.closeFile()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, String(decoding: output, as: UTF8.self))
}
