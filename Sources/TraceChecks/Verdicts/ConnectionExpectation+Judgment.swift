import FlowAnalysis
import FlowTracker

extension FieldExpectation {
  func holds(for subject: CheckedReport) -> Truth {
    let value = field.value(subject)
    return condition.holds(for: value, subject.outlook(of: field.topic, value))
  }
}

extension ConnectionExpectation {
  /// Whether a connection is as expected, as far as the capture tells.
  func holds(for subject: CheckedReport) -> Truth {
    switch self.subject {
    case .field(let field, let condition):
      let value = field.value(subject)
      let truth = condition.holds(for: value, subject.outlook(of: field.topic, value))
      return truth == .no && field.excuse(for: condition, in: subject) != nil ? .unknown : truth
    case .require(let rule):
      if subject.report.findings.contains(where: { $0.rule === rule }) { return .yes }
      return subject.doubts(about: .findings).isEmpty ? .no : .unknown
    case .forbid(let rule):
      guard let finding = subject.finding(rule) else { return .yes }
      return finding.isCensored ? .unknown : .no
    case .order(let order):
      let frames = order.frames(in: subject)
      if order.holds(frames) { return .yes }
      // What happened in another order stays so, whatever else did.
      return order.isInOrder(frames) && !order.doubts(in: subject).isEmpty ? .unknown : .no
    }
  }

  /// What of a connection is not as expected, or may not be, where that is so.
  func mismatch(in subject: CheckedReport) -> ExpectationResult.Mismatch {
    let isOpen = holds(for: subject) == .unknown
    var mismatch = ExpectationResult.Mismatch(
      verdict: isOpen ? .undetermined : .fail, connection: subject.connection, found: "")
    var doubts: [Doubt] = []
    switch self.subject {
    case .field(let field, let condition):
      mismatch.found = field.describe(field.value(subject))
      mismatch.frames = field.topic.frames(of: subject)
      mismatch.doubt = isOpen ? field.excuse(for: condition, in: subject) : nil
      doubts = subject.doubts(about: field.topic)
    case .require(let rule):
      mismatch.found = "no \(rule.id)"
      doubts = subject.doubts(about: .findings)
    case .forbid(let rule):
      if let finding = subject.finding(rule) { return subject.mismatch(of: finding) }
    case .order(let order):
      mismatch.found = order.describe(subject)
      mismatch.frames = order.frames(in: subject).compactMap { $0 }.sorted()
      doubts = order.doubts(in: subject)
    }
    if isOpen { mismatch.doubt = subject.reason(doubts) ?? mismatch.doubt }
    return mismatch
  }
}

extension CheckedReport {
  /// The first finding of a kind.
  fileprivate func finding(_ rule: FindingRule) -> Finding? {
    report.findings.first { $0.rule === rule }
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
