import FlowTracker

/// `window-full`: a sender may send no more.
struct WindowFull: FaultDetector {
  static let rule = FindingRule(
    id: "window-full", severity: .note, title: "a sender filled the window",
    condition:
      "Payload that ends exactly where the window of its receiver does, which was not shut.",
    advice: """
      Whatever else the sender has must wait for the receiver. Where that is rare it is ordinary flow control; where it is not, \
      the window limits the speed: the program there reads slowly, or its buffer is too small for the way \
      between them (its size by the round trip is the speed at most).
      """,
    references: ["RFC 9293 §3.8.6", "RFC 7323 §2"])
  static let fact: SegmentFacts? = .fillsWindow

  static func blame(for side: Side) -> Finding.Blame { Finding.Blame(side.peer) }

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The \(side.name) filled the window of the \(side.peer.name) "
      + "\(Quantity.count(seen.count, "time")): it could send no more then."
  }
}
