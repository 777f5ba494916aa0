import FlowTracker

/// `duplicate-frame`: the same frame more than once.
struct DuplicateFrame: Detector {
  static let rule = FindingRule(
    id: "duplicate-frame", severity: .note, title: "frames were captured more than once",
    condition: """
      The same segment again within ten milliseconds, the same in all that its sender chose, the IP \
      identification included.
      """,
    advice: """
      The capture sees the traffic in two places (both sides of a switch or router, `any` on a host), \
      or the network made copies. They are no retransmissions and are not counted as such.
      """,
    references: [])
  static let fact: SegmentFacts? = .duplicateFrame

  static func judge(_ subject: Subject) -> [Finding] {
    let seen = Side.allCases.compactMap { subject.sightings(of: .duplicateFrame, by: $0) }
    guard !seen.isEmpty else { return [] }
    let count = seen.reduce(0) { $0 + $1.count }
    // A SYN that comes late was held back by the network, and is told apart.
    let late = Side.allCases.reduce(0) { $0 + Int(subject[irregularities: $1].lateSYNs) }
    guard count > late else { return [] }
    return [
      Finding(
        rule, blame: .capture, frames: seen.flatMap { [$0.first, $0.last] },
        "\(Quantity.count(count, "frame")) of the connection \(count == 1 ? "is" : "are") in the "
          + "capture more than once.")
    ]
  }
}
