import FlowTracker
import PacketParser
public import TraceScript

/// What must hold for every conversation, whatever happens in it and wherever it is captured.
public enum ConversationProperty: String, CaseIterable, Sendable {
  /// A capture at an endpoint shows exactly the states that this endpoint went through, at the
  /// frames that moved it.
  case truthAtEndpoint = "truth-at-endpoint"
  /// From wherever it is seen, no endpoint is said to have been where it never was, unless that is
  /// only presumed.
  case nothingUntrue = "nothing-untrue"
  /// A capture that begins later shows no handshake and no close that the whole does not.
  case headCut = "head-cut"
  /// A capture that ends earlier tells the beginning of the same story.
  case tailCut = "tail-cut"
  /// Frames that stand twice in the capture change nothing but counts.
  case copies = "copies"
  /// Every frame is counted once.
  case accounting = "accounting"
}

/// A property that does not hold, and how that shows.
public struct Violation: Sendable {
  public var property: ConversationProperty
  public var explanation: String
}

/// A conversation, what the tracker makes of it, and where the two disagree.
public struct ConversationCheck: Sendable {
  public let conversation: Conversation
  public private(set) var violations: [Violation] = []
  private let segments: [Segment]
  private let whole: TrackedRun
  private let limits: TrackerLimits

  public init(seed: UInt64) {
    conversation = Conversation(seed: seed)
    segments = conversation.segments
    var limits = TrackerLimits()
    limits.maximumConnections = 100
    self.limits = limits
    whole = TrackedRun(segments, limits)
    checkTruth()
    checkCuts()
    checkCopies()
    checkAccounting(whole, of: segments.count)
  }

  /// The conversation with its truth, and what the tracker says of it.
  public var description: String {
    let stories = whole.connections.map(describe).joined(separator: "\n")
    let broken = violations.map { "violates \($0.property.rawValue): \($0.explanation)" }
    return ([conversation.listing, stories] + broken).joined(separator: "\n")
  }

  private mutating func violate(_ property: ConversationProperty, _ explanation: String) {
    // One is enough to look at.
    guard !violations.contains(where: { $0.property == property }) else { return }
    violations.append(Violation(property: property, explanation: explanation))
  }

  // MARK: - Truth

  private mutating func checkTruth() {
    for side in Side.allCases {
      let found = path(whole, side)
      guard hasAll(of: conversation.ends[Int(side.rawValue)]) else { continue }
      let isAtEndpoint = conversation.point.rawValue == side.name
      if isAtEndpoint, let problem = differenceFromTruth(side) {
        violate(.truthAtEndpoint, "\(side.name): \(problem)")
      }
      if let untrue = firstUntrue(of: found, side) {
        violate(
          .nothingUntrue,
          "\(side.name) did not enter \(untrue.state.name) then, \(untrue.evidence.name) by frame \(untrue.frame)"
        )
      }
    }
  }

  /// How the states of the end where the capture was taken differ from the truth, if they do.
  private func differenceFromTruth(_ side: Side) -> String? {
    let end = conversation.ends[Int(side.rawValue)]
    let remembered = whole.connections[..<firstForgotten].flatMap { story(of: end, in: $0) }
    return Expected.difference(
      of: remembered, from: Expected.path(conversation, side),
      isWhole: firstForgotten == whole.connections.endIndex)
  }

  /// The first connection that goes on after it was put away: it is picked up mid-way then, as if
  /// nothing were known of it.
  ///
  /// What has closed is kept for 2·MSL (`TrackerLimits.closedSeconds`); a segment that comes later
  /// tells nothing of what was before.
  private var firstForgotten: Int {
    let kept = limits.closedSeconds * 1_000_000_000
    let later = whole.connections.indices.dropFirst().first { index in
      let connection = whole.connections[index]
      let silence = connection.first.time.nanoseconds(since: whole.connections[index - 1].last.time)
      return connection.handshake.kind == .unseen && silence >= kept
    }
    return later ?? whole.connections.endIndex
  }

  /// The first state of an end that is told for sure and that it was not in after the one before.
  private func firstUntrue(of found: [Transition], _ side: Side) -> Transition? {
    let truth = conversation.truth[Int(side.rawValue)].map(\.state.rawValue)
    var rest = truth[...]
    var before: EndpointState?
    // Whether whoever answers a SYN was in LISTEN or has sent a SYN that was lost, nobody can see.
    for transition in found where transition.evidence != .presumed && transition.state != .listen {
      // What lies between two of the same may only be presumed; and when it came to what is only
      // implied, nobody says.
      if transition.state == before { continue }
      if transition.evidence == .implied, truth.contains(transition.state.name) { continue }
      if let index = rest.firstIndex(of: transition.state.name) {
        rest = rest[(index + 1)...]
      } else if transition.evidence == .sent, isRepeatedSYN(transition.frame),
        let index = truth.firstIndex(of: transition.state.name)
      {
        // It may be late, or be sent once more: nobody can see that the attempt does not begin again.
        rest = truth[(index + 1)...]
      } else if !isExcused(transition, side) {
        return transition
      }
      before = transition.state
    }
    return nil
  }

  /// Whether an end that closed at the same time as the other looks as if it had done so after it.
  private func isExcused(_ transition: Transition, _ side: Side) -> Bool {
    let isPassive = transition.state == .closeWait || transition.state == .lastACK
    return isPassive && conversation.truth[Int(side.rawValue)].contains { $0.state == .closing }
      && HiddenFIN(in: conversation, of: side, around: transition.frame).isPossible
  }

  /// Whether a frame holds a SYN with the number of one before it.
  private func isRepeatedSYN(_ frame: Int) -> Bool {
    let syn = segments[frame - 1]
    return syn.flags.contains(.syn)
      && segments[..<(frame - 1)].contains {
        $0.flags.contains(.syn) && $0.source == syn.source && $0.sequence == syn.sequence
      }
  }

  /// The states of one end through all connections of the tuple, whichever role it has in each.
  private func path(_ run: TrackedRun, _ side: Side) -> [Transition] {
    let end = conversation.ends[Int(side.rawValue)]
    return run.connections.flatMap { story(of: end, in: $0) }
  }

  /// Whether no timeline of an end was too long to be kept.
  private func hasAll(of end: SocketAddress) -> Bool {
    !whole.connections.contains {
      $0[history: $0.client == end ? .client : .server].timeline.dropped > 0
    }
  }

  private func story(of end: SocketAddress, in connection: Connection) -> [Transition] {
    transitions(connection, connection.client == end ? .client : .server)
  }

  // MARK: - Cuts

  private mutating func checkCuts() {
    guard segments.count > 1 else { return }
    var random = Randomness(seed: conversation.seed)
    for _ in 0..<3 {
      let cut = Int.random(in: 1..<segments.count, using: &random)
      checkTail(cutAt: cut)
      checkHead(cutAt: cut)
    }
  }

  private mutating func checkTail(cutAt cut: Int) {
    let beginning = segments[..<cut]
    let part = TrackedRun(beginning, limits)
    checkAccounting(part, of: cut)
    checkNothingInvented(part, beginning, .tailCut, "frames 1 to \(cut)")
    for side in Side.allCases {
      let end = conversation.ends[Int(side.rawValue)]
      guard hasAll(of: end) else { continue }
      if let untrue = firstUntrue(of: path(part, side), side) {
        violate(.tailCut, "frames 1 to \(cut) tell of \(untrue.state.name) of the \(side.name)")
      }
      // Where the tuple is used again, the connection before may go on after the cut: each is held for
      // itself against what the whole tells of the frames up to there.
      let stories = whole.connections.map { story(of: end, in: $0).filter { $0.frame <= cut } }
      for (index, connection) in part.connections.enumerated() {
        let beginning = provenStory(of: end, in: connection)
        let all = index < stories.count ? stories[index] : []
        let isBeginning =
          beginning.count <= all.count
          && zip(beginning, all).allSatisfy { $0.state == $1.state && $0.frame == $1.frame }
        guard !isBeginning else { continue }
        let told = part.connections.map { timeline($0, side) }.joined(separator: "; ")
        violate(.tailCut, "frames 1 to \(cut) end otherwise for the \(side.name): \(told)")
      }
    }
  }

  /// The states of an end in a connection, as far as nothing that comes later may take them back.
  private func provenStory(of end: SocketAddress, in connection: Connection) -> [Transition] {
    var story = story(of: end, in: connection)
    while let last = story.last,
      last.evidence == .presumed || last.evidence == .implied
    {
      story.removeLast()
    }
    return story
  }

  private mutating func checkHead(cutAt cut: Int) {
    let rest = segments[cut...]
    let part = TrackedRun(rest, limits)
    checkAccounting(part, of: rest.count)
    checkNothingInvented(part, rest, .headCut, "frames from \(cut + 1)")
    let hasSYN = rest.contains { $0.flags.contains(.syn) }
    if !hasSYN, part.connections.contains(where: { $0.handshake.kind != .unseen }) {
      violate(.headCut, "frames from \(cut + 1) hold no SYN, and yet a handshake")
    }
  }

  private mutating func checkNothingInvented(
    _ part: TrackedRun, _ frames: ArraySlice<Segment>, _ property: ConversationProperty,
    _ which: String
  ) {
    // What is only presumed or implied in the part, the whole may have withdrawn.
    let opened = part.connections.filter { connection in
      connection.isOpened
        && Side.allCases.allSatisfy {
          let evidence = transitions(connection, $0).first { $0.state.isSynchronized }?.evidence
          return evidence != .presumed && evidence != .implied
        }
    }
    let closed = part.connections.filter { connection in
      connection.isClosed
        && Side.allCases.allSatisfy { transitions(connection, $0).last?.evidence != .presumed }
    }
    let proof = Proof(in: frames)
    if opened.count > whole.connections.count(where: \.isOpened)
      || !proof.hasHandshake && part.connections.contains(where: \.isOpened)
    {
      violate(property, "\(which) show a handshake of their own")
    }
    if closed.count > whole.connections.count(where: \.isClosed)
      || !proof.hasClose && part.connections.contains(where: \.isClosed)
    {
      violate(property, "\(which) show a close of their own")
    }
  }

  // MARK: - Copies and counts

  private mutating func checkCopies() {
    // At the same time: a later copy would make the interval to the next frame shorter, and every bound
    // of an interval has an edge.
    let doubled = TrackedRun(segments.flatMap { [$0, $0] }, limits)
    for side in Side.allCases {
      let once = whole.connections.map { timeline($0, side) }
      let twice = doubled.connections.map { timeline($0, side) }
      if once != twice { violate(.copies, "\(side.name): \(twice.joined(separator: "; "))") }
    }
    let lines = zip(whole.connections.map(describe), doubled.connections.map(describe))
      .flatMap { zip($0.split(separator: "\n"), $1.split(separator: "\n")) }
    if let other = lines.first(where: { $0 != $1 }) {
      violate(.copies, "each frame twice makes of '\(other.0)' '\(other.1)'")
    }
    checkAccounting(doubled, of: 2 * segments.count)
  }

  private mutating func checkAccounting(_ run: TrackedRun, of frames: Int) {
    let packets = run.connections.reduce(0) { $0 + $1[.client].packets + $1[.server].packets }
    if packets != UInt64(frames) { violate(.accounting, "\(packets) packets of \(frames) frames") }
  }
}
