import FlowTracker
import PacketParser

/// `pmtu-black-hole`: what is large does not get through.
struct PathMTUBlackHole: Detector {
  static let rule = FindingRule(
    id: "pmtu-black-hole", severity: .warning, title: "large segments do not get through",
    condition: """
      A segment of at least 1,000 bytes is sent four times or more and never acknowledged, nor was any payload \
      of its end as large before; its peer goes on sending meanwhile.
      """,
    advice: """
      A link on the way is too narrow for it, and the ICMP errors that would say so are dropped. Let them \
      through (IPv4 "fragmentation needed", IPv6 "packet too big"), lower the MTU or clamp the MSS on the \
      tunnel, or set net.ipv4.tcp_mtu_probing on the sender.
      """,
    references: ["RFC 9293 §3.7.2", "RFC 2923 §2.1"])
  static let needs: Aspects = .irregular
  static let fact: SegmentFacts? = .timedRetransmission
  static let ground = Ground.missing

  private static let large = 1_000

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      let sent = subject[irregularities: side]
      let size = Int(sent.mostRepeatedEnd - sent.mostRepeated)
      guard sent.mostRepeats >= 3, size >= large,
        subject[side.peer].acknowledged <= sent.mostRepeated,
        subject[side].knows.contains(.initialSequence),
        Int(sent.mostRepeated - subject.history(of: side).initialSequence) <= size,
        let packets = sent.peerPacketsAtFirstRepeat, subject[side.peer].packets > packets,
        let seen = subject.sightings(of: .timedRetransmission, by: side)
      else { return nil }
      return Finding(
        rule, nil, .likely, blame: .network, frames: [seen.first, seen.last],
        "A segment of the \(side.name) with \(Quantity.count(size)) bytes never got through, while smaller "
          + "ones did."
      )
      .censored(if: subject.mayLackFrames)
    }
  }
}
