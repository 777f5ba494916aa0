import PacketParser

// SEGMENT ARRIVES (RFC 9293 §3.10.7), step by step in the RFC's order.
extension SimulatedEndpoint {
  mutating func take(_ segment: Segment, frame: Int, at time: Int64) {
    now = time
    arriving = .arrival(frame: frame)
    switch state {
    case .closed: arriveClosed(segment)
    case .listen: arriveListening(segment)
    case .synSent: arriveSYNSent(segment)
    default: arriveSynchronized(segment)
    }
    transmit()
    acknowledge()
  }

  /// CLOSED (§3.10.7.1): no connection, and no listening socket either.
  private mutating func arriveClosed(_ segment: Segment) {
    guard !segment.flags.contains(.rst) else { return }
    // Who refuses the first SYN was in CLOSED when it came.
    if truth.isEmpty { enter(.closed, by: arriving) }
    refuse(segment)
  }

  /// LISTEN (§3.10.7.2).
  private mutating func arriveListening(_ segment: Segment) {
    if segment.flags.contains(.rst) { return }
    if segment.flags.contains(.ack) {
      refuse(segment)
      return
    }
    guard segment.flags.contains(.syn) else { return }
    if habits.ignoredSYNs > 0 {
      habits.ignoredSYNs -= 1
      return
    }
    enter(.listen, by: arriving)
    block = ControlBlock()
    block.isPassive = true
    block.initialSend = SequenceNumber(UInt32.random(in: 0 ... .max, using: &random))
    if random.chance(0.05) { block.initialSend = SequenceNumber(.max) }
    block.unacknowledged = block.initialSend
    block.sendNext = block.initialSend + 1
    block.written = block.sendNext
    synchronize(segment)
    if habits.usesFastOpen, segment.payloadLength > 0 {
      block.isFastOpen = true
      block.receiveNext = block.receiveNext + segment.payloadLength
      read(segment.payloadLength)
    }
    enter(.synReceived, by: emit([.syn, .ack], block.initialSend))
    startRetransmission(after: second)
  }

  /// Takes in what a SYN says: its number, its window, its options.
  private mutating func synchronize(_ segment: Segment) {
    block.initialReceive = segment.sequence
    block.receiveNext = segment.sequence + 1
    block.acknowledged = block.receiveNext
    block.receiveEdge = block.receiveNext
    block.sendWindow = UInt32(segment.window)
    block.windowSequence = segment.sequence
    let offered = segment.options.present
    // RFC 7323 §2.2: both or neither.
    block.isScaling = habits.windowScale != nil && offered.contains(.windowScale)
    block.sendShift = block.isScaling ? segment.options.windowScale : 0
    block.receiveShift = block.isScaling ? habits.windowScale ?? 0 : 0
    block.hasTimestamps = habits.usesTimestamps && offered.contains(.timestamps)
    block.hasSACK = habits.usesSACK && offered.contains(.sackPermitted)
    block.peerTimestamp = segment.options.timestampValue
    block.segmentSize = min(
      UInt32(segment.options.maximumSegmentSize), habits.maximumSegmentSize)
  }

  /// SYN-SENT (§3.10.7.3).
  private mutating func arriveSYNSent(_ segment: Segment) {
    let hasACK = segment.flags.contains(.ack)
    let acknowledges =
      hasACK && segment.acknowledgment > block.initialSend
      && segment.acknowledgment <= block.sendNext
    if hasACK, !acknowledges {
      guard !segment.flags.contains(.rst) else { return }
      refuse(segment)
      // Linux repeats the SYN soon after.
      block.retransmission = now + 15 * millisecond
      return
    }
    if segment.flags.contains(.rst) {
      if acknowledges { close(by: arriving) }
      return
    }
    guard segment.flags.contains(.syn) else { return }
    synchronize(segment)
    if acknowledges {
      block.unacknowledged = segment.acknowledgment
      block.windowAcknowledgment = segment.acknowledgment
      // Data on the SYN that were not taken are sent again.
      block.sendNext = segment.acknowledgment
      stopRetransmission()
      enter(.established, by: arriving)
      owe(immediately: block.written == block.sendNext)
    } else {
      block.sendNext = block.initialSend + 1
      enter(.synReceived, by: arriving)
      emit([.syn, .ack], block.initialSend)
      block.timeouts = 0
      startRetransmission(after: second)
    }
  }

  /// All other states (§3.10.7.4).
  private mutating func arriveSynchronized(_ segment: Segment) {
    let isSYN = segment.flags.contains(.syn) && !segment.flags.contains(.ack)
    if state == .timeWait, isSYN, habits.isListening, segment.sequence > block.receiveNext {
      // A new incarnation (§3.6.1, RFC 6191; Linux's tcp_timewait_state_process).
      close(by: nil)
      arriveListening(segment)
      return
    }
    if state == .synReceived, isSYN, segment.sequence == block.initialReceive {
      emit([.syn, .ack], block.initialSend)
      return
    }

    // First: the sequence number, as Linux's tcp_sequence has it. A repeat that ends where the last
    // ACK stood passes, so that what it acknowledges counts (draft-gont-tcpm-tcp-seq-validation).
    guard segment.sequenceEnd >= block.acknowledged, segment.sequence <= block.receiveEdge else {
      if !segment.flags.contains(.rst) {
        challenge(segment)
        if state == .timeWait { block.end = now + habits.timeWait }
      }
      return
    }

    // Second: RST (RFC 5961 §3.2).
    if segment.flags.contains(.rst) {
      takeReset(segment)
      return
    }

    // Fourth: SYN (RFC 5961 §4.2); in a simultaneous open the SYN-ACK is the ACK (§3.5, figure 7).
    if segment.flags.contains(.syn) {
      let completes =
        state == .synReceived && segment.flags.contains(.ack)
        && segment.sequence == block.initialReceive && segment.acknowledgment == block.sendNext
      guard completes else {
        challenge(segment)
        return
      }
    }

    // Fifth: ACK.
    guard segment.flags.contains(.ack), takeAcknowledgment(segment) else { return }

    // Seventh and eighth: data and FIN.
    if !segment.flags.contains(.syn) { takeText(segment) }
  }

  private mutating func takeReset(_ segment: Segment) {
    if state == .synReceived, block.isPassive {
      // Linux takes any RST in the window of a request that has no socket yet.
      guard !block.isFastOpen || segment.sequence == block.receiveNext else {
        challenge(segment)
        return
      }
      enter(.listen, by: arriving)
      block = ControlBlock()
      return
    }
    // Linux's tcp_reset_check: a RST with the number of the FIN before it.
    let followsFIN =
      block.hasReachedEnd && segment.sequence + 1 == block.receiveNext
      && (state == .closeWait || state == .lastACK || state == .closing)
    guard segment.sequence == block.receiveNext || followsFIN else {
      challenge(segment)
      return
    }
    close(by: arriving)
  }

  /// - Returns: Whether the rest of the segment is to be looked at.
  private mutating func takeAcknowledgment(_ segment: Segment) -> Bool {
    let number = segment.acknowledgment
    if state == .synReceived {
      guard number > block.unacknowledged, number <= block.sendNext else {
        refuse(segment)
        return false
      }
      enter(.established, by: arriving)
      block.windowSequence = segment.sequence
    }
    guard number <= block.sendNext else {
      challenge(segment)
      return false
    }
    if number > block.unacknowledged {
      block.unacknowledged = number
      block.duplicateACKs = 0
      stopRetransmission()
      if number < block.sendNext {
        // What was sent before the timeout is repeated as far as it is not acknowledged.
        if let end = block.recoverUntil, number < end { retransmit() }
        startRetransmission(after: habits.retransmissionTimeout)
      }
      if let end = block.recoverUntil, number >= end { block.recoverUntil = nil }
    } else if number == block.unacknowledged, segment.sequenceLength == 0,
      number < block.sendNext
    {
      block.duplicateACKs += 1
      if block.duplicateACKs == 3 { retransmit() }
    }
    let isNewer =
      segment.sequence > block.windowSequence
      || segment.sequence == block.windowSequence && number >= block.windowAcknowledgment
    if isNewer, number == block.unacknowledged {
      let shift = segment.flags.contains(.syn) ? 0 : UInt32(block.sendShift)
      block.sendWindow = UInt32(segment.window) << shift
      block.windowSequence = segment.sequence
      block.windowAcknowledgment = number
      if block.unacknowledged == block.sendNext {
        // The answer to a probe: the peer is alive.
        block.silentTimeouts = 0
        if block.sendWindow > 0 { stopRetransmission() }
      }
    }
    if let fin = block.finSequence, number > fin {
      switch state {
      case .finWait1:
        enter(.finWait2, by: arriving)
        if block.isOrphan { block.end = now + habits.timeWait }
      case .closing: waitTwoMSL()
      case .lastACK:
        close(by: arriving)
        return false
      default: break
      }
    }
    return true
  }

  private mutating func takeText(_ segment: Segment) {
    let length = segment.payloadLength
    let end = segment.sequence + length
    if state == .finWait1 || state == .finWait2, block.isOrphan, length > 0, end > block.receiveNext
    {
      // §3.6.1: data after close() are refused, and the connection with them.
      close(by: refuse(segment))
      return
    }
    if segment.flags.contains(.fin), block.peerFIN == nil { block.peerFIN = end }
    let before = block.receiveNext
    let takesText = state == .established || state == .finWait1 || state == .finWait2
    if length > 0, takesText { accept(segment.sequence, end) }
    if let fin = block.peerFIN, fin == block.receiveNext, !block.hasReachedEnd { takeFIN() }
    guard segment.sequenceLength > 0 else {
      // A probe: its number was used before.
      if segment.sequence < before { owe(immediately: true) }
      return
    }
    let isOutOfOrder = block.receiveNext == before || segment.sequence < before
    // A FIN may wait for what the application of CLOSE-WAIT does; no other state waits (tcp_fin).
    owe(immediately: isOutOfOrder || state == .closing || state == .timeWait)
    if state == .timeWait { block.end = now + habits.timeWait }
  }

  /// Puts bytes into their place, and moves RCV.NXT on as far as there is no hole.
  private mutating func accept(_ start: SequenceNumber, _ end: SequenceNumber) {
    let end = end < block.receiveEdge ? end : block.receiveEdge
    guard end > block.receiveNext else { return }
    var range = (left: start > block.receiveNext ? start : block.receiveNext, right: end)
    for other in block.ahead where other.left <= range.right && range.left <= other.right {
      range.left = other.left < range.left ? other.left : range.left
      range.right = other.right > range.right ? other.right : range.right
    }
    block.ahead.removeAll { range.left <= $0.left && $0.right <= range.right }
    guard range.left == block.receiveNext else {
      block.ahead.insert(range, at: 0)
      return
    }
    read(UInt32(range.right - range.left))
    block.receiveNext = range.right
  }

  private mutating func read(_ length: UInt32) {
    if !block.isReading { block.unread += length }
  }

  private mutating func takeFIN() {
    block.receiveNext = block.receiveNext + 1
    block.hasReachedEnd = true
    switch state {
    case .established: enter(.closeWait, by: arriving)
    case .finWait1: enter(.closing, by: arriving)
    case .finWait2: waitTwoMSL()
    default: break
    }
  }

  private mutating func waitTwoMSL() {
    enter(.timeWait, by: arriving)
    stopRetransmission()
    block.end = now + habits.timeWait
  }

  private mutating func owe(immediately: Bool) {
    block.owesACK = true
    block.unacknowledgedSegments += immediately ? 2 : 1
  }

  private mutating func stopRetransmission() {
    block.retransmission = nil
    block.timeouts = 0
    block.silentTimeouts = 0
  }
}

// The timeouts (§3.10.8).
extension SimulatedEndpoint {
  var nextTimer: Int64? {
    [block.retransmission, block.delayedACK, block.end].compactMap(\.self).min()
  }

  mutating func runTimers(at time: Int64) {
    now = time
    if let end = block.end, end <= now {
      close(by: nil)
      return
    }
    if let due = block.delayedACK, due <= now { emit(.ack, block.sendNext) }
    guard let due = block.retransmission, due <= now else { return }
    guard block.silentTimeouts < habits.patience else {
      // Linux gives up without a word.
      close(by: nil)
      return
    }
    retransmit()
    block.recoverUntil = block.sendNext
    block.timeouts += 1
    block.silentTimeouts += 1
    startRetransmission(
      after: state == .synSent || state == .synReceived
        ? second : habits.retransmissionTimeout)
  }
}
