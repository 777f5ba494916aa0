import CTraceGenerator
import Foundation

/// What figures were measured on, without which they say little.
struct Machine {
  var processor: String
  var cores: Int
  var memoryBytes: UInt64
  var kernel: String
  var libpcap: String
  var swift: String

  /// This machine, and the compiler that `swift` names.
  init(swift: String) throws {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    processor =
      model?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "unknown processor"
    cores = ProcessInfo.processInfo.activeProcessorCount
    memoryBytes = ProcessInfo.processInfo.physicalMemory
    let release = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    kernel =
      release.map { "Linux " + $0.trimmingCharacters(in: .newlines) }
      ?? ProcessInfo.processInfo.operatingSystemVersionString
    libpcap = TraceFile.libraryVersion
    self.swift = try ChildProcess.firstLine(of: [swift, "--version"])
  }

  /// A list in Markdown.
  var description: String {
    let gibibytes = String(format: "%.0f GiB", Double(memoryBytes) / 0x1p30)
    return """
      - \(processor), \(cores) \(cores == 1 ? "core" : "cores"), \(gibibytes) of memory
      - \(kernel)
      - \(libpcap)
      - \(swift)

      """
  }
}
