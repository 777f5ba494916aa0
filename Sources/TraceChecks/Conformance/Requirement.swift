public import FlowAnalysis
public import FlowTracker

/// A duty that an RFC lays on both ends of every connection, and whose neglect a capture can show.
public struct Requirement: Sendable, CustomStringConvertible {
  /// The number of the RFC: 9293.
  public let rfc: Int
  /// Its section, without the sign: `3.10.7.4`.
  public let section: String
  /// The number in Appendix B of RFC 9293, such as `MUST-58`; `nil` where there is none.
  ///
  /// Sentences that RFC 793 had before there was RFC 2119 have none, whatever words they use.
  public let label: String?
  public let strength: Strength
  /// What must be done, in a short sentence.
  public let duty: String
  /// The words of the RFC that say so.
  public let quote: String
  /// What shows that it was not done; any of them does.
  public let breaches: [Breach]

  /// How much weight the RFC gives to it.
  public enum Strength: UInt8, CaseIterable, Sendable {
    /// "MUST" or "MUST NOT", in capital letters or not.
    case must
    /// "SHOULD" or "SHOULD NOT", in the same way.
    case should
    /// Laid down as what is done, without either word.
    case rule

    public var name: String {
      switch self {
      case .must: "must"
      case .should: "should"
      case .rule: "rule"
      }
    }
  }

  /// A kind of finding, or a part of it, that shows a breach.
  public struct Breach: Sendable, Hashable {
    /// The finding's identifier.
    public let finding: String
    /// The reply that must be missing, where the finding is about one; `nil` for all others.
    public let reply: ReplyDuty?

    init(_ finding: String, reply: ReplyDuty? = nil) {
      self.finding = finding
      self.reply = reply
    }
  }

  init(
    _ rfc: Int, _ section: String, _ strength: Strength, label: String? = nil, _ duty: String,
    quote: String, shownBy breaches: [Breach]
  ) {
    self.rfc = rfc
    self.section = section
    self.label = label
    self.strength = strength
    self.duty = duty
    self.quote = quote
    self.breaches = breaches
  }

  /// Where it stands: `RFC 9293 §3.8.6.1 (MUST-36)`.
  public var reference: String {
    "RFC \(rfc) §\(section)" + (label.map { " (\($0))" } ?? "")
  }

  /// The same, and what it demands.
  public var description: String { "\(reference): \(duty)" }

  /// Whether a finding shows that somebody has neglected it; whom it blames and how sure it is, the finding
  /// says.
  public func isBreached(by finding: Finding) -> Bool {
    breaches.contains { $0.finding == finding.rule.id && $0.reply == finding.missingReply }
  }
}
