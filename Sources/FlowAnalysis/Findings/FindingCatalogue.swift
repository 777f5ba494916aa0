/// All kinds of findings, and what they find.
public enum FindingCatalogue {
  /// Every kind, in the order in which findings of one severity are told.
  public static let rules = ofConnections + acrossConnections + ofCaptures
  /// The kinds that a single connection shows.
  public static let ofConnections: [FindingRule] = Detectors.all.map { $0.rule }
  /// The kinds that only many connections show together.
  public static let acrossConnections = CaptureRules.acrossConnections
  /// What the capture itself did to what it shows.
  public static let ofCaptures = CaptureRules.ofQuality

  /// What there is to say of a connection, the worst first.
  ///
  /// Nothing is to be said of an ordinary one, so no detector need look at it. In a debug build all of
  /// them look all the same.
  static func findings(of subject: @autoclosure () -> Subject, isOrdinary: Bool) -> [Finding] {
    if isOrdinary {
      assert(Detectors.all.allSatisfy { $0.judge(subject()).isEmpty })
      return []
    }
    let subject = subject()
    let aspects = subject.aspects
    var findings: [Finding] = []
    for detector in Detectors.all {
      if aspects.isSuperset(of: detector.needs) {
        findings += detector.judge(subject)
      } else {
        assert(detector.judge(subject).isEmpty, "\(detector.rule.id) needs less than it says")
      }
    }
    guard !findings.isEmpty else { return [] }
    // Not sorted, since the order within a severity is the register's.
    return Finding.Severity.allCases.reversed().flatMap { severity in
      findings.filter { $0.severity == severity }
    }
  }
}

/// How many findings of each kind a capture has.
public struct FindingCounts: Sendable {
  /// In the order of the catalogue.
  private var counts = [Int](repeating: 0, count: FindingCatalogue.rules.count)
  /// The worst severity of any; `nil` where there are none.
  public private(set) var worst: Finding.Severity?

  init() {}

  mutating func count(_ rule: FindingRule, _ severity: Finding.Severity) {
    guard let index = FindingCatalogue.rules.firstIndex(where: { $0.id == rule.id }) else {
      return
    }
    counts[index] += 1
    worst = max(worst ?? severity, severity)
  }

  /// Whether any is as bad as that, or worse.
  public func reach(_ severity: Finding.Severity) -> Bool {
    worst.map { $0 >= severity } ?? false
  }

  /// The kinds that there are, in the catalogue's order.
  public var byRule: [(rule: FindingRule, count: Int)] {
    zip(FindingCatalogue.rules, counts).filter { $1 > 0 }.map { ($0, $1) }
  }
}
