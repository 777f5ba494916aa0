import Testing
import TraceScript
import TrackerProperties

/// Thousands of conversations whose true states are known.
struct SimulationTests {
  @Test(arguments: 0..<8 as Range<UInt64>)
  func `the tracker tells what is true of every conversation`(part: UInt64) {
    for seed in part * 300..<(part + 1) * 300 {
      let check = ConversationCheck(seed: seed)
      guard !check.violations.isEmpty else { continue }
      Issue.record(Comment(rawValue: check.description))
    }
  }
}
