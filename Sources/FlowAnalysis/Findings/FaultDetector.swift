import FlowTracker

/// A kind of finding that a single fact of an end's segments makes, for which as a rule that end is to
/// blame.
protocol FaultDetector: Detector {
  static func blame(for side: Side) -> Finding.Blame
  static func message(_ side: Side, _ seen: Sightings) -> String
}

extension FaultDetector {
  static var needs: Aspects { .irregular }

  static func blame(for side: Side) -> Finding.Blame { Finding.Blame(side) }

  static func judge(_ subject: Subject) -> [Finding] {
    guard let fact else { return [] }
    return Side.allCases.compactMap { side in
      subject.sightings(of: fact, by: side).map { seen in
        Finding(
          rule, blame: blame(for: side), frames: [seen.first, seen.last], message(side, seen))
      }
    }
  }
}
