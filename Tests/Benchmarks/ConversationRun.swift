import TraceScript
import TrackerProperties

/// Many simulated conversations, held against the properties of the tracker.
struct ConversationRun {
  private(set) var seeds: [ConversationProperty: [UInt64]] = [:]
  private(set) var frames = 0

  init(count: UInt64, firstSeed: UInt64) {
    for seed in firstSeed..<firstSeed + count {
      let check = ConversationCheck(seed: seed)
      frames += check.conversation.captured.count
      for violation in check.violations { seeds[violation.property, default: []].append(seed) }
    }
  }

  var isClean: Bool { seeds.isEmpty }
}
