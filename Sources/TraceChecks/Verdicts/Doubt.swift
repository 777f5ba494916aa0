import FlowAnalysis
import FlowTracker
import PacketParser

/// Why a capture may not be able to decide what a connection did.
struct Doubt: Sendable {
  var cause: Cause
  /// For people: `the capture ends 0.2 s after its last segment`.
  var text: String

  enum Cause: Sendable {
    case beganLate
    case endedEarly
    /// Something in between was not captured.
    case incomplete
  }

  fileprivate init?(_ cause: Cause, _ text: String?) {
    guard let text else { return nil }
    self.cause = cause
    self.text = text
  }
}

extension CheckedReport {
  /// What may have hidden from the capture what is expected of this topic.
  func doubts(about topic: Topic) -> [Doubt] {
    let incomplete = Doubt(.incomplete, gaps ?? oneDirection)
    let late = Doubt(.beganLate, beganLate)
    let early = Doubt(.endedEarly, isOver ? nil : endedEarly)
    let doubts: [Doubt?] =
      switch topic {
      case .identity: []
      case .handshake:
        [
          late, Doubt(.endedEarly, isOpening ? endedEarly : nil),
          Doubt(.incomplete, oneDirection),
        ]
      case .close: [early, incomplete]
      case .states(let side): [late, early ?? Doubt(.endedEarly, timeWait(of: side)), incomplete]
      case .totals, .times, .findings: [late, early, incomplete]
      }
    return doubts.compactMap { $0 }
  }

  private var isOpening: Bool {
    handshake.outcome == .unanswered || handshake.outcome == .halfOpen
  }

  private var isOver: Bool {
    switch handshake.outcome {
    case .refused, .aborted, .rejected: true
    case .complete, .halfOpen, .unanswered, .unseen:
      close.outcome == .complete || close.outcome == .reset
    }
  }

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
