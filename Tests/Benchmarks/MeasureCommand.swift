import Foundation

/// Measures a synfin, and whatever else is installed, with every capture of the benchmark.
enum MeasureCommand {
  static func run(synfin: String, captures: String, options: ArraySlice<String>) throws {
    let options = try CommandOptions(options, known: ["--rounds", "--scale", "--swift"])
    let rounds = Int(try options.number("--rounds", within: 1...1000) ?? 5)
    let scale = try options.number("--scale", within: 1e-6...1) ?? 1
    let folder = try CaptureFolder(path: captures)
    let commit = ComparisonDocument.currentCommit()
    let machine = try Machine(swift: options["--swift"] ?? "swift")

    let ways = Way.ofSynfin(at: synfin)
    let others = try usable(Way.ofOthers(on: ProcessInfo.processInfo.environment["PATH"]), folder)
    var table = ComparisonTable()
    func compare(_ captures: [BenchmarkCapture], _ ways: [Way]) throws {
      let comparison = Comparison(ways: ways, rounds: rounds, folder: folder, progress: tell)
      let restingBytes = try comparison.restingBytes()
      for capture in captures {
        table.append(
          try comparison.measure(capture.scaled(by: scale)), restingBytes: restingBytes)
      }
    }
    try compare(BenchmarkCapture.all, ways)
    if !others.isEmpty { try compare([.forOthers], ways + others) }
    print(
      ComparisonDocument(
        machine: machine, rounds: rounds, commit: commit, date: .now,
        table: table
      ).description, terminator: "")
  }

  /// Those that can read a capture at all, so that one that cannot does not end the others.
  private static func usable(_ ways: [Way], _ folder: CaptureFolder) throws -> [Way] {
    let tiny = try folder.capture(BenchmarkCapture.tiny.file, BenchmarkCapture.tiny.shape)
    return ways.filter { way in
      do {
        _ = try way.run(on: tiny, output: "/dev/null")
        return true
      } catch {
        tell("\(way.name) is left out: \(error)")
        return false
      }
    }
  }

  /// Progress is no part of the result.
  private static func tell(_ progress: String) {
    FileHandle.standardError.write(Data("\(progress)\n".utf8))
  }
}
