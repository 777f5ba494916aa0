import FlowAnalysis
import FlowTracker

extension FieldExpectation {
  func holds(for subject: CheckedReport) -> Truth {
    let value = field.value(subject)
    return condition.holds(for: value, subject.outlook(of: field.topic, value))
  }
}

extension ConnectionExpectation {
  /// What of a connection is not as expected, or may not be; `nil` where it is.
  func mismatch(in subject: CheckedReport) -> ExpectationResult.Mismatch? {
    switch self.subject {
    case .field(let field, let condition): mismatch(of: field, condition, in: subject)
    case .require(let rule):
      subject.report.findings.contains { $0.rule.id == rule.id }
        ? nil
        : mismatch(
          in: subject, found: "no \(rule.id)",
          doubt: subject.reason(subject.doubts(about: .findings)), frames: [])
    case .forbid(let rule):
      subject.report.findings.first { $0.rule.id == rule.id }.map { subject.mismatch(of: $0) }
    case .order(let order): mismatch(of: order, in: subject)
    }
  }

  private func mismatch(
    of field: ConnectionField, _ condition: Condition, in subject: CheckedReport
  ) -> ExpectationResult.Mismatch? {
    let value = field.value(subject)
    let truth = condition.holds(for: value, subject.outlook(of: field.topic, value))
    guard truth != .yes else { return nil }
    let doubt =
      truth == .unknown
      ? subject.reason(subject.doubts(about: field.topic))
      : field.excuse(for: condition, in: subject)
    return mismatch(
      in: subject, found: field.describe(value), doubt: doubt,
      frames: field.topic.frames(of: subject))
  }

  private func mismatch(
    of order: EventOrder, in subject: CheckedReport
  ) -> ExpectationResult.Mismatch? {
    let frames = order.frames(in: subject)
    guard !order.holds(frames) else { return nil }
    // What happened in another order stays so, whatever else did.
    let doubts = order.isInOrder(frames) ? order.doubts(in: subject) : []
    return mismatch(
      in: subject, found: order.describe(subject), doubt: subject.reason(doubts),
      frames: frames.compactMap { $0 }.sorted())
  }

  private func mismatch(
    in subject: CheckedReport, found: String, doubt: String?, frames: [Int]
  ) -> ExpectationResult.Mismatch {
    ExpectationResult.Mismatch(
      verdict: doubt == nil ? .fail : .undetermined, connection: subject.connection, found: found,
      doubt: doubt, frames: frames)
  }
}

extension ConnectionField {
  /// Why a value that is not as expected does not prove that it is not so.
  fileprivate func excuse(for condition: Condition, in subject: CheckedReport) -> String? {
    switch topic {
    case .lastState(let side)
    where subject.isInTimeWait(side)
      && condition.holds(for: .word(EndpointState.closed.name)) == .yes:
      return subject.reason([.endedEarly])
    case .states(let side), .lastState(let side):
      // Were what is presumed left away, it might be as expected, or go on so.
      let states = subject[side].states
      let proved = Array(states.prefix { $0.evidence != .presumed }.map(\.state.name))
      guard proved.count < states.count else { return nil }
      let isLast = if case .lastState = topic { true } else { false }
      let value: FieldValue = isLast ? FieldValue(proved.last) : .words(proved)
      let outlook: Outlook = isLast ? [] : .mayFollow
      guard condition.holds(for: value, outlook) != .no else { return nil }
      return
        "that the \(side.name) came to \(states[proved.count].state.name) is presumed, not proved"
    case .findings:
      let sure = subject.report.findings.filter { !$0.isCensored && $0.blame != .capture }
      guard sure.count < subject.report.findings.count, case .words = kind,
        condition.holds(for: .words(sure.map(\.rule.id)), [.mayLack]) != .no
      else { return nil }
      return "the capture itself could explain it"
    default: return nil
    }
  }
}

extension CheckedReport {
  /// A finding that is not to be there.
  func mismatch(of finding: Finding) -> ExpectationResult.Mismatch {
    ExpectationResult.Mismatch(
      verdict: finding.isCensored ? .undetermined : .fail, connection: connection,
      found: finding.rule.id,
      doubt: finding.isCensored ? "the capture itself could explain it" : nil,
      frames: finding.frames, finding: (finding.rule, finding.severity, finding.message))
  }
}

extension CaptureFinding {
  /// The finding where it is not to be.
  var mismatch: ExpectationResult.Mismatch {
    ExpectationResult.Mismatch(
      verdict: .fail, found: rule.id, frames: frames, finding: (rule, severity, message))
  }
}
