import FlowTracker

/// `fin-moved`: the end of a stream is not where it was.
struct FINMoved: FaultDetector {
  static let rule = FindingRule(
    id: "fin-moved", severity: .error, title: "a FIN came at another place",
    condition: """
      A later FIN of an end whose sequence number is not that of its first one.
      """,
    advice: """
      The end of a stream cannot move. Somebody has forged one of the two FINs, a device on the way has \
      changed the stream, or the stack is broken; the receiver believes whichever it takes first.
      """,
    references: ["RFC 9293 §3.4", "RFC 9293 §3.6"])
  static let fact: SegmentFacts? = .movesFIN

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The \(side.name) sent a FIN again, but at another place of its stream than before."
  }
}
