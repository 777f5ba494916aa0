import Foundation

/// A comparison as the page that Tests/Benchmarks/RESULTS.md is.
struct ComparisonDocument {
  var machine: Machine
  var rounds: Int
  /// Of the sources, where git knows it.
  var commit: String?
  var date: Date
  var table: ComparisonTable

  var description: String {
    let day = date.formatted(.iso8601.year().month().day())
    let sources = commit.map { " at commit \($0)" } ?? ""
    let times = rounds == 1 ? "one round" : "medians of \(rounds) rounds"
    return """
      # Speed and memory

      What `make bench` found on \(day)\(sources): \(times), in which the programs ran in turn.

      \(machine.description)
      The floor is libpcap reading the same file with an empty `pcap_loop`: whoever reads through libpcap cannot be
      faster. Its start is not counted, that of the programs is. All read from memory. What writes a report writes
      it to a file; of the flood NDJSON and CSV are left out, since they would fill the disk. What a live connection takes is the
      peak of memory less that of a tiny capture, divided by the connections under way at one time; those that ended
      shortly before are in it too. The captures are synthetic, of a fixed seed, and cut at 96 bytes a frame where
      nothing else is said.

      \(table.description)
      """
  }

  /// The commit that the folder it runs in is at, and whether anything was changed since.
  static func currentCommit() -> String? {
    try? ChildProcess.firstLine(of: ["git", "describe", "--always", "--dirty", "--exclude=*"])
  }
}
