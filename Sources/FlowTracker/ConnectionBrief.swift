package import PacketParser

/// What totals need of a connection, without a copy of the rest of it.
package struct ConnectionBrief: BitwiseCopyable, Sendable {
  package let number: Int
  /// When its first segment came.
  package let began: Timestamp
  package let handshake: Handshake.Outcome
  package let close: Closing.Outcome
  package let endReason: EndReason
  /// It was opened and closed as most are, and none of its segments was remarkable.
  package let isOrdinary: Bool
  /// It is a SYN and nothing else, as most are that are never answered.
  package let isLoneSYN: Bool
  /// A SYN or FIN of it was captured before the network card had computed its checksum.
  package let leavesChecksums: Bool
  /// Its client sent no payload.
  package let isUnused: Bool

  @inline(__always)
  init(_ live: LiveConnection) {
    number = live.history.number
    began = live.history.first.time
    endReason = live.history.endReason
    if live.core.traits.contains(.isUnremarkable) {
      (handshake, close) = (.complete, .complete)
      (isOrdinary, leavesChecksums, isUnused) = (true, false, false)
      isLoneSYN = false
      return
    }
    handshake = live.history.handshake.outcome
    close = live.history.closing.outcome(
      client: live.core.ends[0].knows, server: live.core.ends[1].knows)
    isLoneSYN = handshake == .unanswered && live.isLoneSYN
    isOrdinary = live.isOrdinary
    isUnused = live.isUnused
    leavesChecksums = live.leavesChecksums
  }
}

extension ConnectionBrief {
  /// One that is but a SYN in the cache.
  @inline(__always)
  init(_ syn: borrowing CachedSYN, _ reason: EndReason) {
    number = syn.number
    began = syn.time
    endReason = reason
    (handshake, close) = (.unanswered, .open)
    (isOrdinary, isLoneSYN, isUnused) = (false, syn.isUsual, true)
    leavesChecksums = syn.checksumStatus == .offloaded
  }
}

extension LiveConnection {
  /// It was opened by a three-way handshake and closed by a FIN of each end, all of them answered;
  /// both SYNs had a maximum segment size and no payload, and were captured whole; no port was 0; no end
  /// seems to be two; none of its segments was remarkable.
  var isOrdinary: Bool {
    !core.traits.contains(.isIrregular) && history.predecessor.isOver && core.key.hasPorts
      && history.closing.isComplete && history.closing.reset == .none
      && !history.closing.isSimultaneous && history.handshake.traits == .complete
      && history.handshake.synACK != .none && offersAsUsual(0) && offersAsUsual(1)
      && !offerIsCut(0) && !offerIsCut(1)
      && !history.traces[0].finIsForeign && !history.traces[1].finIsForeign
      && payloadAfterPeersFIN(0) == 0 && payloadAfterPeersFIN(1) == 0
  }

  /// One SYN of a tuple that nobody has used before, which offers what most do; and nothing has come of it.
  fileprivate var isLoneSYN: Bool {
    core.traffic[0].packets == 1 && core.traffic[1].packets == 0
      && core.traits.isDisjoint(with: [.isIrregular, .hasOneEnd, .hasStrayingSYN])
      && history.rolesEvidence == .syn && history.predecessor == .none && core.key.hasPorts
      && history.closing.reset == .none && offersAsUsual(0)
  }

  fileprivate var isUnused: Bool { core.traffic[0].payload == 0 }

  fileprivate var leavesChecksums: Bool {
    history.traces[0].checksums.union(history.traces[1].checksums).contains(.offloaded)
  }

  /// Remembers of a connection that has just closed whether there is anything to say of it: all that
  /// tells is in the cache now, and will not be when it is put away.
  func noteWhetherRemarkable() {
    // Not `isUnused`, which is the same but for exactly 4 GiB: what that asks for lies in a line that the last
    // segments of a close may leave alone.
    let hasSent = history.ends[0].finSequence != history.ends[0].initialSequence + 1
    if isOrdinary, hasSent, !leavesChecksums { core.traits.insert(.isUnremarkable) }
  }

  private func offersAsUsual(_ end: Int) -> Bool {
    guard let offer = history.ends[end].offer else { return false }
    return offer.payload == 0 && offer.present.contains(.maximumSegmentSize)
      && offer.windowScale <= 14
  }

  private func offerIsCut(_ end: Int) -> Bool { history.ends[end].offer?.isCut == true }

  /// Payload bytes that an end sent after it had acknowledged its peer's FIN.
  func payloadAfterPeersFIN(_ end: Int) -> Int {
    guard core.ends[1 - end].knows.contains(.finAcknowledged) else { return 0 }
    let numbers = core.ends[end].next - history.ends[1 - end].sentAfterACKOfFIN
    return max(0, Int(numbers) - (core.ends[end].knows.contains(.fin) ? 1 : 0))
  }
}
