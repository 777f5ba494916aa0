import FlowTracker

/// `retransmission-differs`: the same bytes were others.
struct RetransmissionDiffers: FaultDetector {
  static let rule = FindingRule(
    id: "retransmission-differs", severity: .error, title: "bytes came again as others",
    condition: """
      Payload at a sequence number where other payload has come before, among the latest 4,000 segments or so \
      of the capture: the first eight bytes differ, or of segments of one length, captured whole, the sums.
      """,
    advice: """
      A receiver takes the one or the other, and whoever watches may see what it does not: somebody injects \
      answers in the server's name (compare time to live and identification) or evades a detection system. \
      Else a device on the way changes the payload, or the sender's stack is broken.
      """,
    references: ["RFC 9293 §3.4", "RFC 2525 §2.4"])
  static let fact: SegmentFacts? = .repeatsOtherwise

  static func blame(for side: Side) -> Finding.Blame { .unknown }

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "\(Quantity.count(seen.count, "segment")) in the \(side.name)'s name brought other bytes than had come "
      + "with the same numbers before."
  }
}
