import CTraceGenerator
import Foundation
import TrackerProperties

/// Makes the captures that synfin is measured with, and measures it against the floor under it.
@main
enum Tool {
  static func main() {
    do {
      try run(CommandLine.arguments.dropFirst())
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ arguments: ArraySlice<String>) throws {
    var rest = arguments
    switch (rest.popFirst(), rest.popFirst()) {
    case (_, let option?) where option.hasPrefix("-"): print(usage)
    case ("generate", let path?): try generate(TraceFile(path: path), options: rest)
    case ("floor", let path?): try measureFloor(of: TraceFile(path: path))
    case ("measure", let synfin?):
      guard let captures = rest.popFirst() else { throw BenchmarkError("where are the captures?") }
      try MeasureCommand.run(synfin: synfin, captures: captures, options: rest)
    case ("count", let synfin?):
      guard let captures = rest.popFirst(), let book = rest.popFirst() else {
        throw BenchmarkError("where are the captures, and the book?")
      }
      let isGood = try CountCommand.run(
        synfin: synfin, captures: captures, book: book, options: rest)
      guard isGood else { exit(1) }
    case ("conversations", let count?): try hold(count, conversations: rest)
    default: print(usage)
    }
  }

  private static func generate(_ file: TraceFile, options: ArraySlice<String>) throws {
    let totals = try file.generate(ShapeOption.shape(from: options))
    print("packets \(totals.packets)")
    print("copies \(totals.copies)")
    print("connections \(totals.connections)")
    print("flood-packets \(totals.flood_packets)")
    print("bytes \(totals.bytes)")
  }

  private static func measureFloor(of file: TraceFile) throws {
    let cost = try file.measureFloor()
    print("packets \(cost.packets)")
    print("processor-seconds \(thousandths(cost.processor_seconds))")
    print("elapsed-seconds \(thousandths(cost.elapsed_seconds))")
  }

  /// Holds conversations and names the seeds of those for which a property fails; of a single one,
  /// all that happened.
  private static func hold(_ text: String, conversations options: ArraySlice<String>) throws {
    guard let count = UInt64(text), count > 0 else {
      throw BenchmarkError("how many conversations?")
    }
    let options = try CommandOptions(options, known: ["--seed"])
    let firstSeed = UInt64(try options.number("--seed", within: 0...1e15) ?? 0)
    if count == 1 { print(ConversationCheck(seed: firstSeed).description) }
    let run = ConversationRun(count: count, firstSeed: firstSeed)
    print("conversations \(count)")
    print("frames \(run.frames)")
    for property in ConversationProperty.allCases {
      let seeds = run.seeds[property] ?? []
      let first = seeds.prefix(40).map(String.init).joined(separator: " ")
      print("\(property.rawValue) \(seeds.count)\(seeds.isEmpty ? "" : ": seeds \(first)")")
    }
    guard run.isClean else { exit(1) }
  }

  private static func thousandths(_ seconds: Double) -> String {
    String(format: "%.3f", seconds)
  }

  private static var usage: String {
    let width = 2 + (ShapeOption.all.map(\.name.count).max() ?? 0)
    let options = ShapeOption.all.map { option in
      let padding = String(repeating: " ", count: width - option.name.count)
      return "  --\(option.name)\(padding)\(option.meaning)"
    }
    return """
      Benchmarks generate FILE [--OPTION NUMBER ...]   writes a synthetic capture
      Benchmarks floor FILE                            reads a capture with an empty pcap_loop
      Benchmarks conversations COUNT [--seed NUMBER]   holds simulated conversations against the truth
      Benchmarks measure SYNFIN FOLDER [--rounds NUMBER] [--scale SHARE] [--swift SWIFT]
          measures a synfin with the captures in a folder, which are written if they are missing
      Benchmarks count SYNFIN FOLDER BOOK [--update 1] [--swift SWIFT]
          counts instructions a packet with valgrind, and fails where they are more than the book says

      Without options: 8,000,000 packets snapped at 96 bytes, 50,000 connections at once.
      \(options.joined(separator: "\n"))
      """
  }
}
