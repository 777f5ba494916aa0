import PacketParser

// Which connection a segment belongs to, where that takes a decision: another tunnel, a connection
// whose time is over, a SYN where none was due.
extension ConnectionTable {
  enum Placement {
    /// It belongs to the connection that the look-up found, or that stands in its place now.
    case here
    /// It has been taken in already.
    case done(Step)
  }

  @inline(never)
  mutating func place(
    _ segment: inout Segment, _ lookup: FlowLookup, _ id: inout ConnectionID
  ) -> Placement {
    if let choice = chooseTunnel(&segment, lookup, id) {
      switch choice {
      case .existing(let sibling): id = sibling
      case .new(let inTunnel): return .done(open(&segment, inTunnel))
      }
    }
    if isOverdue(id, at: segment.time) {
      return .done(succeed(id, arena[id].core.stage == .closed ? .closed : .idle, by: &segment))
    }
    let sender = arena[id].core.sender(fromLower: lookup.fromLower)
    if var straying = straying(id) {
      if straying.hasReset, straying.isRepeated(by: segment, from: sender) {
        id = replace(id, by: straying)
        return .here
      }
      switch straying.verdict(after: segment, from: sender) {
      case .isNewConnection:
        id = replace(id, by: straying)
        return .here
      case .belongsToOld: settle(id, straying)
      case .undecided: strayingSYNs[id] = straying
      }
    }
    guard segment.flags.contains(.syn) else { return .here }
    switch arena[id].decide(on: &segment, from: sender) {
    case .sameConnection: return .here
    case .newIncarnation:
      if let straying = straying(id), straying.isRepeated(by: segment, from: sender) {
        id = replace(id, by: straying)
        return .here
      }
      return .done(succeed(id, arena[id].core.stage == .closed ? .closed : .replaced, by: &segment))
    case .awaitAnswer:
      hold(segment, from: sender, id)
      let own = Int(sender.rawValue)
      arena[id].noteProvocation(of: 1 - own)
      arena[id].oweChallenge(by: 1 - own, to: &segment)
      guard segment.sequence == arena[id].history.ends[own].initialSequence else {
        arena[id].note(.synOnSynchronized, of: sender, frame: segment.frame)
        return .done(Step(connection: id, sender: sender, facts: .synOnSynchronized))
      }
      // The SYN that began the connection, late, as far as it tells.
      let age = arena[id].core.traffic[own].order.place(
        of: &segment, bringsNews: false, looksSentBefore: false)
      let facts: SegmentFacts =
        age.isOld ? [.synOnSynchronized, .duplicateFrame] : .synOnSynchronized
      return .done(Step(connection: id, sender: sender, facts: facts))
    }
  }

  /// Ends the connection; `segment` begins the next one of its tuple, opened by an end that may have
  /// lost this one.
  private mutating func succeed(
    _ id: ConnectionID, _ reason: EndReason, by segment: inout Segment, isLost: Bool = false
  ) -> Step {
    let incarnation = arena[id].history.incarnation
    let hasLost =
      !arena[id].history.closing.isComplete && (isLost || straying(id)?.hasReset ?? false)
    let predecessor =
      hasLost
      ? .lost : arena[id].asPredecessor(wasOverdue: isOverdue(id, at: segment.time))
    var lookup = FlowLookup(&segment, seed: seed)
    lookup.key.tunnel = arena[id].core.key.tunnel
    end(id, reason)
    return open(&segment, lookup, incarnation: incarnation + 1, after: predecessor)
  }

  private enum TunnelChoice {
    case existing(ConnectionID)
    case new(FlowLookup)
  }

  /// A segment in another encapsulation than the last one: the same connection by another way, or
  /// another connection of the same tuple, whose numbers then do not fit at all.
  private mutating func chooseTunnel(
    _ segment: inout Segment, _ lookup: FlowLookup, _ id: ConnectionID
  ) -> TunnelChoice? {
    let sender = arena[id].core.sender(fromLower: lookup.fromLower)
    // All connections of a tuple have the hash of the tuple, whatever tunnel they are in.
    var inTunnel = lookup
    inTunnel.key.tunnel = segment.encapsulation
    if arena[id].core.traits.contains(.hasSibling), segment.encapsulation != .none,
      let sibling = find(&segment, inTunnel)
    {
      return .existing(begun(sibling))
    }
    guard arena[id].core.tunnels[Int(sender.rawValue)] != segment.encapsulation else { return nil }
    if arena[id].knowsTunnel(segment.encapsulation) || arena[id].fits(&segment, from: sender) {
      arena[id].noteTunnel(segment.encapsulation, of: sender)
      return nil
    }
    arena[id].core.traits.insert(.hasSibling)
    return .new(inTunnel)
  }

  /// The SYN that strayed into the connection: a look-up that hardly ever needs the dictionary.
  @inline(__always)
  func straying(_ id: ConnectionID) -> StrayingSYN? {
    arena[id].core.traits.contains(.hasStrayingSYN) ? strayingSYNs[id] : nil
  }

  private mutating func hold(_ segment: Segment, from sender: Side, _ id: ConnectionID) {
    if var straying = straying(id), straying.isRepeated(by: segment, from: sender) {
      straying.repeats(segment)
      strayingSYNs[id] = straying
    } else {
      if let other = straying(id) { settle(id, other) }
      strayingSYNs[id] = StrayingSYN(
        segment, from: sender, after: arena[id].core.last,
        isCopy: segment.sequence == arena[id].history.ends[Int(sender.rawValue)].initialSequence)
      arena[id].core.traits.insert(.hasStrayingSYN)
    }
    arena[id].core.last = FrameMark(segment)
  }

  /// The straying SYN began nothing: it is counted where it strayed.
  mutating func settle(_ id: ConnectionID, _ straying: StrayingSYN) {
    strayingSYNs[id] = nil
    arena[id].core.traits.remove(.hasStrayingSYN)
    arena[id].count(straying)
    if straying.isCopy {
      var syn = straying.syn
      arena[id].noteLateSYN(&syn, Int(straying.sender.rawValue))
    }
  }

  /// Ends the connection in favour of the one that its straying SYN has turned out to begin.
  mutating func replace(_ id: ConnectionID, by straying: StrayingSYN) -> ConnectionID {
    strayingSYNs[id] = nil
    if !straying.hasReset { arena[id].core.last = straying.before }
    var syn = straying.syn
    let step = succeed(id, .replaced, by: &syn, isLost: straying.hasReset)
    arena[step.connection].countRepeats(of: straying)
    return step.connection
  }
}
