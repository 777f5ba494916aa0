import Foundation

/// A way to go through a capture, with a program that can be measured.
struct Way {
  var name: String
  var program: String
  /// What the program is told, before the capture and behind it.
  var options: [String]
  var lastOptions: [String] = []
  /// Whether the output is written to a file, rather than to where it costs nothing.
  var writesFile = false
  /// Whether the output has a record of each connection.
  var writesRecords = false

  /// The ways to run the synfin at `program`.
  static func ofSynfin(at program: String) -> [Way] {
    [
      Way(
        name: "synfin, analysis only", program: program, options: ["--jobs", "1", "--limit", "0"]),
      Way(
        name: "the same on two cores", program: program, options: ["--jobs", "2", "--limit", "0"]),
      Way(name: "synfin, text", program: program, options: ["--jobs", "1"], writesFile: true),
      Way(
        name: "synfin, NDJSON", program: program, options: ["--jobs", "1", "--format", "ndjson"],
        writesFile: true, writesRecords: true),
      Way(
        name: "NDJSON on two cores", program: program,
        options: ["--jobs", "2", "--format", "ndjson"], writesFile: true, writesRecords: true),
      Way(
        name: "synfin, CSV", program: program, options: ["--jobs", "1", "--format", "csv"],
        writesFile: true, writesRecords: true),
    ]
  }

  /// Other programs that tell of the connections in a capture, as far as they are installed.
  static func ofOthers(on path: String?) -> [Way] {
    let known = [
      Way(
        name: "tshark -z conv,tcp", program: "tshark", options: ["-q", "-z", "conv,tcp", "-r"]),
      Way(name: "tcptrace", program: "tcptrace", options: []),
      Way(name: "argus", program: "argus", options: ["-r"], lastOptions: ["-w", "/dev/null"]),
    ]
    let folders = (path ?? "").split(separator: ":")
    return known.filter { way in
      folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(way.program)") }
    }
  }

  /// Runs the program on a capture; `output` is the file that may be written.
  func run(on capture: TraceFile, output: String) throws -> Cost {
    let arguments = [program] + options + [capture.path] + lastOptions
    return try ChildProcess(arguments: arguments, output: writesFile ? output : "/dev/null").run()
  }
}
