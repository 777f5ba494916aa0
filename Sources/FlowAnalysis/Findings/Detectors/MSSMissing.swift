import FlowTracker
import PacketParser

/// `mss-missing`: a SYN without the option that all have.
struct MSSMissing: Detector {
  static let rule = FindingRule(
    id: "mss-missing", severity: .note, title: "a SYN has no maximum segment size",
    condition: "A SYN or SYN-ACK without the MSS option.",
    advice: """
      Its peer may send no more than 536 bytes of payload in a segment over IPv4, 1,220 over IPv6. \
      Scanners and very small stacks leave the option out.
      """,
    references: ["RFC 9293 §3.7.1"])

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let offer = subject.history(of: side).offer,
        !offer.mayHave(.maximumSegmentSize)
      else { return nil }
      return Finding(
        rule, blame: .init(side),
        frames: [side == .client ? subject.handshake.syn?.frame : subject.handshake.synACK?.frame],
        "The \(side.name) named no maximum segment size, so the \(side.peer.name) must send small "
          + "segments.")
    }
  }
}
