import FlowAnalysis
import FlowTracker
import PacketParser

/// Why a capture may not be able to decide what a connection did.
enum Doubt: Sendable {
  case beganLate
  case endedEarly
  /// Something in between was not captured.
  case incomplete
}

extension CheckedReport {
  /// What a field's value may be in truth.
  func outlook(of topic: Topic, _ value: FieldValue) -> Outlook {
    let doubts = doubts(about: topic)
    guard !doubts.isEmpty else { return [] }
    if case .unknown = value { return .mayBeOther }
    return switch topic {
    case .identity, .offer, .closeStep, .measures: []
    case .origin: .isHidden
    case .opening: doubts == [.beganLate] ? .isHidden : .mayBeOther
    case .closing, .lastState: .mayBeOther
    case .totals: .mayGrow
    case .states(let side) where isInTimeWait(side) && doubts == [.endedEarly]:
      // It may be closed since: whoever expects what was seen is right.
      [.mayFollow, .isHidden]
    case .states, .findings:
      doubts.reduce(into: Outlook()) { outlook, doubt in
        switch doubt {
        case .beganLate: outlook.insert(.mayPrecede)
        case .endedEarly: outlook.insert(.mayFollow)
        case .incomplete: outlook.insert(.mayLack)
        }
      }
    }
  }

  /// What may have hidden from the capture what is to be known of this topic.
  func doubts(about topic: Topic) -> [Doubt] {
    let late = beganLate ? [Doubt.beganLate] : []
    let early = !isOver && endsEarly ? [Doubt.endedEarly] : []
    let incomplete = hasGaps || report.isOneSided ? [Doubt.incomplete] : []
    switch topic {
    case .identity: return []
    case .origin: return late
    case .offer, .opening:
      return late + (isOpening && endsEarly ? [.endedEarly] : [])
        + (isOpening && report.isOneSided ? [.incomplete] : [])
    case .closing, .closeStep: return isOver ? [] : early + incomplete
    case .lastState: return isOver ? [] : early + incomplete
    case .states(let side):
      return late + (isInTimeWait(side) ? [.endedEarly] : early) + incomplete
    case .totals, .measures, .findings: return late + early + incomplete
    }
  }

  /// For people, why the capture cannot decide: `the capture ends 0.2 s after its last segment`.
  func reason(_ doubts: [Doubt]) -> String? {
    let reasons = doubts.map { doubt in
      switch doubt {
      case .beganLate: "the capture does not have its handshake"
      case .endedEarly: endText
      case .incomplete:
        hasGaps
          ? "the capture lacks \(Quantity.count(client.gapBytes + server.gapBytes, "byte")) of it"
          : "the capture has only one direction of it"
      }
    }
    return reasons.isEmpty ? nil : reasons.joined(separator: ", and ")
  }

  private var beganLate: Bool { handshake.outcome == .unseen }
  private var hasGaps: Bool { client.gaps + server.gaps > 0 }

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

  /// Its clock runs on when the capture does not.
  func isInTimeWait(_ side: Side) -> Bool {
    report.endReason == .captureEnded && self[side].states.last?.state == .timeWait
  }

  private var endsEarly: Bool {
    switch report.endReason {
    case .captureEnded: report.isCut || timeToEnd < patience
    case .tableFull, .tooManyHalfOpen: true
    case .closed, .idle, .replaced: false
    }
  }

  /// Nanoseconds from the latest step to the end of the capture.
  private var timeToEnd: Int64 {
    report.captureWentOnNanoseconds + report.last.time.nanoseconds(since: latestStep.mark.time)
  }

  private var endText: String {
    if report.endReason != .captureEnded { return "it was put away early, for want of room" }
    if report.isCut { return "the capture could not be read further" }
    if isOver { return "the capture ends before 2·MSL had passed" }
    return timeToEnd <= 0
      ? "the capture ends with \(latestStep.name)"
      : "the capture ends \(Quantity.duration(nanoseconds: timeToEnd)) after \(latestStep.name)"
  }

  /// What has waited for an answer since: while a connection opens, nothing but that comes.
  private var latestStep: (mark: FrameMark, name: String) {
    if handshake.outcome == .halfOpen, let synACK = handshake.synACK {
      return (synACK, "its SYN-ACK")
    }
    if handshake.outcome == .unanswered, let syn = handshake.syn { return (syn, "its SYN") }
    return (report.last, "its last segment")
  }
}
