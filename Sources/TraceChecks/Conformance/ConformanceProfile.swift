public import FlowAnalysis

/// A set of requirements that a connection can be held against, under a name.
public struct ConformanceProfile: Sendable, CustomStringConvertible {
  /// As an expectation names it: `rfc9293`.
  public let name: String
  public let title: String
  /// By RFC and section.
  public let requirements: [Requirement]

  public var description: String { title }

  /// All profiles that there are.
  public static let all = [rfc9293]

  /// The profile with a name; `nil` where there is none.
  public static func named(_ name: String) -> ConformanceProfile? {
    all.first { $0.name == name }
  }

  /// The requirements that a finding shows to be neglected.
  public func requirements(breachedBy finding: Finding) -> [Requirement] {
    requirements.filter { $0.isBreached(by: finding) }
  }
}
