import FlowTracker
import PacketParser

/// What became of the segments that one end has sent in a flow, between the place that they came by first
/// and the other.
struct SegmentFates {
  private let matching: SegmentMatching
  /// The segments of the other end.
  private let reverse: SegmentMatching
  private let travel: Travel
  /// By how much the clock of `b` is ahead when a segment comes there.
  private let usual: Int64
  private let isInBoth: Bool
  /// The capture holds many segments twice, which says nothing of the network.
  var ignoresCopies = false

  private(set) var differences: [SegmentDifference] = []
  private(set) var uncompared = (a: 0, b: 0)
  private(set) var resegmented = 0
  private let shifts: ConnectionShifts
  /// By the connections' numbers where segments come from, and where they go to.
  private let initialSequences: (up: [UInt32: SequenceNumber], down: [UInt32: SequenceNumber])

  init(
    of matching: SegmentMatching, beside reverse: SegmentMatching, _ travel: Travel,
    usual: Int64, isInBoth: Bool
  ) {
    self.matching = matching
    self.reverse = reverse
    self.travel = travel
    self.usual = usual
    self.isInBoth = isInBoth
    shifts = ConnectionShifts(own: matching, peer: reverse)
    let (inA, inB) = (
      Self.initialSequences(in: matching.a), Self.initialSequences(in: matching.b)
    )
    initialSequences = travel == .aToB ? (inA, inB) : (inB, inA)
  }

  private static func initialSequences(
    in segments: [RecordedSegment]
  ) -> [UInt32: SequenceNumber] {
    var initial: [UInt32: SequenceNumber] = [:]
    for segment in segments
    where segment.flags.contains(.syn) && initial[segment.connection] == nil {
      initial[segment.connection] = segment.sequence
    }
    return initial
  }

  var shiftedConnections: Int { shifts.shiftedConnections }

  private var isFromA: Bool { travel == .aToB }
  private var upstream: [RecordedSegment] { isFromA ? matching.a : matching.b }
  private var downstream: [RecordedSegment] { isFromA ? matching.b : matching.a }
  private var partnerDown: IndexList { isFromA ? matching.partnerInB : matching.partnerInA }
  private var partnerUp: IndexList { isFromA ? matching.partnerInA : matching.partnerInB }
  private var originalUp: IndexList { isFromA ? matching.originalInA : matching.originalInB }
  private var originalDown: IndexList { isFromA ? matching.originalInB : matching.originalInA }

  /// How much longer than usual a segment was under way.
  private func excess(_ up: Int, _ down: Int) -> Int64 {
    let delay = isFromA ? matching.delay(up, down) : matching.delay(down, up)
    return isFromA ? delay - usual : usual - delay
  }

  /// Finds all that differs.
  ///
  /// - Parameters:
  ///   - reach: When the captures can show what the other does.
  ///   - usually: How long segments usually are under way, in nanoseconds.
  ///   - tolerance: By how much longer one may be.
  mutating func tell(within reach: CaptureReach, usually: Int64, _ tolerance: Tolerance) {
    let pieces =
      isInBoth
      ? Resegmentation.find(in: matching, isBefore: isFromA, usual: usual)
      : Resegmentation.Result()
    resegmented = pieces.before.count + pieces.missing.count
    tellLost(within: reach, pieces)
    tellArrived(usually, tolerance)
    tellUnsent(within: reach, pieces)
  }

  // MARK: - What did not come

  private mutating func tellLost(within reach: CaptureReach, _ pieces: Resegmentation.Result) {
    let (partners, originals) = (partnerDown, originalUp)
    let left = upstream.indices.filter {
      partners[$0] == nil && originals[$0] == nil && !pieces.before.contains($0)
    }
    guard !left.isEmpty else { return }
    let isRecorded = downstreamIsRecorded
    let connections = partners.connections(in: downstream)
    let coverage = FlowCoverage(
      downstream, answeredBy: isFromA ? reverse.b : reverse.a,
      of: Self.wanted(left, upstream, connections))
    for index in left {
      let segment = upstream[index]
      let arrival = segment.mark.time.moved(by: isFromA ? usual : -usual)
      guard isRecorded, reach.covers(arrival, inA: !isFromA) else {
        countUncompared(inA: isFromA)
        continue
      }
      let shift = shiftDown(of: segment.connection, isFromA ? nil : connections[index])
      let isMissed =
        connections[index].flatMap { coverage[$0] }?.hasMissed(segment, shiftedBy: shift) ?? false
      var lost = difference(isMissed ? .missed : .lost, segment, up: index, down: nil)
      lost.missingBytes = pieces.missing[index]
      differences.append(lost)
    }
  }

  /// Whether the capture behind the network would have what came.
  ///
  /// It would not where it has nothing of the connection though it lies on the way of what the peer has
  /// sent, or where the peer, as it shows, acknowledges what it does not show.
  private var downstreamIsRecorded: Bool {
    guard downstream.isEmpty else { return true }
    let answers = isFromA ? reverse.b : reverse.a
    guard isInBoth else {
      let seenHere = isFromA ? reverse.a : reverse.b
      return seenHere.allSatisfy { $0.flags.contains(.rst) }
    }
    guard let first = upstream.first else { return true }
    return !answers.contains {
      $0.flags.intersection([.ack, .rst]) == .ack && $0.acknowledgment > first.sequence
    }
  }

  // MARK: - What came

  private mutating func tellArrived(_ usually: Int64, _ tolerance: Tolerance) {
    // The segments that were ahead of all before them when they came.
    var leaders: [(up: Int, frame: Int)] = []
    let partners = partnerUp
    for down in downstream.indices {
      guard let up = partners[down] else { continue }
      let excess = excess(up, down)
      let isLate = tolerance.isExcess(excess, over: usually)
      if let leader = leaders.last, up < leader.up {
        var late = difference(.reordered, upstream[up], up: up, down: down)
        late.otherFrame = Self.firstLeader(leaders, beyond: up)
        late.excessNanoseconds = excess
        differences.append(late)
      } else {
        leaders.append((up, downstream[down].mark.frame))
        if isLate {
          var late = difference(.delayed, upstream[up], up: up, down: down)
          late.excessNanoseconds = excess
          differences.append(late)
        }
      }
      tellAltered(up, down)
    }
  }

  private static func firstLeader(_ leaders: [(up: Int, frame: Int)], beyond up: Int) -> Int? {
    var (low, high) = (0, leaders.count)
    while low < high {
      let middle = (low + high) / 2
      if leaders[middle].up <= up { low = middle + 1 } else { high = middle }
    }
    return low < leaders.count ? leaders[low].frame : nil
  }

  private mutating func tellAltered(_ up: Int, _ down: Int) {
    let (one, other) = isFromA ? (upstream[up], downstream[down]) : (downstream[down], upstream[up])
    let alterations = Alteration.all(
      from: one, to: other, shifts: shifts.shifts(of: one.connection))
    guard !alterations.isEmpty else { return }
    var altered = difference(.altered, upstream[up], up: up, down: down)
    altered.alterations = alterations
    differences.append(altered)
  }

  // MARK: - What came from elsewhere

  private mutating func tellUnsent(within reach: CaptureReach, _ pieces: Resegmentation.Result) {
    let (partners, originals) = (partnerUp, originalDown)
    // A direction of which nothing was seen first was not recorded there, but for what only resets.
    let isRecorded = !upstream.isEmpty || downstream.allSatisfy { $0.flags.contains(.rst) }
    let left = downstream.indices.filter { partners[$0] == nil && !pieces.after.contains($0) }
    guard !left.isEmpty else { return }
    let connections = partners.connections(in: upstream)
    let coverage = FlowCoverage(
      upstream, answeredBy: isFromA ? reverse.a : reverse.b,
      of: Self.wanted(left, downstream, connections))
    for down in left {
      let segment = downstream[down]
      if let original = originals[down] {
        guard !ignoresCopies else { continue }
        var copy = difference(.duplicated, segment, up: partners[original], down: down)
        copy.otherFrame = downstream[original].mark.frame
        differences.append(copy)
        continue
      }
      let departure = segment.mark.time.moved(by: isFromA ? -usual : usual)
      guard isRecorded, reach.covers(departure, inA: isFromA) else {
        countUncompared(inA: !isFromA)
        continue
      }
      let shift = shiftDown(
        of: connections[down] ?? 0, isFromA ? nil : segment.connection)
      let isMissed =
        connections[down].flatMap { coverage[$0] }?
        .hasMissed(segment, shiftedBy: 0 &- shift) ?? false
      differences.append(difference(isMissed ? .missed : .injected, segment, up: nil, down: down))
    }
  }

  /// The connections, at the other place, of segments with payload.
  private static func wanted(
    _ indices: [Int], _ segments: [RecordedSegment], _ connections: [UInt32?]
  ) -> Set<UInt32> {
    Set(indices.filter { segments[$0].payloadLength > 0 }.compactMap { connections[$0] })
  }

  /// By how much the numbers of a connection are shifted on their way.
  ///
  /// - Parameters:
  ///   - upstream: Its number where they come from.
  ///   - downstream: Its number where they go to, if that is in `a`.
  /// - Returns: What is to be added to a number.
  private func shiftDown(of upstream: UInt32, _ downstream: UInt32?) -> UInt32 {
    if isFromA { return UInt32(bitPattern: shifts.shifts(of: upstream).own) }
    return 0 &- UInt32(bitPattern: shifts.shifts(of: downstream ?? 0).own)
  }

  private mutating func countUncompared(inA isA: Bool) {
    if isA { uncompared.a += 1 } else { uncompared.b += 1 }
  }

  // MARK: - Pieces

  private func difference(
    _ kind: SegmentDifference.Kind, _ segment: RecordedSegment, up: Int?, down: Int?
  ) -> SegmentDifference {
    let (one, other) = (up.map { upstream[$0] }, down.map { downstream[$0] })
    let (inA, inB) = isFromA ? (one, other) : (other, one)
    let time =
      inA?.mark.time ?? inB?.mark.time.moved(by: -usual) ?? segment.mark.time
    // Of a copy the numbers are those of where it came to.
    let initial =
      one?.sequence == segment.sequence
      ? initialSequences.up[one?.connection ?? 0] : initialSequences.down[segment.connection]
    return SegmentDifference(
      kind: kind, travel: travel, sender: (inA ?? segment).sender,
      connections: (inA.map { Int($0.connection) }, inB.map { Int($0.connection) }),
      frames: (inA?.mark.frame, inB?.mark.frame), time: time, flags: segment.flags,
      sequence: segment.sequence,
      relativeSequence: initial.map { segment.sequence.rawValue &- $0.rawValue },
      payloadLength: segment.payloadLength)
  }

  /// Adds what is true of many segments to what is told of the path.
  func describe(_ properties: inout PathProperties) {
    for index in matching.a.indices {
      guard let partner = matching.partnerInB[index] else { continue }
      properties.note(matching.a[index], matching.b[partner], travel)
    }
  }
}
