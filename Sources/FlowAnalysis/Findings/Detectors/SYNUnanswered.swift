import FlowTracker
import PacketParser

/// `syn-unanswered`: nothing at all came back to a SYN.
struct SYNUnanswered: Detector {
  static let rule = FindingRule(
    id: "syn-unanswered", severity: .warning, title: "nothing answered the SYN",
    condition: """
      A SYN, then for at least a second of capture neither a TCP segment from the other end nor an \
      ICMP error that quotes it.
      """,
    advice: """
      The host is down, a filter on the way drops the SYN or its answer, or the answers take another \
      way than past the capture. Capture at the server: if the SYN arrives there, the answer is lost.
      """,
    references: ["RFC 9293 §3.8.3", "RFC 9293 §3.10.8"])
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.outcome == .unanswered, let syn = subject.handshake.syn,
      subject.captureWentOn(after: syn) >= Subject.retransmissionTime
    else { return [] }
    let last = subject.handshake.lastSYN ?? syn
    let repeats = subject.sightings(of: .repeatsSYN, by: .client)?.count ?? 0
    let often =
      repeats == 0
      ? "The SYN"
      : "The SYN, sent \(Quantity.count(repeats + 1)) times over "
        + "\(Quantity.duration(nanoseconds: last.time.nanoseconds(since: syn.time))),"
    return [
      Finding(
        rule, blame: .unknown, frames: [syn.frame, last.frame],
        "\(often) was never answered: the host is down, or something on the way drops it.")
    ]
  }
}
