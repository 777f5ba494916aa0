import FlowTracker
import PacketParser

/// What the capture itself did to what it shows: frames that it cut, merged or missed, and headers that
/// contradict themselves.
struct CaptureQuality {
  /// Connections with gaps in each direction, of whom so many speak of a capture that lost frames.
  private static let fewestGaps = 10
  private static let fewestConnections = 3
  private static let namedHosts = 8
  /// Several queues of one interface mix frames up by less, in nanoseconds.
  private static let tolerance: Int64 = 1_000_000
  /// One connection that is older than the capture speaks for itself.
  private static let fewestOlder = 2

  /// The largest IP packet of an ordinary Ethernet frame, in bytes.
  static let usualPacketLength: UInt32 = 1500

  private var checksums = InlineArray<4, Int>(repeating: 0)
  private var truncated = FrameTally()
  /// Those of them that were cut within their headers.
  private var cutInHeaders = FrameTally()
  /// The others were cut on purpose.
  var expectsCutFrames = false
  private var mismatched = FrameTally()
  private var invalid = FrameTally()
  private var oversized = FrameTally()
  private var backward = FrameTally()
  private var interfaces = InterfaceTally()
  /// The latest frame that was not later than all before it.
  private var disordered = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
  private var largestPayload: UInt32 = 0
  private var largestAllowed: UInt16 = 0
  private var oversizedSenders: [IPAddress] = []

  /// What the capture says of itself.
  var loss = CaptureLoss()
  private var gaps = InlineArray<2, Int>(repeating: 0)
  private var gapped = ConnectionTally()
  private var gappedBothWays = 0
  private var older = ConnectionTally()

  /// How many segments had a checksum of this kind.
  func segments(by status: ChecksumStatus) -> Int { checksums[Int(status.rawValue)] }

  /// Looks at what the decoder says of a segment's frame; the segment is `inout` for speed alone.
  ///
  /// - Returns: Whether its flags are illegal or have a SYN, or its size is none of an ordinary Ethernet frame.
  @inline(__always)
  mutating func note(_ segment: inout Segment) -> Bool {
    checksums[Int(segment.checksumStatus.rawValue)] &+= 1
    // In a capture with a snap length that is most of them.
    if segment.traits == .truncated {
      truncated.note(frame: segment.frame, time: segment.time)
    } else if !segment.traits.isEmpty {
      noteUncommon(segment)
    }
    return segment.flags.openOrAreIllegal || segment.packetLength > Self.usualPacketLength
  }

  @inline(never)
  private mutating func noteUncommon(_ segment: Segment) {
    if segment.traits.contains(.truncated) {
      truncated.note(frame: segment.frame, time: segment.time)
    }
    if !segment.traits.isDisjoint(with: [.lengthFromFrame, .lengthExceedsFrame]) {
      mismatched.note(frame: segment.frame, time: segment.time)
    }
  }

  /// A frame is not later than all before it, of which the latest came at `latest`.
  @inline(never)
  mutating func noteDisorder(_ info: FrameInfo, _ latest: Timestamp) {
    let previous = disordered.frame == info.number - 1 ? disordered.time : latest
    disordered = FrameMark(frame: info.number, time: info.time)
    if info.number > 1, previous.nanoseconds(since: info.time) > Self.tolerance {
      backward.note(frame: info.number, time: info.time)
    }
  }

  /// A frame was cut within its headers.
  mutating func noteTruncated(_ info: FrameInfo) {
    truncated.note(frame: info.number, time: info.time)
    cutInHeaders.note(frame: info.number, time: info.time)
  }

  /// A frame holds a TCP header that cannot be.
  mutating func noteInvalid(_ info: FrameInfo) {
    invalid.note(frame: info.number, time: info.time)
  }

  /// A segment has more payload than its receiver takes at once, `maximum`.
  mutating func noteOversized(_ segment: borrowing Segment, maximum: UInt16) {
    oversized.note(frame: segment.frame, time: segment.time)
    if segment.payloadLength > largestPayload {
      (largestPayload, largestAllowed) = (segment.payloadLength, maximum)
    }
    let sender = segment.source.address
    if oversizedSenders.count < Self.namedHosts, !oversizedSenders.contains(sender) {
      oversizedSenders.append(sender)
    }
  }

  /// The frame of a segment tells which interface it was captured on.
  mutating func noteInterface(of segment: borrowing Segment, isCopy: Bool) {
    interfaces.note(segment, isCopy: isCopy)
  }

  /// Looks at a connection that is over.
  mutating func note(_ outline: borrowing ConnectionOutline) {
    if outline.isOlderThanCapture { older.note(outline) }
    let (client, server) = (outline.client.gaps, outline.server.gaps)
    guard client > 0 || server > 0 else { return }
    gaps[0] += client
    gaps[1] += server
    gapped.note(outline)
    if client > 0, server > 0 { gappedBothWays += 1 }
  }

  /// All that there is to say.
  ///
  /// - Parameters:
  ///   - error: Why the capture could not be read to its end, if so.
  ///   - incomplete: What the decoder has given up.
  ///   - end: Its latest frame.
  /// - Returns: A finding of each kind that there is reason for.
  func findings(
    error: String?, incomplete: IncompleteDatagrams, end: FrameMark
  ) -> [CaptureFinding] {
    [
      // Of a file of which nothing could be read there is nothing to show.
      end.frame > 0 ? error.map { damaged($0, end) } : nil,
      loss.total > 0 ? lost(end) : gappedConnections,
      olderThanCapture,
      invalid.finding(CaptureRules.headerInvalid, blame: .unknown) {
        "\(Quantity.count($0.count, "segment")) had a TCP header that is shorter than any, or longer than "
          + "its packet: receivers drop \($0.count == 1 ? "it" : "them")."
      },
      (expectsCutFrames ? cutInHeaders : truncated).finding(
        CaptureRules.frameTruncated, filter: "frame.cap_len < frame.len"
      ) {
        "\(Quantity.count($0.count, "frame")) \($0.count == 1 ? "was" : "were") captured shorter than "
          + "on the wire: lengths are those of the headers, checksums could not be verified."
      },
      mismatched.finding(CaptureRules.lengthMismatch) {
        "\(Quantity.count($0.count, "frame")) declared another length than \($0.count == 1 ? "it" : "they") "
          + "had: left to the network card, or damaged."
      },
      interfaces.finding,
      superframes,
      fragments(incomplete),
      backward.finding(CaptureRules.timeBackwards) {
        "Time ran backwards at \(Quantity.count($0.count, "frame")): what is told of times between frames "
          + "is not sure there."
      },
    ].compactMap { $0 }
  }

  private func damaged(_ error: String, _ end: FrameMark) -> CaptureFinding {
    var finding = CaptureFinding(
      CaptureRules.fileDamaged, nil, .proven, blame: .capture, first: end, last: end)
    finding.count = 1
    finding.frames = [end.frame]
    finding.displayFilter = "frame.number == \(end.frame)"
    // What would help is told where the capture is read.
    let reason = error.prefix { $0 != "\n" }
    finding.message = "Something of the capture is missing: \(reason)."
    return finding
  }

  private func fragments(_ incomplete: IncompleteDatagrams) -> CaptureFinding? {
    guard let first = incomplete.named.first, let last = incomplete.last else { return nil }
    var finding = CaptureFinding(
      CaptureRules.fragmentIncomplete, nil, .proven, blame: .unknown,
      first: FrameMark(frame: first.frame, time: first.time),
      last: FrameMark(frame: last.frame, time: last.time))
    finding.count = incomplete.count
    finding.frames = incomplete.named.map(\.frame)
    finding.displayFilter = "ip.flags.mf == 1 || ip.frag_offset > 0 || ipv6.fraghdr"
    finding.message =
      "\(Quantity.count(incomplete.count, "segment")) came in fragments of which some are missing: "
      + "\(incomplete.count == 1 ? "it is" : "they are") in no connection."
    return finding
  }

  private var olderThanCapture: CaptureFinding? {
    guard older.count >= Self.fewestOlder else { return nil }
    return older.finding(
      CaptureRules.startsBeforeCapture,
      message:
        "\(Quantity.count(older.count, "connection")) were open already when the capture began: "
        + "how they were opened, and what they had agreed on, is not in it.")
  }

  private func lost(_ end: FrameMark) -> CaptureFinding {
    var finding = CaptureFinding(
      CaptureRules.captureDrops, nil, .proven, blame: .capture, first: end, last: end)
    finding.count = loss.total
    finding.message =
      "\(Quantity.count(loss.droppedByKernel, "frame")) were dropped by the kernel and "
      + "\(Quantity.count(loss.droppedByInterface)) by the interface: what seems to be missing may have come."
    return finding
  }

  private var gappedConnections: CaptureFinding? {
    // Where each lacks one direction, that takes another way.
    guard gappedBothWays > 0, gaps[0] + gaps[1] >= Self.fewestGaps,
      gapped.count >= Self.fewestConnections
    else { return nil }
    return gapped.finding(
      CaptureRules.captureDrops, .likely, filter: "tcp.analysis.ack_lost_segment",
      message:
        "\(Quantity.count(gapped.count, "connection")) lack segments that were acknowledged, in "
        + "\(Quantity.count(gaps[0] + gaps[1], "place")) of both directions: the capture has lost frames."
    )
  }

  private var superframes: CaptureFinding? {
    var finding = oversized.finding(CaptureRules.offloadSuperframe) {
      "\(Quantity.count($0.count, "segment")) had more payload than \($0.count == 1 ? "its" : "their") "
        + "receiver takes at once (\(Quantity.count(Int(largestPayload))) bytes where "
        + "\(Quantity.count(Int(largestAllowed))) are allowed): captured before a network card cut "
        + "\($0.count == 1 ? "it" : "them"), or after it merged several."
    }
    finding?.sources = CaptureFinding.Hosts(
      count: oversizedSenders.count, isEstimate: oversizedSenders.count == Self.namedHosts,
      addresses: oversizedSenders)
    return finding
  }
}
