import ArgumentParser
import FlowTracker

/// What the connections of a capture may take.
struct LimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep so many connections of a capture in memory at most; of more, the oldest half-open ones are put away first, then closed ones.",
      valueName: "number"))
  var maxConnections = TrackerLimits().maximumConnections

  @Option(
    help: ArgumentHelp(
      "Give the connections of a capture so much memory at most, as 512M or 2G.",
      valueName: "size"))
  var maxMemory: ByteCount?

  func validate() throws {
    // As many as four bytes can number, with room for those that have ended.
    guard 1...1_000_000_000 ~= maxConnections else {
      throw ValidationError("--max-connections takes a number from 1 to 1,000,000,000.")
    }
  }

  var limits: TrackerLimits {
    var limits = TrackerLimits()
    limits.maximumConnections = maxConnections
    if let maxMemory { limits.maximumMemory = maxMemory.bytes }
    return limits
  }
}

/// A number of bytes as people write it: `65536`, `64K`, `512M`, `2G`.
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let suffixes: [Character: Int] = ["K": 10, "M": 20, "G": 30, "T": 40]
    let shift = argument.last.flatMap { suffixes[Character($0.uppercased())] }
    let digits = shift == nil ? argument[...] : argument.dropLast()
    guard let number = Int(digits), number > 0, number <= Int.max >> (shift ?? 0) else {
      return nil
    }
    bytes = number << (shift ?? 0)
  }
}
