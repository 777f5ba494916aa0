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

  /// What there is to say of a connection that is over.
  static func judge(_ subject: Subject) -> [Finding]
}

extension Detector {
  static var needs: Aspects { [] }
  static var fact: SegmentFacts? { nil }
}
