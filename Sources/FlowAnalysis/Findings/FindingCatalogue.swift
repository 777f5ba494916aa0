import FlowTracker

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

  /// Where each kind stands in `rules`.
  private static let places = Dictionary(
    uniqueKeysWithValues: rules.enumerated().map { (ObjectIdentifier($1), UInt8($0)) })

  /// Where a kind stands in `rules`.
  static func place(of rule: FindingRule) -> UInt8? { places[ObjectIdentifier(rule)] }

  private static let selection = DetectorSelection(Detectors.all)

  /// What there is to say of a connection, the worst first.
  ///
  /// Nothing is to be said of an ordinary one, so no detector need look at it. In a debug build all of
  /// them look all the same.
  static func findings(
    of subject: @autoclosure () -> Subject, isOrdinary: Bool
  ) -> [Finding] {
    if isOrdinary {
      assert(Detectors.all.allSatisfy { $0.judge(subject()).isEmpty })
      return []
    }
    let subject = subject()
    let detectors = Detectors.all
    var findings: [Finding] = []
    selection.forEach(with: subject.aspects, subject.facts) { place in
      let detector = detectors[place]
      guard subject.isOver || detector.ground.isTellingEarly else { return }
      var found = detector.judge(subject)
      guard !found.isEmpty else { return }
      if detector.ground.isOfWhatIsMissing {
        // It may be among the frames that were not captured.
        if subject.mayLackLostFrames { found = found.map { $0.censored(if: !$0.isCensored) } }
        for index in found.indices { found[index].mayBeRefuted = !subject.isOver }
      }
      if findings.isEmpty { findings = found } else { findings += found }
    }
    assert(
      overlooked(in: subject).isEmpty, "\(overlooked(in: subject)) need less than they say")
    return inOrderOfSeverity(findings)
  }

  /// What detectors would find that do not find what they need.
  private static func overlooked(in subject: Subject) -> [String] {
    var chosen: Set<Int> = []
    selection.forEach(with: subject.aspects, subject.facts) { chosen.insert($0) }
    return Detectors.all.enumerated().filter { place, detector in
      !chosen.contains(place) && !detector.judge(subject).isEmpty
    }.map { $1.rule.id }
  }

  /// The worst first; not sorted, since the order within a severity is the register's.
  private static func inOrderOfSeverity(_ findings: [Finding]) -> [Finding] {
    guard findings.count > 1,
      !findings.indices.allSatisfy({ findings[$0].severity == findings[0].severity })
    else { return findings }
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

  public init() {}

  public mutating func count(_ rule: FindingRule, _ severity: Finding.Severity, times: Int = 1) {
    guard let place = FindingCatalogue.place(of: rule) else { return }
    counts[Int(place)] += times
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
