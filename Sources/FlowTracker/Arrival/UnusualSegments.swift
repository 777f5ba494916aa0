import PacketParser

// What a segment says that none should say, or hardly any does, and that moves nothing here.
extension LiveConnection {
  /// What is unusual about a segment that was taken in, with such facts, whatever its place among others
  /// is.
  @inline(__always)
  func oddities(
    of segment: inout Segment, _ own: Int, _ known: SegmentFacts
  ) -> SegmentFacts {
    // Damage explains everything.
    guard segment.checksumStatus != .wrong else { return [] }
    var facts: SegmentFacts = []
    if segment.traits.contains(.unusualHeader) { facts.formUnion(faultsInHeader(of: &segment)) }
    if !segment.flags.contains(.ack), segment.flags.isDisjoint(with: [.syn, .rst]),
      core.ends[own].state?.isSynchronized ?? false
    {
      facts.insert(segment.flags.contains(.fin) ? .lacksACKOnFIN : .lacksACK)
    }
    if segment.options.sackBlockCount > 0, !segment.flags.contains(.syn), !understandsSACK(1 - own)
    {
      facts.insert(.unnegotiatedSACK)
    }
    if !segment.flags.isDisjoint(with: [.ece, .cwr]), segment.flags.isDisjoint(with: [.syn, .rst]),
      haveDeclinedECN
    {
      facts.insert(.unnegotiatedECN)
    }
    if segment.flags.isDisjoint(with: [.syn, .rst]), core.traffic[own].order.hasTimestamps {
      facts.formUnion(faultsInTimestamp(of: &segment, own, known))
    }
    guard segment.payloadLength > 0 else { return facts }
    if segment.flags.contains(.rst) { facts.insert(.resetWithPayload) }
    if known.contains(.afterClose), history.closing.isComplete { facts.insert(.payloadAfterClose) }
    return facts
  }

  @inline(never)
  private func faultsInTimestamp(
    of segment: inout Segment, _ own: Int, _ known: SegmentFacts
  ) -> SegmentFacts {
    guard segment.options.present.contains(.timestamps) else {
      let haveAgreed = (0..<2).allSatisfy {
        history.ends[$0].offer?.present.contains(.timestamps) ?? false
      }
      let isWhole = segment.traits.isDisjoint(with: .optionsTruncated)
      return haveAgreed && isWhole ? .lacksTimestamp : []
    }
    // What others have overtaken, or copies, may well be older.
    let isNext =
      segment.sequenceLength > 0 && segment.sequenceEnd == core.ends[own].next
      && known.isDisjoint(with: [.repeatsData, .outOfOrder, .outsideWindow, .probe])
    return isNext && core.traffic[own].order.isBackwards(segment.options.timestampValue)
      ? .timestampBackwards : []
  }

  @inline(never)
  private func faultsInHeader(of segment: inout Segment) -> SegmentFacts {
    var facts: SegmentFacts = []
    let options = segment.options.present
    if options.contains(.malformed) { facts.insert(.malformedOption) }
    if !segment.flags.contains(.syn),
      !options.isDisjoint(with: [.maximumSegmentSize, .windowScale, .sackPermitted])
    {
      facts.insert(.misplacedOption)
    }
    if segment.traits.contains(.reservedBits) { facts.insert(.reservedBits) }
    if segment.urgentPointer != 0, !segment.flags.contains(.urg) {
      facts.insert(.urgentPointerAlone)
    }
    if segment.acknowledgment != SequenceNumber(0), !segment.flags.contains(.ack) {
      facts.insert(.acknowledgmentAlone)
    }
    return facts
  }

  /// Notes whether a segment is larger than its receiver takes, where that takes but small ones.
  @inline(never)
  func noteSize(of segment: inout Segment, from sender: Side, _ facts: SegmentFacts) {
    let own = Int(sender.rawValue)
    guard segment.flags.isDisjoint(with: [.syn, .rst]),
      segment.checksumStatus != .wrong, !facts.contains(.duplicateFrame),
      let size = history.ends[1 - own].offer?.smallSegmentSize,
      segment.payloadLength > UInt32(size)
    else { return }
    irregularities[own].oversized.note(
      segment.payloadLength, frame: segment.frame, of: history.first.frame)
  }

  /// Whether an end takes selective acknowledgments, as far as its SYN was captured whole.
  private func understandsSACK(_ end: Int) -> Bool {
    history.ends[end].offer.map { $0.mayHave(.sackPermitted) } ?? true
  }

  /// Whether the SYNs of both ends show that they have not agreed on congestion signals (RFC 3168 §6.1.1);
  /// who offers more accurate ones takes any answer to that (RFC 9768 §3.1.1).
  private var haveDeclinedECN: Bool {
    guard let client = history.ends[0].offer?.congestion,
      let server = history.ends[1].offer?.congestion,
      !history.handshake.traits.contains(.bothSentSYN)
    else { return false }
    guard client.isSuperset(of: [.ece, .cwr]) else { return true }
    return client.contains(.ae)
      ? server.isDisjoint(with: [.ece, .cwr, .ae]) : server.intersection([.ece, .cwr]) != .ece
  }

  /// What contradicts the FINs of both ends.
  @inline(__always)
  func faultsWithFINs(of segment: inout Segment, _ own: Int) -> SegmentFacts {
    var facts: SegmentFacts = []
    if core.ends[own].knows.contains(.fin), segment.flags.contains(.fin),
      segment.sequence + segment.payloadLength != history.ends[own].finSequence
    {
      facts.insert(.movesFIN)
    }
    if core.ends[1 - own].knows.contains(.fin), segment.flags.contains(.ack),
      segment.acknowledgment > history.ends[1 - own].finSequence + 1
    {
      facts.insert(.acknowledgesBeyondFIN)
    }
    return facts
  }
}
