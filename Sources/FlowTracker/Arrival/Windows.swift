import PacketParser

// What an end offers to take, and whether its peer keeps to it (RFC 9293 §3.8.6, RFC 7323 §2).
extension LiveConnection {
  /// Windows that are smaller, and more bytes on their way, are looked at closely.
  static let easyWindow: UInt32 = 4096
  /// A window that shrinks by less, in bytes, or by less than a unit of its scale, was rounded.
  private static let rounding: UInt32 = 256

  /// A window as a segment without SYN has it, in bytes.
  @inline(__always)
  func window(of segment: inout Segment, _ own: Int) -> UInt32 {
    UInt32(segment.window) &<< UInt32(core.ends[own].windowShift)
  }

  /// Notes the window of a segment, after its acknowledgment number.
  @inline(__always)
  func noteWindow(
    _ field: UInt16, _ flags: TCPFlags, _ own: Int, bringsPayload: Bool = false
  ) -> SegmentFacts {
    // RFC 7323 §2.2: the window in a SYN or SYN-ACK is never scaled.
    let shift = flags.contains(.syn) ? 0 : core.ends[own].windowShift
    let window = UInt32(field) &<< UInt32(shift)
    core.traffic[own].window = window
    core.traffic[own].windowMaximum = max(window, core.traffic[own].windowMaximum)
    noteNarrowness()
    guard window == 0 else {
      if core.traits.contains(.needsCare) {
        irregularities[own].shutWindow.end(
          at: core.last.time, peerPackets: core.traffic[1 - own].packets,
          mayAsk: bringsPayload)
      }
      return []
    }
    guard flags.isDisjoint(with: [.syn, .fin, .rst]) else { return [] }
    irregularities[own].zeroWindows &+= 1
    irregularities[own].shutWindow.shut(
      at: core.last.time, peerPackets: core.traffic[1 - own].packets)
    return .zeroWindow
  }

  /// Notes whether one of the windows is small: what comes then is predicted by nobody.
  @inline(__always)
  func noteNarrowness() {
    let isNarrow = (0..<2).contains {
      core.ends[$0].knows.contains(.windowShift) && core.traffic[$0].window < Self.easyWindow
    }
    if isNarrow { core.traits.insert(.isNarrow) } else { core.traits.remove(.isNarrow) }
  }

  /// Whether a segment, the next in order of its end and not noted yet, is far from the end of its
  /// receiver's window, and leaves its own end a window that is wide, and no smaller than before.
  @inline(__always)
  func leavesRoom(_ segment: inout Segment, _ own: Int) -> Bool {
    let peer = 1 - own
    let window = window(of: &segment, own)
    let acknowledged = UInt32(
      bitPattern: segment.acknowledgment - core.ends[own].acknowledged)
    let underWay = UInt32(bitPattern: segment.sequenceEnd - core.ends[peer].acknowledged)
    let isEasy =
      underWay < Self.easyWindow && window >= Self.easyWindow
      && window &+ acknowledged &+ Self.rounding > core.traffic[own].window
    return isEasy || leavesRoomCloselySeen(&segment, own)
  }

  @inline(never)
  private func leavesRoomCloselySeen(_ segment: inout Segment, _ own: Int) -> Bool {
    guard knowsWindow(of: own) else { return true }
    return window(of: &segment, own) >= Self.easyWindow
      && changeOfWindow(by: &segment, own, .latest) == []
      && useOfWindow(by: &segment, own, []) == []
  }

  /// What a segment does with the window of its receiver and with its own, of which the numbers are not
  /// noted yet.
  @inline(__always)
  func findUseAndChangeOfWindow(
    by segment: inout Segment, _ own: Int, _ age: SendingOrder.Place, _ facts: SegmentFacts
  ) -> SegmentFacts {
    guard segment.checksumStatus != .wrong else { return [] }
    return useOfWindow(by: &segment, own, facts).union(changeOfWindow(by: &segment, own, age))
      .union(segment.window == 0 ? slam(by: &segment, own) : [])
  }

  /// Whether an end shuts its window when it acknowledges the FIN of its peer.
  private func slam(by segment: inout Segment, _ own: Int) -> SegmentFacts {
    let peer = 1 - own
    // One that is full with what came before was not shut for the FIN.
    let acknowledged = Int64(segment.acknowledgment - core.ends[own].acknowledged)
    let isSlam =
      Int64(core.traffic[own].window) >= acknowledged && core.traffic[own].window > 0
      && segment.flags.intersection([.ack, .rst]) == .ack && core.ends[peer].knows.contains(.fin)
      && segment.acknowledgment == history.ends[peer].finSequence + 1
    return isSlam ? .shutsWindowOnFIN : []
  }

  /// Whether payload that is new fills the window of its receiver, or goes beyond it.
  ///
  /// - Parameters:
  ///   - segment: A segment that was placed, or is the next in order.
  ///   - own: Its end.
  ///   - facts: What its place has shown.
  /// - Returns: `fillsWindow`, `exceedsWindow` or `probe`, if so.
  @inline(__always)
  func useOfWindow(by segment: inout Segment, _ own: Int, _ facts: SegmentFacts) -> SegmentFacts {
    guard segment.payloadLength > 0 else { return [] }
    if core.traits.contains(.needsCare) { irregularities[own].shutWindow.noteRequest() }
    guard
      facts.isDisjoint(with: [.repeatsData, .repairsLoss, .outOfOrder, .capturedLate, .probe])
        || facts.isSuperset(of: [.repeatsData, .repeatsPartly])
    else { return [] }
    return useOfWindow(
      upTo: segment.sequence + segment.payloadLength, 1 - own,
      isLoneByte: segment.payloadLength == 1 && !segment.flags.contains(.fin))
  }

  @inline(never)
  private func useOfWindow(
    upTo end: SequenceNumber, _ peer: Int, isLoneByte: Bool
  ) -> SegmentFacts {
    if isLoneByte, isProbeOfShutWindow(upTo: end, peer) {
      noteProbe(1 - peer)
      irregularities[peer].shutWindow.noteData(at: core.last.time)
      return .probe
    }
    guard knowsWindow(of: peer) else { return [] }
    if core.traits.contains(.needsCare) {
      irregularities[peer].shutWindow.noteData(at: core.last.time)
    }
    let edge = core.ends[peer].acknowledged + core.traffic[peer].window
    if end == edge, core.traffic[peer].window > 0 { return .fillsWindow }
    // Up to a unit is lost in scaling, and one byte is a probe (RFC 9293 §3.8.6.1).
    let unit: Int32 = 1 &<< Int32(core.ends[peer].windowShift)
    return end - edge > unit ? .exceedsWindow : []
  }

  /// Whether a byte, up to `end` and new, can only ask a receiver whether its window is open again (RFC 9293
  /// §3.8.6.1): its sender knows that it is shut, and has waited.
  private func isProbeOfShutWindow(upTo end: SequenceNumber, _ peer: Int) -> Bool {
    guard core.traits.contains(.needsCare), core.ends[peer].knows.contains(.acknowledged),
      end == core.ends[peer].acknowledged + 1,
      let shut = irregularities[peer].shutWindow.nanosecondsShut(until: core.last.time)
    else { return false }
    return shut >= max(LossEvidence.shortestTimeout, measuredRoundTrip(to: 1 - peer) ?? 0)
  }

  /// Whether a segment takes back a part of the window that its end has offered, or opens it by little.
  ///
  /// - Parameters:
  ///   - segment: A segment of which the numbers are not noted yet.
  ///   - own: Its end.
  ///   - age: When it was sent, compared to the others.
  /// - Returns: `shrinksWindow` or `opensWindowSlightly`, if so.
  @inline(__always)
  func changeOfWindow(
    by segment: inout Segment, _ own: Int, _ age: SendingOrder.Place
  ) -> SegmentFacts {
    guard segment.flags.intersection([.ack, .syn, .rst]) == .ack, knowsWindow(of: own) else {
      return []
    }
    let window = window(of: &segment, own)
    let acknowledged = segment.acknowledgment - core.ends[own].acknowledged
    let step =
      Int64(window) &+ Int64(acknowledged) &- Int64(core.traffic[own].window)
    // As most windows are: what is acknowledged is taken off, and what was read is added.
    if step > -rounding(own), window == 0 || window >= Self.easyWindow { return [] }
    return unusualChange(by: step, to: window, acknowledged: acknowledged, own, age)
  }

  @inline(never)
  private func unusualChange(
    by step: Int64, to window: UInt32, acknowledged: Int32, _ own: Int, _ age: SendingOrder.Place
  ) -> SegmentFacts {
    // Where windows are scaled, that of a SYN is none to be held to: it had to do without.
    guard let offer = history.ends[own].offer,
      core.ends[own].windowShift == 0 || core.traffic[own].window != UInt32(offer.window),
      acknowledged >= 0, acknowledged < EndpointPosition.plausibleDistance, !age.isOld,
      !expectsNothing(own)
    else { return [] }
    guard step > -rounding(own) else {
      return acknowledged > 0 || age == .latest ? .shrinksWindow : []
    }
    // RFC 9293 §3.8.6.2.2, and the default of §3.7.1.
    let segmentSize = offer.present.contains(.maximumSegmentSize) ? offer.maximumSegmentSize : 536
    let worthwhile = min(UInt32(segmentSize), core.traffic[own].windowMaximum / 2, Self.easyWindow)
    // Who rounds its window up to a unit opens it by less than that.
    let unit: Int64 = 1 &<< Int64(core.ends[own].windowShift)
    return step > unit && step < worthwhile && window > 0 && window < worthwhile
      ? .opensWindowSlightly : []
  }

  /// Whether an end has, or is about to have, all that its peer was to send.
  private func expectsNothing(_ end: Int) -> Bool {
    core.ends[1 - end].knows.contains(.finDelivered)
  }

  private func rounding(_ end: Int) -> Int64 {
    max(Int64(Self.rounding), 1 &<< Int64(core.ends[end].windowShift))
  }

  /// Whether it is known what an end offers, in bytes.
  @inline(__always)
  private func knowsWindow(of end: Int) -> Bool {
    core.ends[end].knows.isSuperset(of: [.hasSent, .acknowledged, .windowShift])
  }
}
