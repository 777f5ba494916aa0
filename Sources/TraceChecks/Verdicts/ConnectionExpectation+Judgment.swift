import FlowAnalysis
import FlowTracker

extension ConnectionExpectation {
  /// What of a connection is not as expected; `nil` where it is.
  func mismatch(in subject: CheckedReport) -> ExpectationResult.Mismatch? {
    switch self.subject {
    case .field(let field, let condition):
      let value = field.value(subject)
      guard !condition.holds(for: value) else { return nil }
      return mismatch(
        in: subject, found: field.describe(value),
        doubt: subject.doubts(about: field.topic).first { doubt in
          condition.mayHold(of: value, despite: doubt.cause, field.topic)
        }?.text ?? presumption(field, value, condition, subject),
        frames: field.topic.frames(of: subject))
    case .require(let rule):
      guard !subject.report.findings.contains(where: { $0.rule.id == rule.id }) else { return nil }
      return mismatch(
        in: subject, found: "no \(rule.id)", doubt: subject.doubts(about: .findings).first?.text,
        frames: [])
    case .forbid(let rule):
      guard let finding = subject.report.findings.first(where: { $0.rule.id == rule.id }) else {
        return nil
      }
      return subject.mismatch(of: finding)
    case .order(let order):
      guard !order.holds(for: subject) else { return nil }
      let frames = order.frames(in: subject).compactMap { $0 }.sorted()
      let isMissing = order.frames(in: subject).contains { $0 == nil }
      return mismatch(
        in: subject, found: order.describe(subject),
        doubt: isMissing ? subject.doubts(about: .close).first?.text : nil, frames: frames)
    }
  }

  private func mismatch(
    in subject: CheckedReport, found: String, doubt: String?, frames: [Int]
  ) -> ExpectationResult.Mismatch {
    ExpectationResult.Mismatch(
      verdict: doubt == nil ? .fail : .undetermined, connection: subject.connection, found: found,
      doubt: doubt, frames: frames)
  }

  /// Why the states that were found are not proved to be others than those expected.
  private func presumption(
    _ field: ConnectionField, _ value: FieldValue, _ condition: Condition, _ subject: CheckedReport
  ) -> String? {
    guard case .states(let side) = field.topic, case .words = value else { return nil }
    // Were what is presumed left away, it would be as expected or go on so.
    let proved = subject[side].states.prefix { $0.evidence != .presumed }.map(\.state.name)
    guard proved.count < subject[side].states.count,
      condition.holds(for: .words(proved))
        || condition.mayHold(of: .words(proved), despite: .endedEarly, field.topic)
    else { return nil }
    let state = subject[side].states[proved.count].state.name
    return "that the \(side.name) came to \(state) is presumed, not proved"
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
