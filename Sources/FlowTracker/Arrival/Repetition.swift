import PacketParser

// A segment that is not the next one in order: sent again, and why; overtaken; a copy; or an
// acknowledgment that says nothing new.
extension LiveConnection {
  /// Keep-alives come more seldom than this, in nanoseconds.
  private static let probeInterval: Int64 = 10_000_000_000
  /// The shortest time from a loss to its repair where no round trip is known, in nanoseconds.
  private static let assumedRepairTime: Int64 = 3_000_000

  /// Finds when a segment was sent, compared to the others of its end.
  @inline(never)
  func placeInTime(
    _ segment: inout Segment, _ own: Int, nanosecondsSinceLast: Int64
  ) -> SendingOrder.Place {
    // With selective acknowledgments, one that is the same again would have other blocks (RFC 2018 §4).
    let mayRepeatItself =
      segment.identification == 0 && segment.sequenceLength == 0
      && segment.acknowledgment < core.ends[1 - own].next && !bothAcknowledgeSelectively
    return core.traffic[own].place(
      of: &segment, at: core.ends[own], haste: nanosecondsSinceLast,
      mayRepeatItself: mayRepeatItself)
  }

  /// Places a segment that does not follow the one before.
  @inline(never)
  func placeElsewhere(
    _ segment: inout Segment, _ own: Int, _ age: SendingOrder.Place, _ nanosecondsSinceLast: Int64
  ) -> SegmentFacts {
    let peer = 1 - own
    let start = segment.sequence
    let acknowledged = core.ends[peer].acknowledged
    let hasAcknowledged = core.ends[peer].knows.contains(.acknowledged)
    let losses = irregularities[own].losses
    let repairTime = roundTrip.map { $0 &- $0 / 8 } ?? Self.assumedRepairTime
    // Its receiver has said that it did not take it (RFC 7413 §3), so it is due again.
    let wasIgnored = irregularities[own].ignored.map { start < $0 } ?? false
    // What of it was or may have been seen before.
    let next = core.ends[own].next
    let end = segment.sequenceEnd < next ? segment.sequenceEnd : next
    let facts = core.ends[own].placeElsewhere(
      segment, &irregularities[own],
      EndpointPosition.Circumstances(
        expected: acknowledged, window: core.traffic[peer].window,
        firstMayBeNoData: start == history.ends[own].initialSequence
          || irregularities[peer].shutWindow.spells > 0,
        age: age,
        countsIdentifications: core.traffic[own].order.countsIdentifications,
        repairTime: repairTime,
        isWanted: hasAcknowledged && losses.wants(start, acknowledged: acknowledged)))
    if facts.contains(.duplicateFrame) { return noteCopy(&segment, own) }
    if facts.contains(.probe) { noteProbe(own) }
    if facts.contains(.repeatsData), irregularities[own].peerPacketsAtFirstRepeat == nil {
      irregularities[own].peerPacketsAtFirstRepeat = core.traffic[peer].packets
    }
    guard !facts.isDisjoint(with: [.repeatsData, .repairsLoss, .repeatsSYN]), !wasIgnored else {
      return facts
    }
    let isAcknowledged =
      hasAcknowledged && acknowledged >= end
      || losses.selectivelyAcknowledged.contains(start, end)
    if isAcknowledged { return facts.union(.repeatsAcknowledged) }
    // A SYN is repeated by timer alone (RFC 9293 §3.8.1).
    if facts.contains(.repeatsSYN) { return facts }
    let roundTrip = roundTrip ?? Self.assumedRoundTrip
    let goesOn = facts.isSuperset(of: [.repeatsData, .repeatsPartly])
    // Whoever has more to send need not have waited for a loss to show, to send the last bytes along.
    if goesOn, nanosecondsSinceLast < roundTrip,
      !losses.wants(start, acknowledged: acknowledged)
    {
      return facts
    }
    let cause = irregularities[own].losses.cause(
      from: start, to: segment.sequenceEnd, next: core.ends[own].next,
      acknowledged: acknowledged, silence: nanosecondsSinceLast, roundTrip: roundTrip,
      mayProbe: facts.contains(.repeatsData) && !goesOn && bothAcknowledgeSelectively)
    irregularities[own].notePace(at: start, isTimed: cause == .timedRetransmission)
    return facts.union(cause)
  }

  /// Nanoseconds from one end to the other and back, as the handshake showed it.
  private var roundTrip: Int64? {
    guard let client = measuredRoundTrip(to: 0), let server = measuredRoundTrip(to: 1) else {
      return nil
    }
    return client &+ server
  }

  private var bothAcknowledgeSelectively: Bool {
    guard let client = history.ends[0].offer, let server = history.ends[1].offer else {
      return false
    }
    return client.present.contains(.sackPermitted) && server.present.contains(.sackPermitted)
  }

  /// A frame that the capture or the network made of one that was seen.
  @inline(never)
  func noteCopy(_ segment: inout Segment, _ own: Int) -> SegmentFacts {
    toldIrregularities[own].duplicateFrames &+= 1
    toldIrregularities[own].redundantBytes &+= UInt64(segment.payloadLength)
    noteLateSYN(&segment, own)
    // The answer to a probe comes after its copies.
    if core.traits.contains(.needsCare), irregularities[own].packetsAtProbe > 0,
      irregularities[own].packetsAtProbe &+ 1 == core.traffic[own].packets
    {
      irregularities[own].packetsAtProbe = core.traffic[own].packets
    }
    guard segment.flags.contains(.ack), segment.acknowledgment == core.ends[own].acknowledged else {
      return .duplicateFrame
    }
    return repetition(&segment, own).intersection(.duplicateACK).union(.duplicateFrame)
  }

  /// Notes a SYN of the handshake that comes again when that is over.
  func noteLateSYN(_ segment: inout Segment, _ own: Int) {
    guard segment.flags.contains(.syn), !segment.flags.contains(.ack),
      history.handshake.traits.contains(.complete)
    else { return }
    irregularities[own].lateSYNs &+= 1
    irregularities[own].latestLateSYN = segment.frame
    noteProvocation(of: 1 - own)
  }

  /// Notes a segment that acknowledges what its end has acknowledged before.
  ///
  /// As evidence of a loss a duplicate acknowledgment counts only where something is outstanding
  /// (RFC 5681 §2).
  @inline(never)
  func noteRepetition(_ segment: inout Segment, _ own: Int) -> SegmentFacts {
    let facts = repetition(&segment, own)
    let peer = 1 - own
    if facts.contains(.duplicateACK), core.ends[peer].next > segment.acknowledgment {
      let inRow = irregularities[peer].losses.noteDuplicate(of: segment.acknowledgment)
      irregularities[own].duplicateACKs &+= 1
      irregularities[own].duplicateACKsInRow = max(irregularities[own].duplicateACKsInRow, inRow)
    }
    return facts
  }

  /// A SYN or a RST has come that an end does not take: it answers by an acknowledgment (RFC 5961 §§3,
  /// 4).
  func noteProvocation(of end: Int) {
    irregularities[end].packetsAtProvocation = core.traffic[end].packets
  }

  /// Counts the probes that a peer leaves without an answer.
  func noteProbe(_ own: Int) {
    let peerPackets = core.traffic[1 - own].packets
    let goesOn =
      irregularities[own].packetsAtProbe > 0
      && irregularities[own].peerPacketsAtProbe == peerPackets
    let before = goesOn ? irregularities[own].probesInRow : 0
    if !goesOn {
      let last = irregularities[own].probed
      let isHasty =
        last.nanoseconds > .min && core.last.time.nanoseconds(since: last) < Self.probeInterval
      irregularities[own].hastyProbes &+= isHasty && irregularities[own].hastyProbes < .max ? 1 : 0
      irregularities[own].probed = core.last.time
    }
    irregularities[own].probesInRow = before == .max ? .max : before + 1
    irregularities[own].packetsAtProbe = core.traffic[own].packets
    irregularities[own].peerPacketsAtProbe = peerPackets
    irregularities[own].unansweredProbes = max(
      irregularities[own].unansweredProbes, irregularities[own].probesInRow)
  }

  /// What an empty segment is for that acknowledges nothing new: an answer to a probe, another window,
  /// a duplicate acknowledgment.
  ///
  /// As Wireshark has it, nothing need be outstanding for the latter.
  private func repetition(_ segment: inout Segment, _ own: Int) -> SegmentFacts {
    let peer = 1 - own
    guard segment.sequence == core.ends[own].next, segment.payloadLength == 0,
      segment.flags.isDisjoint(with: [.syn, .fin, .rst])
    else { return [] }
    // Of an end that only reflects the other no packet is counted.
    let packets = core.traffic[own].packets
    if core.traits.contains(.needsCare), packets > 0,
      irregularities[own].packetsAtProvocation &+ 1 == packets
    {
      return .challengeACK
    }
    guard segment.window == core.traffic[own].windowField(core.ends[own]) else {
      return segment.window == 0 ? [] : .updatesWindow
    }
    if core.traits.contains(.needsCare), irregularities[peer].packetsAtProbe > 0,
      irregularities[peer].packetsAtProbe == core.traffic[peer].packets
    {
      return .answersProbe
    }
    return segment.window != 0 ? .duplicateACK : []
  }

  /// Notes what an end has of its peer beyond what it acknowledges in order (RFC 2018).
  @inline(never)
  func noteSelectiveAcknowledgment(_ segment: inout Segment, _ own: Int) -> SegmentFacts {
    var facts: SegmentFacts = []
    let peer = 1 - own
    let options = segment.options
    for index in 0..<Int(options.sackBlockCount) {
      let block = options.sackBlocks[index]
      let isInside =
        index == 0 && options.sackBlockCount > 1
        && block.left >= options.sackBlocks[1].left && block.right <= options.sackBlocks[1].right
      // What is below or inside another was reported because it came twice (RFC 2883).
      if index == 0, isInside || block.right <= segment.acknowledgment, block.left < block.right {
        facts.insert(.reportsDuplicate)
      }
      guard !isInside, block.left > segment.acknowledgment, block.left < block.right,
        block.right <= core.ends[peer].next
      else { continue }
      irregularities[peer].losses.selectivelyAcknowledged.insert(block.left, block.right)
    }
    return facts
  }
}
