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
  /// On something that did not come, and may still, or may not have been captured.
  case missing
  /// On all of the connection: what comes later may make something else of it.
  case whole
}
