import PacketParser

// The observer's version of "SEGMENT ARRIVES" (RFC 9293 §3.10.7): a segment says something of its
// sender, which sent it, and something of the other end, which it reaches. The rule here is the
// plain one: what was seen has arrived.
extension LiveConnection {
  /// Takes in the next segment of the connection, which is `inout` for speed alone.
  @inline(__always)
  func take(_ segment: inout Segment, from sender: Side) -> SegmentFacts {
    let sinceLast = segment.time.nanoseconds &- core.last.time.nanoseconds
    if sinceLast >= LongSilence.shortest {
      irregularities[Int(sender.rawValue)].silence = LongSilence(
        nanoseconds: sinceLast, peerPackets: core.traffic[Int(sender.peer.rawValue)].packets)
    }
    count(&segment, Int(sender.rawValue))
    if core.traits.contains(.hasOneEnd) {
      return takeOwn(&segment, from: sender, nanosecondsSinceLast: sinceLast)
    }
    return judge(&segment, from: sender, nanosecondsSinceLast: sinceLast)
  }

  /// Takes in a segment that was counted.
  @inline(__always)
  func judge(
    _ segment: inout Segment, from sender: Side, nanosecondsSinceLast: Int64
  ) -> SegmentFacts {
    let own = Int(sender.rawValue)
    let age =
      core.traffic[own].noteLatest(&segment, at: core.ends[own])
      ? .latest : placeInTime(&segment, own, nanosecondsSinceLast: nanosecondsSinceLast)
    if age == .copy { return noteCopy(&segment, own) }

    guard segment.flags.isDisjoint(with: [.syn, .fin, .rst]) else {
      return takeControl(&segment, from: sender, age, nanosecondsSinceLast: nanosecondsSinceLast)
    }
    if core.ends[1 - own].state == .synReceived { chooseAnswer(by: &segment, from: own) }
    var facts = place(&segment, own, age, nanosecondsSinceLast: nanosecondsSinceLast)
    guard facts.isDisjoint(with: [.outsideWindow, .duplicateFrame]) else { return facts }
    facts.formUnion(findFault(with: &segment, own, facts))
    if age == .latest { facts.formUnion(findRegress(in: &segment, own)) }
    let aboutWindows = findUseAndChangeOfWindow(by: &segment, own, age, facts)
    facts.formUnion(noteNumbers(&segment, own, age))
    guard !facts.contains(.outsideWindow) else { return facts }
    facts.formUnion(aboutWindows)
    if !core.traits.contains(.isSteady) {
      facts.formUnion(advance(&segment, from: sender))
      noteSteadiness()
    }
    return facts
  }

  /// Whether its receiver discards a segment for its checksum (RFC 9293 §3.1), wherever it lies.
  func isDiscarded(_ segment: inout Segment, _ own: Int) -> Bool {
    segment.checksumStatus == .wrong && core.ends[own].knows.contains(.correctChecksums)
  }

  /// Whether the checksum of an end's SYN was wrong already, so that those of all its segments may be.
  private func leavesChecksumsToCard(_ own: Int) -> Bool {
    core.ends[own].knows.intersection([.initialSequence, .correctChecksums]) == .initialSequence
  }

  /// What a segment without SYN and RST says that its sender must not say.
  @inline(__always)
  private func findFault(
    with segment: inout Segment, _ own: Int, _ facts: SegmentFacts
  ) -> SegmentFacts {
    let peer = 1 - own
    // Whatever a segment says that is discarded; and a probe brings nothing.
    guard segment.checksumStatus != .wrong, !facts.contains(.probe) else { return [] }
    var faults = faultsWithFINs(of: &segment, own)
    // What acknowledges the answer has had it, wherever the capture has put that.
    if core.ends[own].state == .synSent, segment.payloadLength > 0, !segment.flags.contains(.ack) {
      faults.insert(.prematurePayload)
    }
    if core.ends[own].knows.contains(.fin), segment.payloadLength > 0,
      segment.sequence + segment.payloadLength > history.ends[own].finSequence
    {
      return faults.union(.dataAfterFIN)
    }
    guard core.ends[peer].state == .synReceived, segment.flags.contains(.ack),
      core.ends[peer].knows.isSuperset(of: [.initialSequence, .next])
    else { return faults }
    let isRight =
      segment.acknowledgment > history.ends[peer].initialSequence
      && segment.acknowledgment - core.ends[peer].next < furthestAcknowledgment(own)
    return isRight ? faults : faults.union(.wrongAcknowledgment)
  }

  /// An acknowledgment below an earlier one, on a segment that was sent later than all others.
  @inline(__always)
  private func findRegress(in segment: inout Segment, _ own: Int) -> SegmentFacts {
    let isLess =
      segment.flags.contains(.ack) && core.ends[own].knows.contains(.acknowledged)
      && segment.acknowledgment < core.ends[own].acknowledged
    return isLess ? .acknowledgesLess : []
  }

  /// Remembers what is remarkable of a segment.
  @inline(never)
  func note(_ facts: SegmentFacts, of sender: Side, frame: Int) {
    var facts = facts.intersection(.remarkable)
    // Repeats of SYN and FIN are counted by themselves, and not among those of data.
    if !facts.isDisjoint(with: [.repeatsSYN, .repeatsFIN]) { facts.subtract(.causes) }
    let end = Int(sender.rawValue)
    if facts.contains(.duplicateFrame) {
      toldIrregularities[end].sightings.note(facts, frame: frame, of: history.first.frame)
    } else {
      irregularities[end].sightings.note(facts, frame: frame, of: history.first.frame)
    }
  }

  /// Whatever may have changed a state or what is known of it ends with this.
  @inline(__always)
  func noteSteadiness() {
    let areEstablished =
      core.ends[0].state == .established && core.ends[1].state == .established
    let known = core.ends[0].knows.union(core.ends[1].knows)
    if areEstablished, known.isDisjoint(with: [.fin, .awaitsProof]) {
      core.traits.insert(.isSteady)
    } else {
      core.traits.remove(.isSteady)
    }
  }

  @inline(never)
  private func takeControl(
    _ segment: inout Segment, from sender: Side, _ age: SendingOrder.Place,
    nanosecondsSinceLast: Int64
  ) -> SegmentFacts {
    defer { noteSteadiness() }
    return judgeControl(&segment, from: sender, age, nanosecondsSinceLast: nanosecondsSinceLast)
  }

  @inline(__always)
  private func judgeControl(
    _ segment: inout Segment, from sender: Side, _ age: SendingOrder.Place,
    nanosecondsSinceLast: Int64
  ) -> SegmentFacts {
    let own = Int(sender.rawValue)
    if segment.flags.contains(.rst) {
      return takeReset(&segment, from: sender, nanosecondsSinceLast: nanosecondsSinceLast)
    }
    if segment.checksumStatus == .correct { core.ends[own].knows.insert(.correctChecksums) }
    if segment.flags.contains(.syn) {
      return takeSYN(&segment, from: sender, age, nanosecondsSinceLast: nanosecondsSinceLast)
    }
    if isDiscarded(&segment, own) {
      // What it brings is counted, but nobody hears that its end has closed.
      segment.flags.remove(.fin)
    }

    if core.ends[1 - own].state == .synReceived { chooseAnswer(by: &segment, from: own) }
    var facts = place(&segment, own, age, nanosecondsSinceLast: nanosecondsSinceLast)
    guard facts.isDisjoint(with: [.outsideWindow, .duplicateFrame]) else { return facts }
    facts.formUnion(findFault(with: &segment, own, facts))
    let aboutWindows = findUseAndChangeOfWindow(by: &segment, own, age, facts)
    facts.formUnion(noteNumbers(&segment, own, age))
    guard !facts.contains(.outsideWindow) else { return facts }
    facts.formUnion(aboutWindows)
    if core.ends[own].knows.contains(.fin), facts.contains(.repeatsData), !facts.contains(.movesFIN)
    {
      facts.insert(.repeatsFIN)
    }
    if segment.flags.contains(.fin), core.ends[own].knows.isDisjoint(with: .fin),
      core.ends[own].knows.contains(.holes)
    {
      facts.insert(.finAheadOfData)
    }
    history.traces[own].note(&segment)
    facts.formUnion(advance(&segment, from: sender))
    return facts
  }

  @inline(__always)
  private func count(_ segment: inout Segment, _ own: Int) {
    core.traffic[own].packets &+= 1
    core.traffic[own].bytes &+= UInt64(segment.packetLength)
    core.traffic[own].payload &+= UInt64(segment.payloadLength)
    core.traffic[own].flagsSeen.formUnion(segment.flags)
    core.ends[own].knows.insert(.hasSent)
    core.last = FrameMark(segment)
    if segment.flags.contains(.syn) {
      core.traits.insert(segment.flags.contains(.ack) ? .sawSYNACK : .sawSYN)
    } else {
      // By masks, since one segment in two is empty.
      let isEmpty: UInt16 = segment.payloadLength == 0 ? .max : 0
      let ifACK = segment.flags.contains(.ack) ? ConnectionCore.Traits.sawBareACK : []
      core.traits.formUnion(ConnectionCore.Traits(rawValue: ifACK.rawValue & isEmpty))
    }
  }

  /// What the acknowledgment number and the window of a segment without SYN and RST say.
  @inline(__always)
  private func noteNumbers(
    _ segment: inout Segment, _ own: Int, _ age: SendingOrder.Place
  ) -> SegmentFacts {
    var facts: SegmentFacts = []
    if segment.flags.contains(.ack) {
      if segment.options.sackBlockCount > 0 {
        facts = noteSelectiveAcknowledgment(&segment, own)
      }
      facts.formUnion(noteAcknowledgment(&segment, own))
    }
    // What was sent before others says nothing of the window now (SND.WL1 and WL2, RFC 9293 §3.10.7.4).
    let isOld =
      age.isOld
      || segment.flags.contains(.ack) && segment.acknowledgment < core.ends[own].acknowledged
    guard !isOld, segment.checksumStatus != .wrong || leavesChecksumsToCard(own) else {
      return facts
    }
    return facts.union(
      noteWindow(
        segment.window, segment.flags, own, bringsPayload: segment.payloadLength > 0))
  }

  /// What the acknowledgment number says of the peer's bytes.
  @inline(__always)
  private func noteAcknowledgment(_ segment: inout Segment, _ own: Int) -> SegmentFacts {
    let peer = 1 - own
    let number = segment.acknowledgment
    let before =
      core.ends[own].knows.contains(.acknowledged)
      ? core.ends[own].acknowledged : number + UInt32.max
    let new = number - before
    if !core.ends[peer].knows.isSuperset(of: [.hasSent, .next]) {
      // Only one direction is captured, or the other has not spoken yet.
      if new > 0 { core.ends[peer].begin(at: number) }
    } else if number - core.ends[peer].next >= furthestAcknowledgment(own) {
      return new > 0 ? .outsideWindow : []
    }
    // Without a branch: whether an acknowledgment is new is nothing that a processor can foresee.
    core.ends[own].acknowledged = before + UInt32(bitPattern: max(new, 0))
    core.ends[own].knows.insert(.acknowledged)
    if new == 0, segment.payloadLength == 0 { return noteRepetition(&segment, own) }
    var facts: SegmentFacts = []
    if core.traits.contains(.needsCare), new > 0,
      irregularities[peer].losses.noteAcknowledged(number), !selects(&segment, number)
    {
      facts = .reneges
    }
    guard number > core.ends[peer].next || core.ends[peer].knows.contains(.holes), new > 0 else {
      return facts
    }
    guard core.ends[peer].learnAcknowledged(number, &irregularities[peer]) else { return facts }
    irregularities[peer].gapTime = core.last.time
    return facts.union(.acknowledgesUnseen)
  }

  /// Whether a segment acknowledges a byte selectively; some do so for the next one too.
  private func selects(_ segment: inout Segment, _ number: SequenceNumber) -> Bool {
    let options = segment.options
    return (0..<Int(options.sackBlockCount)).contains {
      options.sackBlocks[$0].left <= number && number < options.sackBlocks[$0].right
    }
  }

  /// Gives a segment that is no RST its place in its sender's sequence space.
  @inline(__always)
  func place(
    _ segment: inout Segment, _ own: Int, _ age: SendingOrder.Place, nanosecondsSinceLast: Int64
  ) -> SegmentFacts {
    if core.ends[own].placeNext(&segment) {
      return core.traits.contains(.needsCare) && irregularities[own].followsGap(&segment)
        ? .gapBefore : []
    }
    return placeElsewhere(&segment, own, age, nanosecondsSinceLast)
  }

  /// The end of what was seen of an end without a hole: what its peer would acknowledge.
  func contiguous(_ end: Int) -> SequenceNumber {
    core.ends[end].knows.contains(.holes)
      ? irregularities[end].contiguous : core.ends[end].next
  }

  /// How far beyond what was seen of the peer an acknowledgment is believed: the capture may have
  /// missed much, but hardly more than a window before the handshake was over (RFC 9293 §3.10.7.4 has
  /// a RST answer an acknowledgment of what was not sent).
  @inline(__always)
  private func furthestAcknowledgment(_ own: Int) -> Int32 {
    let state = core.ends[1 - own].state
    guard state == .synReceived || state == .synSent else {
      return EndpointPosition.plausibleDistance
    }
    return Int32(clamping: max(core.traffic[own].windowMaximum, UInt32(UInt16.max)))
  }
}
