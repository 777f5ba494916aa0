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
    let client = subject.sightings(of: .duplicateFrame, by: .client)
    let server = subject.sightings(of: .duplicateFrame, by: .server)
    let count = (client?.count ?? 0) + (server?.count ?? 0)
    // A SYN that comes late was held back by the network, and is told apart.
    let late =
      Int(subject[irregularities: .client].lateSYNs)
      + Int(subject[irregularities: .server].lateSYNs)
    guard count > late else { return [] }
    return [
      Finding(
        rule, blame: .capture,
        frames: [client?.first, client?.last, server?.first, server?.last],
        "\(Quantity.count(count, "frame")) of the connection \(count == 1 ? "is" : "are") in the "
          + "capture more than once.")
    ]
  }
}
