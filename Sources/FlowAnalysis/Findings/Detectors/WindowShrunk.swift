import FlowTracker

/// `window-shrunk`: a receiver took back what it had offered.
struct WindowShrunk: FaultDetector {
  static let rule = FindingRule(
    id: "window-shrunk", severity: .warning, title: "a window shrank",
    condition: """
      The right edge of an end's window (what it acknowledges and the window) moves to the left by 256 bytes at \
      least, and by the unit of its scale, after the handshake.
      """,
    advice: """
      What the peer has sent in good faith may now be dropped. Strongly discouraged, and seen of hosts that \
      run out of memory, and of devices that change windows to slow a sender down.
      """,
    references: ["RFC 9293 §3.8.6", "RFC 7323 §2.4"])
  static let fact: SegmentFacts? = .shrinksWindow

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The \(side.name) took back a part of its window \(Quantity.count(seen.count, "time"))."
  }
}
