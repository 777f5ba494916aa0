import PacketParser

/// One end of a TCP connection, after RFC 9293 §3.10, and where that leaves a choice or is not
/// followed, as Linux does it.
///
/// Its state changes when a segment that shows it leaves: CLOSE with data still queued waits for the
/// FIN (§3.10.4 has ESTABLISHED left "in any case", which nobody can see from outside).
struct SimulatedEndpoint {
  let own: SocketAddress
  let peer: SocketAddress
  var habits: EndpointHabits
  var random: Randomness

  private(set) var truth: [TrueTransition] = []
  /// What it has sent and nobody has fetched yet.
  var outbox: [(segment: Segment, transmission: Int)] = []
  var state = TrueState.closed
  var block = ControlBlock()
  var now: Int64 = 0
  /// The segment that is arriving.
  var arriving: Cause?

  private var transmissions: Int
  private var identification: UInt16

  init(
    own: SocketAddress, peer: SocketAddress, habits: EndpointHabits, isClient: Bool,
    random: Randomness
  ) {
    self.own = own
    self.peer = peer
    self.habits = habits
    self.random = random
    transmissions = isClient ? 0 : 1
    identification = UInt16(truncatingIfNeeded: own.port)
    state = habits.isListening ? .listen : .closed
  }

  /// The transmission control block (RFC 9293 §3.3.1), new for each connection.
  struct ControlBlock {
    // SND: the initial number, the first unacknowledged, the next, the end of what was written.
    var initialSend = SequenceNumber(0)
    var unacknowledged = SequenceNumber(0)
    var sendNext = SequenceNumber(0)
    var written = SequenceNumber(0)
    var sendWindow: UInt32 = 0
    /// SND.WL1 and SND.WL2: the segment that last updated the window.
    var windowSequence = SequenceNumber(0)
    var windowAcknowledgment = SequenceNumber(0)
    var isFINQueued = false
    var finSequence: SequenceNumber?
    // RCV
    var initialReceive = SequenceNumber(0)
    var receiveNext = SequenceNumber(0)
    /// What was acknowledged last: Linux's rcv_wup.
    var acknowledged = SequenceNumber(0)
    /// The right edge of the window, which never moves left.
    var receiveEdge = SequenceNumber(0)
    var ahead: [(left: SequenceNumber, right: SequenceNumber)] = []
    var peerFIN: SequenceNumber?
    var unread: UInt32 = 0
    var isReading = true
    var hasReachedEnd = false
    // What both SYNs agreed on.
    var isScaling = false
    var sendShift: UInt8 = 0
    var receiveShift: UInt8 = 0
    var hasTimestamps = false
    var hasSACK = false
    var peerTimestamp: UInt32 = 0
    var segmentSize: UInt32 = 536
    var isPassive = false
    /// Data came on the SYN and was taken: the application has its socket already.
    var isFastOpen = false
    /// close(): no application reads any more.
    var isOrphan = false
    // Timers.
    var retransmission: Int64?
    /// Timeouts since something new was acknowledged, which double the next one; and those since
    /// anything was heard of the peer at all.
    var timeouts = 0
    var silentTimeouts = 0
    var recoverUntil: SequenceNumber?
    var duplicateACKs = 0
    var delayedACK: Int64?
    var owesACK = false
    var unacknowledgedSegments = 0
    /// The end of TIME-WAIT, or of FIN-WAIT-2 after close().
    var end: Int64?
    var lastChallenge: Int64?
  }

  // MARK: - States

  mutating func enter(_ next: TrueState, by cause: Cause?) {
    state = next
    truth.append(TrueTransition(state: next, time: Timestamp(nanoseconds: now), cause: cause))
  }

  /// Deletes the control block; a listening socket goes on listening.
  mutating func close(by cause: Cause?) {
    enter(.closed, by: cause)
    block = ControlBlock()
    if habits.isListening { state = .listen }
  }

  /// Whether an application holds a socket that it can read and write.
  var isOpen: Bool {
    switch state {
    case .closed, .listen, .synSent: false
    case .synReceived: block.isFastOpen || !block.isPassive
    default: !block.isOrphan
    }
  }

  var hasReachedEnd: Bool { block.hasReachedEnd }

  // MARK: - Calls of the user (§3.10.1 to §3.10.5)

  /// Active OPEN: by a tuple that is closed, or that waits in TIME-WAIT (tcp_tw_reuse).
  mutating func open(initialSequence: SequenceNumber, writing length: UInt32, at time: Int64) {
    now = time
    // Out of TIME-WAIT there is only the way to CLOSED (§3.3.2), the old control block being deleted.
    if state == .timeWait { enter(.closed, by: nil) }
    block = ControlBlock()
    block.initialSend = initialSequence
    block.unacknowledged = initialSequence
    block.receiveShift = habits.windowScale ?? 0
    let onSYN = habits.usesFastOpen ? min(length, habits.maximumSegmentSize) : 0
    block.written = initialSequence + 1 + length
    block.sendNext = initialSequence + 1 + onSYN
    enter(.synSent, by: emit(.syn, initialSequence, onSYN))
    startRetransmission(after: second)
  }

  /// close() while nothing has answered the SYN, which sends nothing.
  mutating func cancelOpening(at time: Int64) {
    now = time
    if state == .synSent { close(by: nil) }
  }

  mutating func perform(_ act: ApplicationAct, at time: Int64) {
    now = time
    guard isOpen else { return }
    switch act {
    case .write(let length): if !block.isFINQueued { block.written = block.written + length }
    case .stopReading: block.isReading = false
    case .resumeReading:
      block.isReading = true
      block.unread = 0
      if block.receiveEdge - block.receiveNext < habits.buffer / 2, state != .synReceived {
        block.owesACK = true
      }
    case .awaitEnd: break
    case .shutdown: block.isFINQueued = true
    case .close:
      guard block.unread == 0 else { return abort() }
      block.isFINQueued = true
      block.isOrphan = true
      if state == .finWait2 { block.end = now + habits.timeWait }
    case .abort: return abort()
    case .restart: close(by: nil)
    }
    transmit()
    acknowledge()
  }

  /// ABORT (§3.10.5).
  private mutating func abort() {
    switch state {
    case .synReceived, .established, .finWait1, .finWait2, .closeWait:
      close(by: emit([.rst, .ack], block.sendNext))
    default: close(by: nil)
    }
  }

  // MARK: - Sending

  /// Sends what the window allows, and the FIN after the last byte.
  mutating func transmit() {
    guard
      state == .established || state == .closeWait
        || state == .synReceived && (block.isFastOpen || block.written == block.sendNext)
    else { return }
    let allowed = min(block.sendWindow, habits.flight * block.segmentSize)
    let limit = block.unacknowledged + allowed
    while block.finSequence == nil {
      let room = max(0, min(limit - block.sendNext, block.written - block.sendNext))
      let length = min(UInt32(room), block.segmentSize)
      let isLast = block.sendNext + length == block.written
      let sendsFIN = isLast && block.isFINQueued && (habits.joinsFIN || length == 0)
      guard length > 0 || sendsFIN else { break }
      var flags: TCPFlags = length > 0 && isLast ? [.ack, .psh] : .ack
      if sendsFIN { flags.insert(.fin) }
      let cause = emit(flags, block.sendNext, length)
      block.sendNext = block.sendNext + length
      if sendsFIN {
        block.finSequence = block.sendNext
        block.sendNext = block.sendNext + 1
        enter(state == .closeWait ? .lastACK : .finWait1, by: cause)
      }
      if block.retransmission == nil { startRetransmission(after: habits.retransmissionTimeout) }
    }
    // A shut window is probed (§3.8.6.1).
    if block.retransmission == nil, block.written > block.sendNext {
      startRetransmission(after: habits.retransmissionTimeout)
    }
  }

  /// Repeats the first segment that is not acknowledged, or probes.
  mutating func retransmit() {
    switch state {
    case .synSent: emit(.syn, block.initialSend)
    case _ where block.unacknowledged == block.initialSend:
      emit([.syn, .ack], block.initialSend)
    default:
      let end = block.finSequence ?? block.sendNext
      let length = min(UInt32(max(0, end - block.unacknowledged)), block.segmentSize)
      let reachesFIN = block.finSequence == block.unacknowledged + length
      guard length > 0 || reachesFIN else {
        emit(.ack, block.unacknowledged + UInt32.max)
        return
      }
      emit(reachesFIN ? [.ack, .fin] : .ack, block.unacknowledged, length)
    }
  }

  mutating func startRetransmission(after timeout: Int64) {
    block.retransmission = now + timeout << Int64(min(block.timeouts, 5))
  }

  /// Sends the ACK that is due, unless it may wait for data to ride on (§3.8.6.3).
  mutating func acknowledge() {
    guard block.owesACK, state != .closed, state != .listen, state != .synSent else { return }
    if habits.delayedACK == 0 || block.unacknowledgedSegments >= 2 || !block.ahead.isEmpty {
      emit(.ack, block.sendNext)
    } else if block.delayedACK == nil {
      block.delayedACK = now + habits.delayedACK
    }
  }

  /// Answers a segment that is not acceptable (§3.10.7.4, RFC 5961); empty ones at most twice a
  /// second, lest two ends answer each other forever.
  mutating func challenge(_ segment: Segment) {
    if segment.payloadLength == 0, let last = block.lastChallenge, now - last < 500 * millisecond {
      return
    }
    block.lastChallenge = now
    emit(.ack, block.sendNext)
  }

  /// The RST of an end without connection (§3.10.7.1).
  @discardableResult
  mutating func refuse(_ segment: Segment) -> Cause {
    if segment.flags.contains(.ack) { return emit(.rst, segment.acknowledgment) }
    var reset = blankSegment([.rst, .ack], SequenceNumber(0))
    reset.acknowledgment = segment.sequenceEnd
    return send(reset)
  }

  @discardableResult
  mutating func emit(_ flags: TCPFlags, _ sequence: SequenceNumber, _ length: UInt32 = 0) -> Cause {
    var segment = blankSegment(flags, sequence)
    segment.payloadLength = length
    segment.capturedPayloadLength = length
    // A lone RST comes from a kernel without the connection: no window, no options.
    guard flags != .rst else { return send(segment) }
    if flags.contains(.ack) {
      segment.acknowledgment = block.receiveNext
      block.acknowledged = block.receiveNext
      (block.owesACK, block.delayedACK, block.unacknowledgedSegments) = (false, nil, 0)
    }
    let shift = flags.contains(.syn) ? 0 : UInt32(block.receiveShift)
    let offered = block.receiveNext + (habits.buffer - min(block.unread, habits.buffer))
    if flags.contains(.ack), offered > block.receiveEdge { block.receiveEdge = offered }
    let window = UInt32(max(0, offered - block.receiveNext)) >> shift
    segment.window = UInt16(min(window, 65535))
    addOptions(&segment)
    segment.identification = nextIdentification(flags)
    return send(segment)
  }

  private func blankSegment(_ flags: TCPFlags, _ sequence: SequenceNumber) -> Segment {
    var segment = Segment()
    segment.flags = flags
    segment.sequence = sequence
    (segment.sourceHigh, segment.sourceLow) = (own.address.high, own.address.low)
    (segment.destinationHigh, segment.destinationLow) = (peer.address.high, peer.address.low)
    (segment.sourcePort, segment.destinationPort) = (own.port, peer.port)
    segment.ipVersion = own.address.version
    segment.hopLimit = 64
    segment.headerLength = 20
    return segment
  }

  private func addOptions(_ segment: inout Segment) {
    let isSYN = segment.flags.contains(.syn)
    let isAnswer = segment.flags.contains(.ack)
    var length: UInt8 = 0
    func add(_ option: TCPOptionSet, _ bytes: UInt8) {
      segment.options.present.insert(option)
      length += bytes
    }
    if isSYN {
      add(.maximumSegmentSize, 4)
      segment.options.maximumSegmentSize = UInt16(habits.maximumSegmentSize)
      if isAnswer ? block.hasSACK : habits.usesSACK { add(.sackPermitted, 2) }
      if let scale = habits.windowScale, !isAnswer || block.isScaling {
        add(.windowScale, 3)
        segment.options.windowScale = scale
      }
      if !isAnswer, habits.usesFastOpen {
        add(.fastOpen, 10)
        segment.options.fastOpenCookieLength = 8
      }
    }
    if isAnswer ? block.hasTimestamps : habits.usesTimestamps {
      add(.timestamps, 10)
      segment.options.timestampValue = UInt32(truncatingIfNeeded: now / millisecond)
      segment.options.timestampEcho = block.peerTimestamp
    }
    if block.hasSACK, !isSYN, !block.ahead.isEmpty {
      let ranges = block.ahead.prefix(3)
      add(.sack, 2 + 8 * UInt8(ranges.count))
      segment.options.sackBlockCount = UInt8(ranges.count)
      for (index, range) in ranges.enumerated() {
        segment.options.sackBlocks[index].left = range.left
        segment.options.sackBlocks[index].right = range.right
      }
    }
    segment.headerLength += (length + 3) & ~3
  }

  /// Linux counts the packets of a socket; a SYN-ACK has 0.
  private mutating func nextIdentification(_ flags: TCPFlags) -> UInt16 {
    guard own.address.version == .v4, !flags.contains([.syn, .ack]) else { return 0 }
    identification &+= 1
    return identification
  }

  private mutating func send(_ segment: Segment) -> Cause {
    var segment = segment
    segment.packetLength =
      (segment.ipVersion == .v4 ? 20 : 40) + UInt32(segment.headerLength) + segment.payloadLength
    segment.checksum = checksum(of: segment)
    transmissions += 2
    outbox.append((segment, transmissions))
    return .sending(transmissions)
  }

  /// A sum over what the sender chose, as the TCP checksum is one: it tells copies from repeats.
  private func checksum(of segment: Segment) -> UInt16 {
    let words: [UInt32] = [
      segment.sequence.rawValue, segment.acknowledgment.rawValue, UInt32(segment.flags.rawValue),
      UInt32(segment.window), segment.payloadLength, segment.options.timestampValue,
      segment.options.timestampEcho, segment.options.sackBlocks[0].right.rawValue,
    ]
    let sum = words.reduce(UInt64(0)) { $0 + UInt64($1 >> 16) + UInt64($1 & 0xffff) }
    return ~UInt16(truncatingIfNeeded: sum % 65535)
  }
}
