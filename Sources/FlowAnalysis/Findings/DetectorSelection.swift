import FlowTracker

/// Which detectors may find something in a connection: those that find there what they need.
///
/// Of a hundred, most need what few connections have; so all are asked at once, by bits.
struct DetectorSelection {
  /// A bit for each place in the register.
  private typealias Places = UInt128

  /// Those that need no fact.
  private var withoutFact: Places = 0
  /// Those that need one, by what it is.
  private var byFact: [(fact: SegmentFacts, places: Places)] = []
  /// Those that need an aspect, by its bit.
  private var byAspect = InlineArray<8, Places>(repeating: 0)

  init(_ detectors: [any Detector.Type]) {
    precondition(detectors.count <= Places.bitWidth, "more detectors than a selection has bits")
    for (place, detector) in detectors.enumerated() {
      let bit: Places = 1 << place
      for aspect in 0..<8 where detector.needs.rawValue & 1 << UInt8(aspect) != 0 {
        byAspect[aspect] |= bit
      }
      if let fact = detector.fact {
        let known = byFact.firstIndex { $0.fact == fact }
        if let known { byFact[known].places |= bit } else { byFact.append((fact, bit)) }
      } else {
        withoutFact |= bit
      }
    }
  }

  /// Calls `body` with the places of those that may find something, in their order.
  func forEach(with aspects: Aspects, _ facts: SegmentFacts, _ body: (Int) -> Void) {
    var places = withoutFact
    for entry in byFact where facts.isSuperset(of: entry.fact) { places |= entry.places }
    for aspect in 0..<8 where aspects.rawValue & 1 << UInt8(aspect) == 0 {
      places &= ~byAspect[aspect]
    }
    while places != 0 {
      body(places.trailingZeroBitCount)
      places &= places &- 1
    }
  }
}
