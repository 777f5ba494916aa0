import FlowTracker
import PacketParser

/// `data-after-fin`: an end sends more than it said it would.
struct DataAfterFIN: Detector {
  static let rule = FindingRule(
    id: "data-after-fin", severity: .error, title: "data followed a FIN",
    condition: "Payload of an end at or above the sequence number of its FIN.",
    advice: """
      A FIN is the last thing in a direction, and the receiver drops what is behind it. The stack is broken, a \
      device on the way has forged the FIN or the data, or two connections have been mixed up.
      """,
    references: ["RFC 9293 §3.6", "RFC 9293 §3.10.2"])
  static let needs: Aspects = [.irregular, .fin]
  static let fact: SegmentFacts? = .dataAfterFIN

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard subject[side].knows.contains(.fin),
        let seen = subject.sightings(of: .dataAfterFIN, by: side),
        // Where its peer has taken what is behind the FIN, that one is not the end's.
        subject[side.peer].acknowledged <= subject.history(of: side).finSequence + 1
      else { return nil }
      return Finding(
        rule, blame: .init(side),
        frames: [subject.history(of: side).fin?.frame, seen.first, seen.last],
        "The \(side.name) sent data behind its own FIN: nobody will read it.")
    }
  }
}
