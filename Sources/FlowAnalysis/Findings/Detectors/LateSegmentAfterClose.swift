import FlowTracker

/// `late-segment-after-close`: the connection was over.
struct LateSegmentAfterClose: FaultDetector {
  static let rule = FindingRule(
    id: "late-segment-after-close", severity: .note, title: "payload came after the close",
    condition: """
      Payload on a connection both of whose FINs were acknowledged, other than on a SYN.
      """,
    advice: """
      An old copy that has wandered about in the network, or a host that goes on with a connection that \
      it has closed. TIME-WAIT is there so that such segments harm no later connection of the same \
      ports: do not shorten it.
      """,
    references: ["RFC 9293 §3.4.3", "RFC 9293 §3.6.1"])
  static let fact: SegmentFacts? = .payloadAfterClose

  static func blame(for side: Side) -> Finding.Blame { .unknown }

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "Payload of the \(side.name) came when the connection was closed in both directions."
  }
}
