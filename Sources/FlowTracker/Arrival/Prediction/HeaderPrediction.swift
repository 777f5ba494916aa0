import PacketParser

// Most segments are the ones that were to be expected: between two established ends, the next in order,
// with news and nothing out of the ordinary. Kernels look for them first (Van Jacobson's header
// prediction, `tcp_rcv_established` in Linux), and so does the observer, also of the three segments that
// open a connection and the three or four that close it: whatever is predicted here and in
// the files beside this one would come to the same in `take`, by a longer way.
extension LiveConnection {
  /// Traits of which a predictable connection has none.
  private static let extraordinary: ConnectionCore.Traits = [
    .needsCare, .hasEnded, .hasStrayingSYN, .hasSibling, .hasOneEnd, .isNarrow,
    .hasSmallSegments,
  ]
  private static let steady: ConnectionCore.Traits = [.isSteady, .sawBareACK]
  private static let synchronized: Endpoint.Knowledge = [.hasSent, .next, .acknowledged]

  /// Takes in a segment if it is the one that was to be expected between two ends of which nothing is
  /// left to prove.
  ///
  /// - Parameters:
  ///   - segment: The next segment of the connection, `inout` for speed alone.
  ///   - sender: Who sent it.
  ///   - patience: Nanoseconds after which the connection would be taken for another one.
  /// - Returns: Whether it was; if not, nothing has changed.
  @inline(__always)
  func takePredicted(
    _ segment: inout Segment, from sender: Side, within patience: Int64
  ) -> Bool {
    let own = Int(sender.rawValue)
    guard core.traits.intersection(Self.steady.union(Self.extraordinary)) == Self.steady,
      segment.flags.intersection([.syn, .fin, .rst, .ack, .ece, .cwr]) == .ack,
      isNext(&segment, own, unsettled: [.holes, .fin, .awaitsProof]),
      isPlain(&segment, own, within: patience),
      // Either is news. In one branch: which of the two it is, nothing foretells.
      segment.payloadLength
        | UInt32(bitPattern: segment.acknowledgment - core.ends[own].acknowledged) != 0
    else { return false }
    advanceNumbers(by: &segment, own)
    return true
  }

  /// Takes in a segment if it is the one that opens or closes most connections, or comes before all of
  /// the opening is proven.
  ///
  /// Parameters are those of `takePredicted`.
  ///
  /// - Returns: Whether it was; if not, nothing has changed.
  @inline(never)
  func takeOrdinary(
    _ segment: inout Segment, from sender: Side, within patience: Int64
  ) -> Bool {
    let own = Int(sender.rawValue)
    guard core.traits.isDisjoint(with: Self.extraordinary), core.stage != .closed,
      isPlain(&segment, own, within: patience)
    else { return false }
    switch segment.flags.intersection([.syn, .fin, .rst, .ack]) {
    case [.syn, .ack]: return takeAnswer(&segment, own)
    case _ where !segment.flags.isDisjoint(with: [.ece, .cwr]): return false
    case .ack:
      switch core.ends[1 - own].state {
      case .synReceived: return takeACKOfAnswer(&segment, own)
      case .established: return takeBeforeProof(&segment, own)
      default: return takeACKOfFIN(&segment, own)
      }
    case [.fin, .ack]: return takeFIN(&segment, own)
    default: return false
    }
  }

  /// Whether nothing about a segment is out of the ordinary, as far as its numbers do not tell.
  @inline(__always)
  private func isPlain(_ segment: inout Segment, _ own: Int, within patience: Int64) -> Bool {
    segment.window > 0 && segment.options.sackBlockCount == 0
      && segment.checksumStatus != .wrong
      && segment.encapsulation == core.tunnels[own]
      && !segment.traits.contains(.unusualHeader)
      && segment.time.nanoseconds &- core.last.time.nanoseconds < patience
  }

  /// Whether a segment is the next one in order of its end, by its timestamp too, acknowledges no less
  /// than the one before and nothing that was not seen, and leaves both windows open; and neither end is
  /// `unsettled`.
  @inline(__always)
  func isNext(
    _ segment: inout Segment, _ own: Int, unsettled: Endpoint.Knowledge
  ) -> Bool {
    let peer = 1 - own
    let relevant = Self.synchronized.union(unsettled)
    return segment.sequence == core.ends[own].next
      && core.ends[own].knows.intersection(relevant) == Self.synchronized
      && core.ends[peer].knows.intersection(relevant) == Self.synchronized
      && segment.acknowledgment >= core.ends[own].acknowledged
      && segment.acknowledgment <= core.ends[peer].next
      && core.traffic[own].order.expectsTimestamp(of: &segment) && leavesRoom(&segment, own)
  }

  /// Counts a segment that is predicted and no SYN, and moves the numbers of its end on.
  @inline(__always)
  func advanceNumbers(by segment: inout Segment, _ own: Int) {
    core.last = FrameMark(segment)
    core.ends[own].next = segment.sequenceEnd
    core.ends[own].acknowledged = segment.acknowledgment
    core.traffic[own].notePredicted(&segment, window: window(of: &segment, own))
  }

  /// Confirms the latest transition of an end, of which its segment is a proof; and others, as far as
  /// that proves them too.
  @inline(__always)
  func confirmLatest(by segment: inout Segment, _ own: Int) {
    guard history.ends[own].states.arePresumedOnly(latest: 1) else {
      return confirm(&segment, own)
    }
    confirmAll(of: own)
  }

  @inline(__always)
  func confirmAll(of own: Int) {
    history.ends[own].states.confirmAll()
    core.ends[own].knows.remove(.awaitsProof)
  }
}
