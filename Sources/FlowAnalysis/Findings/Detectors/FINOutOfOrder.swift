import FlowTracker

/// `fin-out-of-order`: the end of a stream came before the rest of it.
struct FINOutOfOrder: FaultDetector {
  static let rule = FindingRule(
    id: "fin-out-of-order", severity: .note, title: "a FIN came before all data",
    condition: "The first FIN of an end comes while bytes before it have not been seen.",
    advice: """
      Its receiver keeps it until the rest has come, so the direction is still open at that moment. Look for \
      what was lost or overtaken.
      """,
    references: ["RFC 9293 §3.10.7.4"])
  static let fact: SegmentFacts? = .finAheadOfData

  static func blame(for side: Side) -> Finding.Blame { .network }

  static func message(_ side: Side, _ seen: Sightings) -> String {
    "The FIN of the \(side.name) came before all the data that it closes."
  }
}
