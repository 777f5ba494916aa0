import FlowTracker

/// One kind of finding: what it is, and when a connection shows it.
///
/// A detector keeps no memory: what it judges is all in the connection and in what surrounds it.
protocol Detector: SendableMetatype {
  static var rule: FindingRule { get }

  /// Where one of these is missing, there is nothing to find, and `judge` is not asked.
  static var needs: Aspects { get }

  /// Where no segment is one of which this was true, there is nothing to find either.
  static var fact: SegmentFacts? { get }

  /// What its findings rest on.
  static var ground: Ground { get }

  /// What there is to say of a connection.
  static func judge(_ subject: Subject) -> [Finding]
}

extension Detector {
  static var needs: Aspects { [] }
  static var fact: SegmentFacts? { nil }
  static var ground: Ground { .seen }
}

/// What a finding rests on: whether it can be told before its connection is over, and what a capture that
/// has lost frames makes of it.
enum Ground {
  /// On frames that were seen: it stays true whatever comes later.
  case seen
  /// On something that did not come in its time, or was not captured: it is told when that time is over, and taken
  /// back where it comes after all.
  case missing
  /// The same, but nothing is amiss before the connection is over.
  case missingInTheEnd
  /// On all of the connection: what comes later may make something else of it.
  case whole

  /// There is something to tell of a connection that is alive.
  var isTellingEarly: Bool { self == .seen || self == .missing }
  var isOfWhatIsMissing: Bool { self == .missing || self == .missingInTheEnd }
}
