import FlowTracker
import PacketParser

/// How much faster the clock of one capture goes than that of another.
///
/// It shows in the shortest delays: where the clock of `b` gains, it seems more and more ahead, whichever
/// way segments go. A queue that builds up makes the one way longer and leaves the other alone.
struct ClockDrift {
  static let none = ClockDrift(gain: 0, origin: Timestamp(nanoseconds: 0))

  /// By how much it gains in a unit of time.
  let gain: Double
  private let origin: Timestamp

  private init(gain: Double, origin: Timestamp) {
    self.gain = gain
    self.origin = origin
  }

  /// By how much it has gained since the first segment, in nanoseconds.
  func ahead(at time: Timestamp) -> Int64 {
    guard gain != 0 else { return 0 }
    return Int64(Double(time.nanoseconds(since: origin)) * gain)
  }

  // MARK: - The estimate

  /// A capture is looked at in so many parts, and so many at least must show something.
  private static let parts = 32
  private static let partsNeeded = 8
  /// Quartz clocks differ by some tens of millionths; what is more is something else.
  private static let greatestGain = 0.001
  /// What is gained in all and is less than this does not matter.
  private static let leastAhead = 1_000_000.0

  /// The moments (on the clock of `a`) and by how much the clock of `b` was ahead, of segments that went
  /// to `b` and of those that came from there.
  struct Samples {
    fileprivate var toB: [(time: Int64, ahead: Int64)] = []
    fileprivate var toA: [(time: Int64, ahead: Int64)] = []

    mutating func add(_ matching: SegmentMatching, _ travel: Travel) {
      for index in matching.a.indices {
        guard let partner = matching.partnerInB[index] else { continue }
        let sample = (
          matching.a[index].mark.time.nanoseconds, matching.delay(index, partner)
        )
        if travel == .aToB { toB.append(sample) } else { toA.append(sample) }
      }
    }
  }

  /// The drift that both ways show alike; none where they do not, or hardly.
  init(_ samples: Samples) {
    self = .none
    let times = samples.toB.map(\.time) + samples.toA.map(\.time)
    guard let first = times.min(), let last = times.max(),
      case let (span, overflows) = last.subtractingReportingOverflow(first), !overflows, span > 0,
      let toB = Self.slope(samples.toB, since: first, span, longerIsMore: true),
      let toA = Self.slope(samples.toA, since: first, span, longerIsMore: false)
    else { return }
    let gain = (toB + toA) / 2
    guard toB * toA > 0, abs(toB - toA) < abs(gain) / 4, abs(gain) <= Self.greatestGain,
      abs(gain) * Double(span) >= Self.leastAhead
    else { return }
    self.init(gain: gain, origin: Timestamp(nanoseconds: first))
  }

  /// How the shortest delays of the parts grow: the median over all pairs of parts (Theil and Sen).
  private static func slope(
    _ samples: [(time: Int64, ahead: Int64)], since first: Int64, _ span: Int64,
    longerIsMore: Bool
  ) -> Double? {
    var shortest = [(time: Int64, ahead: Int64)?](repeating: nil, count: parts)
    for sample in samples {
      let part = min(parts - 1, Int(Double(sample.time - first) / Double(span) * Double(parts)))
      guard let known = shortest[part] else {
        shortest[part] = sample
        continue
      }
      if (sample.ahead < known.ahead) == longerIsMore { shortest[part] = sample }
    }
    let points = shortest.compactMap { $0 }
    guard points.count >= partsNeeded else { return nil }
    var slopes: [Double] = []
    for (index, point) in points.enumerated() {
      for later in points[(index + 1)...] where later.time > point.time {
        slopes.append(
          Double(later.ahead - point.ahead) / Double(later.time - point.time))
      }
    }
    slopes.sort()
    return slopes.isEmpty ? nil : slopes[slopes.count / 2]
  }
}
