import FlowTracker

/// How many connections ended how, in counters that are not reference-counted.
///
/// Indexed by raw values, as in `TraceSummary`.
struct OutcomeCounts: BitwiseCopyable {
  private(set) var connections = 0
  private(set) var handshakes = InlineArray<8, Int>(repeating: 0)
  private(set) var closes = InlineArray<8, Int>(repeating: 0)
  private(set) var closesOfOpened = InlineArray<8, Int>(repeating: 0)
  private(set) var endReasons = InlineArray<8, Int>(repeating: 0)

  mutating func count(_ brief: ConnectionBrief) {
    connections += 1
    handshakes[Int(brief.handshake.rawValue)] += 1
    closes[Int(brief.close.rawValue)] += 1
    if brief.handshake == .complete || brief.handshake == .unseen {
      closesOfOpened[Int(brief.close.rawValue)] += 1
    }
    endReasons[Int(brief.endReason.rawValue)] += 1
  }
}

extension TraceSummary {
  /// Takes over what was counted connection by connection.
  mutating func count(_ outcomes: OutcomeCounts) {
    connections = outcomes.connections
    for index in handshakes.indices { handshakes[index] = outcomes.handshakes[index] }
    for index in closes.indices { closes[index] = outcomes.closes[index] }
    for index in closesOfOpened.indices { closesOfOpened[index] = outcomes.closesOfOpened[index] }
    for index in endReasons.indices { endReasons[index] = outcomes.endReasons[index] }
  }
}
