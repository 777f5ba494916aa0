import FlowTracker

/// The RST that ended an open connection whose sender had not closed it.
struct OpenReset {
  let mark: FrameMark
  let by: Side
  /// Payload bytes of both ends that were seen and not acknowledged.
  let outstanding: Int
  let cause: Cause

  /// What tells why it was sent.
  enum Cause: Equatable {
    /// Nothing does: its sender chose to.
    case choice
    /// It answers a segment as a host does that has no such connection (RFC 9293 §3.10.7.1).
    case noConnection
    /// Its sender had payload that it had not acknowledged, and most likely not read.
    case unreadPayload
    /// It answers what came after so many seconds of silence.
    case silence(seconds: Int)
  }

  init?(_ subject: Subject) {
    guard let reset = subject.report.close.reset, subject.report.close.kind == .reset,
      subject.wasOpen, subject.handshake.outcome == .complete || subject.hasData,
      !subject[reset.by].knows.contains(.fin),
      Side.allCases.contains(where: { subject.reached(.established, $0) })
    else { return nil }
    (mark, by) = reset
    outstanding = Side.allCases.reduce(0) { $0 + subject.unacknowledgedPayload(of: $1) }
    let isOpen = subject.history(of: by).timeline.contains {
      $0.state == .established && $0.evidence != .presumed
    }
    if let seconds = subject[irregularities: by.peer].secondsSilentBeforeReset {
      cause = .silence(seconds: seconds)
    } else if subject.closing.isAnswer, isOpen {
      cause = .noConnection
    } else if subject.closing.unreadPayload > 0 {
      cause = .unreadPayload
    } else {
      cause = .choice
    }
  }
}
