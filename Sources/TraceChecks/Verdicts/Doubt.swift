import FlowAnalysis
import FlowTracker
import PacketParser

// Why a capture may not be able to decide what a connection did.
extension CheckedReport {
  /// What may have hidden from the capture what is expected of this topic; `nil` where nothing has.
  func doubt(about topic: Topic) -> String? {
    switch topic {
    case .identity: nil
    case .handshake:
      beganLate ?? (wasOpened ? nil : endedEarly) ?? oneDirection
    case .close: (isClosed ? nil : endedEarly) ?? gaps ?? oneDirection
    case .states(let side):
      beganLate ?? (isClosed ? timeWait(of: side) : endedEarly) ?? gaps ?? oneDirection
    case .traffic, .findings:
      beganLate ?? (isClosed ? nil : endedEarly) ?? gaps ?? oneDirection
    }
  }

  private var wasOpened: Bool { handshake.outcome == .complete }
  private var isClosed: Bool { close.outcome == .complete || close.outcome == .reset }

  private var beganLate: String? {
    handshake.outcome == .unseen ? "the capture does not have its handshake" : nil
  }

  private var endedEarly: String? {
    switch report.endReason {
    case .captureEnded:
      if report.isCut { return "the capture could not be read further" }
      let (mark, name) = latestStep
      let time = report.captureWentOnNanoseconds + report.last.time.nanoseconds(since: mark.time)
      guard time < patience else { return nil }
      return time <= 0
        ? "the capture ends with \(name)"
        : "the capture ends \(Quantity.duration(nanoseconds: time)) after \(name)"
    case .tableFull, .tooManyHalfOpen:
      return "it was put away early, for want of room"
    case .closed, .idle, .replaced: return nil
    }
  }

  /// What has waited for an answer since: while a connection opens, nothing but that comes.
  private var latestStep: (mark: FrameMark, name: String) {
    if handshake.outcome == .halfOpen, let synACK = handshake.synACK {
      return (synACK, "its SYN-ACK")
    }
    if handshake.outcome == .unanswered, let syn = handshake.syn { return (syn, "its SYN") }
    return (report.last, "its last segment")
  }

  /// Its clock runs on when the capture does not.
  private func timeWait(of side: Side) -> String? {
    guard report.endReason == .captureEnded, self[side].states.last?.state == .timeWait else {
      return nil
    }
    return "the capture ends before 2·MSL had passed"
  }

  private var gaps: String? {
    let bytes = client.gapBytes + server.gapBytes
    guard client.gaps + server.gaps > 0 else { return nil }
    return "the capture lacks \(Quantity.count(bytes, "byte")) of it"
  }

  private var oneDirection: String? {
    report.isOneSided ? "the capture has only one direction of it" : nil
  }
}
