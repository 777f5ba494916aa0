import FlowTracker
import PacketParser
import Testing
import TraceScript
import TrackerProperties

/// Thousands of conversations whose true states are known.
struct SimulationTests {
  private static let seeds: Range<UInt64> = 0..<2_000

  /// All conversations, held once for all tests.
  private static let checks = Task {
    await withTaskGroup(of: [ConversationCheck].self) { group in
      for first in stride(from: seeds.lowerBound, to: seeds.upperBound, by: 100) {
        group.addTask { (first..<first + 100).map(ConversationCheck.init) }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  @Test func `the tracker tells what is true of every conversation`() async {
    for check in await Self.checks.value where !check.violations.isEmpty {
      Issue.record(Comment(rawValue: check.description))
    }
  }

  @Test func `header prediction changes nothing in any conversation`() {
    for seed in Self.seeds {
      let segments = Conversation(seed: seed).segments
      expectPredictionChangesNothing(segments, TrackedRun(segments), TrackerLimits())
    }
  }

  /// Copies that the capture makes of some frames leave the others as predictable as they were.
  @Test(arguments: [1, 3, 7])
  func `nor in any of which frames are copied`(stride: Int) {
    for seed in Self.seeds {
      let frames = Conversation(seed: seed).segments.enumerated()
      let segments = frames.flatMap { index, segment in
        (index + Int(seed)).isMultiple(of: stride) ? [segment, segment] : [segment]
      }
      expectPredictionChangesNothing(segments, TrackedRun(segments), TrackerLimits())
    }
  }

  @Test func `the simulator draws every arrow between states`() async throws {
    var arrows: [String: Int] = [:]
    for check in await Self.checks.value {
      for truth in check.conversation.truth {
        for (before, after) in zip(truth, truth.dropFirst()) {
          arrows["\(before.state.rawValue) -> \(after.state.rawValue)", default: 0] += 1
        }
      }
    }
    let lines = arrows.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
    try expectGolden(lines.joined(), "simulated-arrows.txt")
  }

  @Test func `a seed gives the same conversation again`() {
    for seed in Self.seeds.prefix(10) {
      #expect(Conversation(seed: seed).listing == Conversation(seed: seed).listing)
    }
  }

  @Test(arguments: Self.seeds.prefix(20))
  func `a listing without its comments is a script`(seed: UInt64) throws {
    let conversation = Conversation(seed: seed)
    var settings = ScriptSettings()
    settings.ipVersion = conversation.ends[0].address.version
    let segments = try Script(conversation.listing, settings: settings).segments
    #expect(segments.map(\.flags) == conversation.segments.map(\.flags))
    #expect(segments.map(\.packetLength) == conversation.segments.map(\.packetLength))
  }
}
