/// What is true of one segment in its connection: facts, not judgements.
public struct SegmentFacts: OptionSet, BitwiseCopyable, Sendable {
  public var rawValue: UInt64

  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  // Computed, so that other modules see constants and not the addresses of globals.

  /// It is the first of its connection.
  public static var opensConnection: SegmentFacts { SegmentFacts(rawValue: 1 << 0) }
  /// The same frame again, made by the capture or the network, not by the sender.
  public static var duplicateFrame: SegmentFacts { SegmentFacts(rawValue: 1 << 1) }
  /// Its bytes (or its SYN or FIN) were seen before: all of them, or (`repeatsPartly`) all but new ones behind
  /// them.
  public static var repeatsData: SegmentFacts { SegmentFacts(rawValue: 1 << 2) }
  /// It brings bytes that later ones overtook.
  public static var outOfOrder: SegmentFacts { SegmentFacts(rawValue: 1 << 3) }
  /// Bytes before it have not been seen.
  public static var gapBefore: SegmentFacts { SegmentFacts(rawValue: 1 << 4) }
  /// It acknowledges bytes that have not been seen: the capture missed them.
  public static var acknowledgesUnseen: SegmentFacts { SegmentFacts(rawValue: 1 << 5) }
  /// It advertises a window of 0 (not on SYN, FIN or RST).
  public static var zeroWindow: SegmentFacts { SegmentFacts(rawValue: 1 << 6) }
  /// At most one byte, at the sequence number before the next one, or at the next one where the window is shut:
  /// a keep-alive or a window probe.
  public static var probe: SegmentFacts { SegmentFacts(rawValue: 1 << 7) }
  /// Its sequence number is nowhere near what the connection has sent.
  public static var outsideWindow: SegmentFacts { SegmentFacts(rawValue: 1 << 8) }
  /// A RST that its receiver must take.
  public static var acceptableReset: SegmentFacts { SegmentFacts(rawValue: 1 << 9) }
  /// A RST in the window but not at the next byte: it draws a challenge ACK (RFC 5961 §3.2).
  public static var inexactReset: SegmentFacts { SegmentFacts(rawValue: 1 << 10) }
  /// A RST outside the window: it is ignored.
  public static var ignoredReset: SegmentFacts { SegmentFacts(rawValue: 1 << 11) }
  /// A SYN of the same attempt, again.
  public static var repeatsSYN: SegmentFacts { SegmentFacts(rawValue: 1 << 12) }
  /// A SYN of the same end with another initial sequence number, while the first is unanswered.
  public static var changesInitialSequence: SegmentFacts { SegmentFacts(rawValue: 1 << 13) }
  /// A SYN on a connection that both ends believe to be open, or towards an end in TIME-WAIT; the next
  /// answer tells what it is.
  public static var synOnSynchronized: SegmentFacts { SegmentFacts(rawValue: 1 << 14) }
  /// It begins a new connection of a tuple that was used before.
  public static var newIncarnation: SegmentFacts { SegmentFacts(rawValue: 1 << 15) }
  /// It belongs to a connection that was over.
  public static var afterClose: SegmentFacts { SegmentFacts(rawValue: 1 << 16) }
  /// It shows that a segment which its sender was to have got has not arrived, or was ignored.
  public static var showsLoss: SegmentFacts { SegmentFacts(rawValue: 1 << 17) }
  /// It shows that the RST before it, of this end or towards it, has ended nothing: it was forged, or
  /// its receiver ignored it.
  public static var refutesReset: SegmentFacts { SegmentFacts(rawValue: 1 << 18) }
  /// A FIN that was sent before.
  public static var repeatsFIN: SegmentFacts { SegmentFacts(rawValue: 1 << 19) }
  /// Its checksum is wrong, and not for being left to the network card: its receiver discards it.
  public static var wrongChecksum: SegmentFacts { SegmentFacts(rawValue: 1 << 20) }

  /// It brings bytes that were not seen before, and was sent after others that follow them: the
  /// first time they were lost, before they came to the place of the capture.
  public static var repairsLoss: SegmentFacts { SegmentFacts(rawValue: 1 << 21) }
  /// It was sent again although its peer had acknowledged it, all of it or selectively (RFC 2018).
  public static var repeatsAcknowledged: SegmentFacts { SegmentFacts(rawValue: 1 << 22) }
  /// It was sent again because duplicate acknowledgments (RFC 5681 §3.2) or selective ones (RFC 6675)
  /// had asked for it.
  public static var fastRetransmission: SegmentFacts { SegmentFacts(rawValue: 1 << 23) }
  /// The last bytes, sent again after about two round trips to have their fate told (RFC 8985 §7).
  public static var tailLossProbe: SegmentFacts { SegmentFacts(rawValue: 1 << 24) }
  /// It says nothing but what its end has acknowledged before.
  public static var duplicateACK: SegmentFacts { SegmentFacts(rawValue: 1 << 25) }
  /// The same, in answer to a probe.
  public static var answersProbe: SegmentFacts { SegmentFacts(rawValue: 1 << 26) }
  /// It was sent again since a timer had run out before anything acknowledged it (RFC 6298 §5), or
  /// follows one that was (RFC 5681 §3.1).
  public static var timedRetransmission: SegmentFacts { SegmentFacts(rawValue: 1 << 27) }
  /// A duplicate acknowledgment in answer to a SYN or a RST that its end does not take (RFC 5961 §§3, 4).
  public static var challengeACK: SegmentFacts { SegmentFacts(rawValue: 1 << 28) }
  /// It says nothing new but another window.
  public static var updatesWindow: SegmentFacts { SegmentFacts(rawValue: 1 << 29) }

  /// It brings payload that lies behind the FIN of its own end, where nothing can be (RFC 9293 §3.6).
  public static var dataAfterFIN: SegmentFacts { SegmentFacts(rawValue: 1 << 30) }
  /// It is to complete a handshake, or to answer a SYN, and acknowledges what its peer has not sent.
  public static var wrongAcknowledgment: SegmentFacts { SegmentFacts(rawValue: 1 << 31) }

  // What no stack should send.

  /// An option has a length that it cannot have, or that goes beyond the header.
  public static var malformedOption: SegmentFacts { SegmentFacts(rawValue: 1 << 32) }
  /// It has an option that only a SYN may have.
  public static var misplacedOption: SegmentFacts { SegmentFacts(rawValue: 1 << 33) }
  /// It acknowledges selectively, which its peer has not offered to understand (RFC 2018 §2).
  public static var unnegotiatedSACK: SegmentFacts { SegmentFacts(rawValue: 1 << 34) }
  /// A reserved bit is set.
  public static var reservedBits: SegmentFacts { SegmentFacts(rawValue: 1 << 35) }
  /// It has an urgent pointer and no URG.
  public static var urgentPointerAlone: SegmentFacts { SegmentFacts(rawValue: 1 << 36) }
  /// It has an acknowledgment number and no ACK.
  public static var acknowledgmentAlone: SegmentFacts { SegmentFacts(rawValue: 1 << 37) }
  /// Its end is synchronized and yet it has no ACK, nor SYN, FIN or RST.
  public static var lacksACK: SegmentFacts { SegmentFacts(rawValue: 1 << 38) }
  /// The same with FIN.
  public static var lacksACKOnFIN: SegmentFacts { SegmentFacts(rawValue: 1 << 39) }
  /// A FIN at another place than the first one of its end.
  public static var movesFIN: SegmentFacts { SegmentFacts(rawValue: 1 << 40) }
  /// It acknowledges more than the FIN of its peer.
  public static var acknowledgesBeyondFIN: SegmentFacts { SegmentFacts(rawValue: 1 << 41) }

  /// It brings payload beyond the RST by which its end has given the connection up.
  public static var payloadAfterOwnReset: SegmentFacts { SegmentFacts(rawValue: 1 << 46) }

  /// It has no timestamp, though both ends have agreed on them (RFC 7323 §3.2).
  public static var lacksTimestamp: SegmentFacts { SegmentFacts(rawValue: 1 << 48) }
  /// It brings the next bytes, and its timestamp is older than one before it (RFC 7323 §5).
  public static var timestampBackwards: SegmentFacts { SegmentFacts(rawValue: 1 << 49) }

  /// It brings payload beyond the window of its receiver, and is no probe (RFC 9293 §3.8.6).
  public static var exceedsWindow: SegmentFacts { SegmentFacts(rawValue: 1 << 50) }
  /// It takes back a part of the window that its end has offered (RFC 9293 §3.8.6).
  public static var shrinksWindow: SegmentFacts { SegmentFacts(rawValue: 1 << 51) }
  /// It signals congestion, or that it has heard of it, and the ends have not agreed to (RFC 3168 §6.1).
  public static var unnegotiatedECN: SegmentFacts { SegmentFacts(rawValue: 1 << 52) }
  /// It brings payload, and its end cannot know yet what the peer's numbers are.
  public static var prematurePayload: SegmentFacts { SegmentFacts(rawValue: 1 << 53) }
  /// A RST that is to refuse a SYN, and acknowledges another one.
  public static var refusesOtherSYN: SegmentFacts { SegmentFacts(rawValue: 1 << 54) }
  /// It acknowledges a part of what was acknowledged selectively before: the rest is wanted again
  /// (RFC 2018 §8).
  public static var reneges: SegmentFacts { SegmentFacts(rawValue: 1 << 55) }
  /// Some of its bytes were seen before, and others were not.
  public static var repeatsPartly: SegmentFacts { SegmentFacts(rawValue: 1 << 62) }
  /// Bytes of it were seen before, and were others.
  public static var repeatsOtherwise: SegmentFacts { SegmentFacts(rawValue: 1 << 61) }

  // What is unusual.

  /// Its payload ends where the window of its receiver does.
  public static var fillsWindow: SegmentFacts { SegmentFacts(rawValue: 1 << 56) }
  /// It opens a small window by less than is worth a segment (RFC 9293 §3.8.6.2.2).
  public static var opensWindowSlightly: SegmentFacts { SegmentFacts(rawValue: 1 << 57) }
  /// It shuts the window, and acknowledges the FIN of its peer.
  public static var shutsWindowOnFIN: SegmentFacts { SegmentFacts(rawValue: 1 << 58) }
  /// The capture has it less than a millisecond behind its acknowledgment.
  public static var capturedLate: SegmentFacts { SegmentFacts(rawValue: 1 << 59) }
  /// A RST that ends the time in which its receiver keeps late segments from a new connection.
  public static var endsTimeWait: SegmentFacts { SegmentFacts(rawValue: 1 << 60) }

  /// The first FIN of its end, and some of what was sent before it has not been seen.
  public static var finAheadOfData: SegmentFacts { SegmentFacts(rawValue: 1 << 47) }

  /// A RST with payload.
  public static var resetWithPayload: SegmentFacts { SegmentFacts(rawValue: 1 << 42) }
  /// It brings payload when both ends have closed.
  public static var payloadAfterClose: SegmentFacts { SegmentFacts(rawValue: 1 << 43) }
  /// It acknowledges less than its end has before, though it was sent later.
  public static var acknowledgesLess: SegmentFacts { SegmentFacts(rawValue: 1 << 44) }
  /// It says that something has come twice (D-SACK, RFC 2883).
  public static var reportsDuplicate: SegmentFacts { SegmentFacts(rawValue: 1 << 45) }

  /// Why a segment was sent again.
  static var causes: SegmentFacts {
    [.repeatsAcknowledged, .fastRetransmission, .tailLossProbe, .timedRetransmission]
  }

  /// Those that are true of few segments, and worth to be remembered.
  static var remarkable: SegmentFacts {
    SegmentFacts(rawValue: .max)
      .subtracting([.opensConnection, .newIncarnation, .acceptableReset, .updatesWindow])
  }
}
