import FlowTracker

/// `owed-reply-missing`: an end kept silent where it must answer.
struct OwedReplyMissing: Detector {
  static let rule = FindingRule(
    id: "owed-reply-missing", severity: .warning, title: "a reply that was due never came",
    condition: """
      A segment that its receiver must answer, and no answer for a second, or three and a round trip where it has \
      a way to go, though the capture goes on: an ACK for what is old, beyond the window, a probe, or a SYN, FIN \
      or RST that changes nothing; a RST for what comes in CLOSED or acknowledges another SYN. Where the segment \
      may have been lost before it came there, a note.
      """,
    advice: """
      Where the capture was taken at the silent end, its stack or a filter on that host does not do as TCP \
      must. Elsewhere the segment or its answer may have been lost, or a firewall drops what it takes for \
      invalid: capture at that end to know.
      """,
    references: [
      "RFC 9293 §3.5.2", "RFC 9293 §3.8.4", "RFC 9293 §3.8.6.1", "RFC 9293 §3.10.7", "RFC 5961 §3",
      "RFC 5961 §4", "RFC 5961 §7",
    ])
  static let needs: Aspects = .irregular
  static let ground = Ground.missing

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.filter { subject[$0].packets > 0 }.flatMap { side in
      subject.missingReplies(of: side).compactMap { reply, isSilent in
        guard !isToldOtherwise(reply.duty, of: side, isSilent: isSilent, subject) else {
          return nil
        }
        let certainty = certainty(of: reply, by: side, isSilent: isSilent, subject)
        // That the answer to one probe is missing tells nothing (RFC 9293 §3.8.4, MUST-29).
        let isOneProbe =
          (reply.duty == .keepAlive || reply.duty == .windowProbe) && reply.times == 1
        if isOneProbe, !isSilent, certainty == .possible { return nil }
        return finding(reply, of: side, certainty, subject)
      }
    }
  }

  private static func finding(
    _ reply: OwedReply, of side: Side, _ certainty: Finding.Certainty, _ subject: Subject
  ) -> Finding {
    let often = reply.times == 1 ? "" : " (\(Quantity.count(reply.times)) times)"
    var finding = Finding(
      rule, certainty == .possible ? .note : .warning, certainty,
      blame: certainty == .possible ? .unknown : .init(side), frames: [reply.first, reply.last],
      (certainty == .possible
        ? "The capture shows no \(reply.duty.answer) of the \(side.name)"
        : "The \(side.name) sent no \(reply.duty.answer)")
        + " in answer to \(reply.duty.cause)\(often), which \(reply.duty.reference) demands"
        + (certainty == .possible ? ": one of the two may have been lost." : "."))
    finding.missingReply = reply.duty
    return finding.censored(if: subject.mayLackFrames)
  }

  /// How sure it is that the segment has arrived, and was to be answered.
  private static func certainty(
    of reply: OwedReply, by side: Side, isSilent: Bool, _ subject: Subject
  ) -> Finding.Certainty {
    let vantage = subject.report.vantage
    let isThere = vantage?.provesArrival(at: side) ?? false
    let isNear = vantage.map { $0.isAt(side) } ?? false
    // It is alive, and what is lost by chance is not lost each time.
    let isHabit = reply.times >= 3 && !isSilent
    let certainty: Finding.Certainty =
      isThere ? .proven : isNear || isHabit ? .likely : .possible
    let isDoubtful =
      switch reply.duty {
      // Who does not follow RFC 5961 need not, and who does may limit their rate for all connections
      // together (§7).
      case .strayingSYN, .inexactReset: true
      // What has closed it may have been lost.
      case .segmentInClosed:
        subject.history(of: side).timeline.last.map { $0.evidence == .presumed } ?? true
      default: false
      }
    return isDoubtful ? certainty.lower : certainty
  }

  /// Whether another finding says what there is to say, or nothing is amiss.
  private static func isToldOtherwise(
    _ duty: ReplyDuty, of side: Side, isSilent: Bool, _ subject: Subject
  ) -> Bool {
    switch duty {
    case .keepAlive:
      if subject[irregularities: side.peer].unansweredProbes >= 3 { return true }
    // An attempt of its own; or an old stack has taken it (RFC 9293 §3.10.7.4, second and fourth).
    case .strayingSYN, .inexactReset:
      if isSilent || subject.report.endReason == .replaced { return true }
    case .segmentInClosed: return subject.state(of: side) != .closed
    default: break
    }
    guard isSilent else { return false }
    // `data-never-acked`, `fin-unacked`, `last-ack-missing`, `half-open-handshake`.
    let close = subject.report.close.outcome
    return subject.unacknowledgedPayload(of: side.peer) > 0 || close == .finUnacknowledged
      || close == .lastACKMissing || subject.handshake.outcome == .halfOpen
  }
}

extension Vantage {
  /// Whether it seems to be at an end.
  fileprivate func isAt(_ side: Side) -> Bool {
    at == .loopback || at == (side == .client ? .client : .server)
  }
}

extension ReplyDuty {
  /// What its end got.
  fileprivate var cause: String {
    switch self {
    case .unacceptableSegment: "a segment that was old or beyond its window"
    case .repeatedFIN: "a FIN that it had acknowledged and that came again"
    case .repeatedSYN: "a SYN that it had answered and that came again"
    case .strayingSYN: "a SYN on the open connection"
    case .inexactReset: "a RST that was in its window but not at the next byte"
    case .acknowledgmentOfUnsent: "an acknowledgment of what it had not sent"
    case .windowProbe: "a probe of its shut window"
    case .keepAlive: "a keep-alive"
    case .segmentInClosed: "a segment that came when it was in CLOSED"
    case .wrongACKInSYNSent: "an acknowledgment of something else than its SYN, in SYN-SENT"
    case .wrongACKInSYNReceived: "an acknowledgment of something else than its SYN, in SYN-RECEIVED"
    }
  }

  /// What it was to send.
  fileprivate var answer: String {
    switch self {
    case .unacceptableSegment, .repeatedFIN, .acknowledgmentOfUnsent, .windowProbe, .keepAlive:
      "ACK"
    case .repeatedSYN: "ACK or SYN-ACK"
    case .strayingSYN, .inexactReset: "challenge ACK"
    case .segmentInClosed, .wrongACKInSYNSent, .wrongACKInSYNReceived: "RST"
    }
  }

  /// Where that is demanded; Appendix B of RFC 9293 has no number for any of them.
  fileprivate var reference: String {
    switch self {
    case .unacceptableSegment, .repeatedFIN, .repeatedSYN: "RFC 9293 §3.10.7.4"
    case .strayingSYN: "RFC 9293 §3.10.7.4 (RFC 5961 §4.2)"
    case .inexactReset: "RFC 9293 §3.10.7.4 (RFC 5961 §3.2)"
    case .acknowledgmentOfUnsent: "RFC 9293 §3.10.7.4 (RFC 5961 §5.2)"
    case .windowProbe: "RFC 9293 §3.8.6.1"
    case .keepAlive: "RFC 9293 §3.10.7.4 (§3.8.4)"
    case .segmentInClosed: "RFC 9293 §3.10.7.1"
    case .wrongACKInSYNSent: "RFC 9293 §3.10.7.3"
    case .wrongACKInSYNReceived: "RFC 9293 §3.10.7.4"
    }
  }
}
