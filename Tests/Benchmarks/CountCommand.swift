import Foundation

/// Counts the instructions that a synfin takes for a packet, and holds them against the book.
enum CountCommand {
  /// Returns whether all is well.
  static func run(
    synfin: String, captures: String, book path: String, options: ArraySlice<String>
  ) throws -> Bool {
    let options = try CommandOptions(options, known: ["--update", "--swift"])
    let swift = try ChildProcess.firstLine(of: [options["--swift"] ?? "swift", "--version"])
    let count = InstructionCount(synfin: synfin, folder: try CaptureFolder(path: captures))
    let counts = try CountedCapture.all.map { ($0.name, try count.perPacket(of: $0)) }

    if options["--update"] == "1" {
      // Tenths, so that what does not matter makes no difference in the file.
      let rounded = counts.map { ($0, ($1 * 10).rounded() / 10) }
      let known = Dictionary(uniqueKeysWithValues: rounded)
      try InstructionBook(swift: swift, instructionsPerPacket: known).write(to: path)
      print("\(path) is as counted")
      return true
    }
    let book = try InstructionBook(path: path)
    if book.swift != swift {
      print("The book was counted with another compiler, so some difference is to be expected:")
      print("  \(book.swift)\n  \(swift)")
    }
    let verdicts = counts.map { book.verdict(on: $1, of: $0) }
    print("Instructions a packet:")
    for ((name, count), verdict) in zip(counts, verdicts) {
      print("  \(name) \(String(format: "%.1f", count)) (\(verdict))")
    }
    return verdicts.allSatisfy(\.isGood)
  }
}
