import FlowAnalysis
import FlowTracker
import PacketParser

// What the text and the diagram say of the rungs of a ladder, in the same words.
extension Ladder {
  /// What is remarkable of a segment: `retransmission, window shut`.
  func remarks(on segment: LoggedSegment) -> [String] {
    var remarks: [String] = []
    if segment.followsPause {
      remarks.append(
        "\(Quantity.duration(nanoseconds: segment.nanosecondsSincePrevious)) later")
    }
    remarks += segment.remarks.map { Self.phrase($0, segment, states: report) }
    remarks += segment.labels.filter { $0 != .portReuse }.map { $0.phrase }
    if segment.flags.contains(.syn) { remarks.append(contentsOf: Self.offer(of: segment)) }
    if let block = sackBlock(of: segment) { remarks.append(block) }
    if segment.flags.contains(.ece) || segment.flags.contains(.cwr),
      !segment.flags.contains(.syn)
    {
      remarks.append("congestion signalled")
    }
    if segment.hasWrongChecksum { remarks.append("wrong checksum") }
    return remarks
  }

  private static func phrase(
    _ remark: SegmentRemark, _ segment: LoggedSegment, states report: ConnectionReport
  ) -> String {
    let receiver = segment.sender.peer.name
    return switch remark {
    case .newIncarnation: "addresses and ports used again"
    case .changesInitialSequence: "another initial sequence number"
    case .synOnSynchronized: "SYN on an open connection"
    case .resetAccepted:
      report.close.reset?.mark.frame == segment.mark.frame
        ? "the \(receiver) must accept it" : "acceptable"
    case .resetInexact: "not the next byte: draws a challenge ACK"
    case .resetIgnored: "out of window: ignored"
    case .outsideWindow: "numbers that fit nowhere: ignored"
    case .wrongAcknowledgment: "acknowledges what was not sent"
    case .dataAfterFIN: "data behind its FIN"
    case .movesFIN: "not where its FIN was before"
    case .finAheadOfData: "data before it are missing"
    case .payloadAfterOwnReset: "data behind its own RST"
    case .acknowledgesBeyondFIN: "acknowledges more than the FIN"
    case .acknowledgesLess: "acknowledges less than before"
    case .lacksACK: "no ACK: to be dropped"
    case .acknowledgmentAlone: "acknowledgment number without ACK"
    case .urgentPointerAlone: "urgent pointer without URG"
    case .reservedBits: "reserved bits set"
    case .malformedOption: "malformed option"
    case .misplacedOption: "options of a SYN"
    case .unnegotiatedSACK: "SACK not agreed on"
    case .lacksTimestamp: "no timestamp"
    case .timestampBackwards: "older timestamp than before"
    case .reportsDuplicate: "says that data came twice"
    case .exceedsWindow: "beyond the window"
    case .shrinksWindow: "takes back window"
    case .opensWindowSlightly: "opens its window by little"
    case .shutsWindowOnFIN: "shuts its window on the FIN"
    case .unnegotiatedECN: "ECN not agreed on"
    case .prematurePayload: "data before the handshake"
    case .refusesOtherSYN: "not for this SYN"
    case .reneges: "wants again what it had"
    case .endsTimeWait: "ends TIME-WAIT"
    case .capturedLate: "captured late"
    case .repeatsOtherwise: "other bytes than before"
    case .afterClose: "after the close"
    }
  }

  /// `MSS 1460`, `WS 7`, `SACK`, `TS`.
  private static func offer(of segment: LoggedSegment) -> [String] {
    let options = segment.options
    var offer: [String] = []
    if options.contains(.maximumSegmentSize) { offer.append("MSS \(segment.maximumSegmentSize)") }
    if options.contains(.windowScale) { offer.append("WS \(segment.windowScale)") }
    if options.contains(.sackPermitted) { offer.append("SACK") }
    if options.contains(.timestamps) { offer.append("TS") }
    if !options.isDisjoint(with: [.fastOpen, .experimentalFastOpen]) {
      offer.append(
        segment.fastOpenCookieLength == 0
          ? "asks for a Fast Open cookie" : "Fast Open cookie")
    }
    if options.contains(.md5Signature) { offer.append("MD5") }
    if options.contains(.authentication) { offer.append("TCP-AO") }
    if options.contains(.multipath) { offer.append("multipath") }
    return offer
  }

  /// `SACK 1449:2897`, and how many blocks more.
  private func sackBlock(of segment: LoggedSegment) -> String? {
    guard let block = relativeSACKBlock(segment) else { return nil }
    let more = segment.sackBlockCount > 1 ? " and \(segment.sackBlockCount - 1) more" : ""
    return "SACK \(block.left):\(block.right)\(more)"
  }

  /// `1,204 segments, 1.70 MB, both ESTABLISHED, 3 retransmissions`.
  func words(for fold: FoldedSegments, _ states: States) -> String {
    var parts = [
      Quantity.count(fold.packets[0] + fold.packets[1], "segment"),
      Quantity.bytes(fold.payload[0] + fold.payload[1]),
    ]
    if !fold.isOutside {
      if let client = states[.client], let server = states[.server], client.state == server.state {
        // What is presumed of one is presumed of both.
        parts.append("both \(client.evidence == .presumed ? client.name : server.name)")
      } else {
        for side in Side.allCases {
          if let transition = states[side] { parts.append("\(side.name) \(transition.name)") }
        }
      }
    }
    for label in FrameLabel.allCases where fold.count(of: label) > 0 {
      parts.append("\(Quantity.count(fold.count(of: label))) × \(label.phrase)")
    }
    return parts.joined(separator: ", ")
  }

  /// Why states change where no segment is told.
  func words(for change: Transition) -> String {
    if change.evidence == .timer { return "2·MSL later" }
    return change.frame > 0 ? "by frame \(change.frame)" : ""
  }
}

extension FrameLabel {
  /// The label in words.
  var phrase: String {
    switch self {
    case .acknowledgesUnseen: "acknowledges bytes not captured"
    case .gapBefore: "bytes before it not seen yet"
    case .zeroWindow: "window shut"
    case .zeroWindowProbe: "window probe"
    case .keepAlive: "keep-alive"
    default: String(rawValue.map { $0 == "-" ? " " : $0 })
    }
  }
}
