public import FlowAnalysis
import FlowTracker
import PacketParser

/// One respect in which two connections that correspond differ.
public struct ConnectionDifference: Sendable {
  /// A value, as records have it.
  public enum Value: Equatable, Sendable {
    case none
    case word(String)
    case words([String])
    case number(UInt64)
    case bytes(UInt64)
    case duration(nanoseconds: Int64)
  }

  /// The name of the field in the records of connections, such as `handshake.outcome`.
  public var aspect: String
  public var a: Value
  public var b: Value
  /// The frames that show it in either capture; empty where no single ones do.
  public var frames: (a: [Int], b: [Int])
}

/// A finding that one of two connections that correspond has, and the other has not.
public struct FindingDifference: Sendable {
  public var finding: Finding
  /// It is in the second capture, not in the first.
  public var isNew: Bool
}

/// What differs between two connections.
struct ConnectionComparison {
  private let a: ConnectionReport
  private let b: ConnectionReport
  private let tolerance: Tolerance
  /// What is the client in one is the server in the other, as where both opened at once.
  private let rolesDiffer: Bool
  private(set) var differences: [ConnectionDifference] = []
  private(set) var findings: [FindingDifference] = []

  init(
    _ a: ConnectionReport, _ b: ConnectionReport, _ mode: Comparison.Mode, _ tolerance: Tolerance
  ) {
    self.a = a
    self.b = b
    self.tolerance = tolerance
    rolesDiffer = mode == .sameTraffic && Self.rolesDiffer(a, b)
    compareHandshakes()
    compareCloses(mode)
    for side in Side.allCases { compareStates(side, mode) }
    // What was seen of the network and how long it took depends on the place.
    guard mode == .beforeAndAfter else { return }
    for side in Side.allCases { compareOffers(side) }
    for side in Side.allCases { compareTraffic(side) }
    compareTimes()
    compareFindings()
  }

  static func rolesDiffer(_ a: ConnectionReport, _ b: ConnectionReport) -> Bool {
    a.client != b.client && a.client == b.server && a.server == b.client
  }

  /// The end of `b` that is this one of `a`.
  private func sideInB(_ side: Side) -> Side { rolesDiffer ? side.peer : side }

  private mutating func note(
    _ aspect: String, _ one: ConnectionDifference.Value, _ other: ConnectionDifference.Value,
    _ frames: (a: [FrameMark?], b: [FrameMark?]) = ([], [])
  ) {
    guard one != other else { return }
    differences.append(
      ConnectionDifference(
        aspect: aspect, a: one, b: other,
        frames: (Self.numbers(of: frames.a), Self.numbers(of: frames.b))))
  }

  private static func numbers(of marks: [FrameMark?]) -> [Int] {
    var numbers: [Int] = []
    for mark in marks {
      if let mark, !numbers.contains(mark.frame) { numbers.append(mark.frame) }
    }
    return numbers.sorted()
  }

  // MARK: - Open and close

  private mutating func compareHandshakes() {
    let (one, other) = (a.handshake, b.handshake)
    let frames = (
      a: [one.syn, one.synACK, one.ack, one.rejection],
      b: [other.syn, other.synACK, other.ack, other.rejection]
    )
    note("handshake.kind", .word(one.kind.name), .word(other.kind.name), frames)
    note("handshake.outcome", .word(one.outcome.name), .word(other.outcome.name), frames)
  }

  private mutating func compareCloses(_ mode: Comparison.Mode) {
    let (one, other) = (a.close, b.close)
    func side(_ side: Side?) -> ConnectionDifference.Value {
      .side(side.map { sideInB($0) })
    }
    let frames = (a: Self.frames(of: a), b: Self.frames(of: b))
    note("close.kind", .word(one.kind.name), .word(other.kind.name), frames)
    note("close.outcome", .word(one.outcome.name), .word(other.outcome.name), frames)
    // Of FINs that cross, each is the first near its sender.
    let cross = mode == .sameTraffic && one.kind == .simultaneous && other.kind == .simultaneous
    if !cross { note("close.first", .side(one.first), side(other.first), frames) }
    note("close.reset.by", .side(one.reset?.by), side(other.reset?.by), frames)
  }

  private static func frames(of report: ConnectionReport) -> [FrameMark?] {
    [report[.client].fin, report[.server].fin, report.close.reset?.mark]
  }

  private mutating func compareOffers(_ side: Side) {
    guard let one = a[side].offer, let other = b[side].offer else { return }
    let handshakes = (a.handshake, b.handshake)
    let frames =
      side == .client
      ? (a: [handshakes.0.syn], b: [handshakes.1.syn])
      : (a: [handshakes.0.synACK], b: [handshakes.1.synACK])
    let path = "handshake.options.\(side.name)"
    func number(_ offer: HandshakeOffer, _ option: TCPOptionSet, _ value: UInt64)
      -> ConnectionDifference.Value
    {
      offer.present.contains(option) ? .number(value) : .none
    }
    note(
      "\(path).mss", number(one, .maximumSegmentSize, UInt64(one.maximumSegmentSize)),
      number(other, .maximumSegmentSize, UInt64(other.maximumSegmentSize)), frames)
    note(
      "\(path).window_scale", number(one, .windowScale, UInt64(one.windowScale)),
      number(other, .windowScale, UInt64(other.windowScale)), frames)
    let flags: [(String, TCPOptionSet)] = [
      ("sack_permitted", .sackPermitted), ("timestamps", .timestamps),
      ("fast_open_cookie", [.fastOpen, .experimentalFastOpen]), ("md5_signature", .md5Signature),
      ("authentication", .authentication), ("multipath", .multipath),
    ]
    for (name, option) in flags {
      note(
        "\(path).\(name)", .presence(!one.present.isDisjoint(with: option)),
        .presence(!other.present.isDisjoint(with: option)), frames)
    }
  }

  // MARK: - States

  private mutating func compareStates(_ side: Side, _ mode: Comparison.Mode) {
    let (one, other) = (Self.path(a[side].states), Self.path(b[sideInB(side)].states))
    guard one.map(\.state) != other.map(\.state) else { return }
    // What one place presumes another may know better.
    if mode == .sameTraffic, Self.agree(one, other) { return }
    let common = zip(one, other).prefix { $0.state == $1.state }.count
    func frames(_ path: [Transition]) -> [FrameMark?] {
      path.dropFirst(common).prefix(1).filter { $0.frame > 0 }
        .map { FrameMark(frame: $0.frame, time: $0.time) }
    }
    note(
      "states.\(side.name)", .words(one.map(\.state.name)), .words(other.map(\.state.name)),
      (frames(one), frames(other)))
  }

  /// The states that frames have brought about: what a timer does depends on how long one looks.
  private static func path(_ states: Timeline) -> [Transition] {
    states.filter { $0.evidence != .timer }
  }

  /// Whether two paths are the same but for states that are presumed or implied.
  private static func agree(_ one: [Transition], _ other: [Transition]) -> Bool {
    func isUnsure(_ transition: Transition) -> Bool {
      transition.evidence == .presumed || transition.evidence == .implied
    }
    // `agrees[index]`: whether what has come of `one` agrees with so much of `other`.
    var agrees = [Bool](repeating: false, count: other.count + 1)
    for row in 0...one.count {
      var next = [Bool](repeating: false, count: other.count + 1)
      for index in 0...other.count {
        next[index] =
          row == 0 && index == 0
          || row > 0 && agrees[index] && isUnsure(one[row - 1])
          || index > 0 && next[index - 1] && isUnsure(other[index - 1])
          || row > 0 && index > 0 && agrees[index - 1]
            && one[row - 1].state == other[index - 1].state
      }
      agrees = next
    }
    return agrees[other.count]
  }

  // MARK: - Amounts and times

  private mutating func compareTraffic(_ side: Side) {
    let (one, other) = (a[side], b[side])
    let path = "traffic.\(side.name)"
    note("\(path).unique", .bytes(one.uniquePayload), .bytes(other.uniquePayload))
    note(
      "\(path).retransmitted.packets", .number(UInt64(one.repeatedPackets)),
      .number(UInt64(other.repeatedPackets)))
    note("\(path).gaps.bytes", .bytes(one.gapBytes), .bytes(other.gapBytes))
  }

  private mutating func compareTimes() {
    let (one, other) = (a.handshake, b.handshake)
    compareTimes(
      "handshake.rtt.server", one.serverRoundTripNanoseconds, other.serverRoundTripNanoseconds)
    compareTimes(
      "handshake.rtt.client", one.clientRoundTripNanoseconds, other.clientRoundTripNanoseconds)
    compareTimes("duration", a.durationNanoseconds, b.durationNanoseconds)
    for side in Side.allCases {
      compareTimes(
        "traffic.\(side.name).rtt.mean", a[side].roundTrips?.meanNanoseconds,
        b[side].roundTrips?.meanNanoseconds)
    }
  }

  /// Where one of them is unknown, something else differs, or nothing does.
  private mutating func compareTimes(_ aspect: String, _ one: Int64?, _ other: Int64?) {
    guard let one, let other, tolerance.tellsApart(one, other) else { return }
    note(aspect, .duration(nanoseconds: one), .duration(nanoseconds: other))
  }

  // MARK: - Findings

  private mutating func compareFindings() {
    func kinds(_ report: ConnectionReport) -> Set<Kind> { Set(report.findings.map { Kind($0) }) }
    let (known, now) = (kinds(a), kinds(b))
    findings += a.findings.filter { !now.contains(Kind($0)) }
      .map { FindingDifference(finding: $0, isNew: false) }
    findings += b.findings.filter { !known.contains(Kind($0)) }
      .map { FindingDifference(finding: $0, isNew: true) }
  }

  /// What makes findings the same.
  private struct Kind: Hashable {
    var id: String
    var severity: UInt8
    var blame: String

    init(_ finding: Finding) {
      id = finding.rule.id
      severity = finding.severity.rawValue
      blame = finding.blame.name
    }
  }
}

extension ConnectionDifference.Value {
  fileprivate static func side(_ side: Side?) -> Self { side.map { .word($0.name) } ?? .none }
  fileprivate static func presence(_ isThere: Bool) -> Self { .word(isThere ? "yes" : "no") }
}
