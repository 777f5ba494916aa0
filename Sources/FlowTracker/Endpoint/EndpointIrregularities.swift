public import PacketParser

/// What never happens to an endpoint whose segments all arrive once and in order: repeats, holes, shut windows.
public struct EndpointIrregularities: BitwiseCopyable, Sendable {
  /// Payload bytes that had been seen before, in whatever kind of segment they came again.
  public internal(set) var redundantBytes: UInt64 = 0
  /// Payload bytes of the segments that `repeatedPackets` counts, without what was new in them.
  public internal(set) var repeatedBytes: UInt64 = 0
  public internal(set) var gapBytes: UInt64 = 0
  /// Segments that were sent again, SYNs and probes not included.
  ///
  /// Their payload (or FIN) was seen before, but for what may be new behind it, or was lost before it could be.
  public internal(set) var repeatedPackets: UInt32 = 0
  public internal(set) var duplicateFrames: UInt32 = 0
  public internal(set) var outOfOrderPackets: UInt32 = 0
  /// Times the peer acknowledged bytes that the capture does not have; `gapBytes` says how many.
  public internal(set) var gaps: UInt32 = 0
  /// Segments that offered no window.
  public internal(set) var zeroWindows: UInt32 = 0
  public internal(set) var shutWindow = ShutWindow()
  /// Acknowledgments of what it had acknowledged before, with more than that outstanding (RFC 5681
  /// §2).
  public internal(set) var duplicateACKs: UInt32 = 0
  /// The most of them in a row; at most 255 are counted.
  public internal(set) var duplicateACKsInRow: UInt8 = 0
  /// How often the bytes were sent again that were so most often; at most 255 times are counted.
  public internal(set) var mostRepeats: UInt8 = 0
  /// The bytes that were sent again most often, and the number after them.
  public internal(set) var mostRepeated = SequenceNumber(0)
  public internal(set) var mostRepeatedEnd = SequenceNumber(0)
  /// How many frames its peer had sent when bytes were sent again for the first time.
  public internal(set) var peerPacketsAtFirstRepeat: UInt64?
  /// How often in a row the time from one repeat of the same bytes by timer to the next did not grow, at the
  /// most; at most 255 times are counted.
  public internal(set) var mostSteady: UInt8 = 0
  /// The most probes in a row that its peer has not answered; at most 255 are counted.
  public internal(set) var unansweredProbes: UInt8 = 0

  /// How often its first SYN came again after the handshake was complete, and in which frame last.
  public internal(set) var lateSYNs: UInt32 = 0
  public internal(set) var latestLateSYN = 0
  /// The most RSTs within a second; at most 255 are counted, and the first one of a connection that was
  /// regular until then is not.
  public var mostResetsInSecond: UInt8 { resets.most }
  /// Probes that came less than ten seconds after the one before, which was answered; at most 255 are
  /// counted.
  public internal(set) var hastyProbes: UInt8 = 0
  /// For how many seconds nothing had been sent by either end before this one sent what was answered by a
  /// RST that ended the connection; `nil` where that was less than a minute.
  public var secondsSilentBeforeReset: Int? { silence.secondsBeforeReset }

  /// With `Endpoint.Knowledge.holes`: the end of what was seen without a hole.
  var contiguous = SequenceNumber(0)
  /// What was seen beyond it.
  var ahead = SequenceRanges()
  /// The end of the bytes that were seen before the peer took any: they are sent again.
  var ignored: SequenceNumber?
  var repeats = RepeatsAfterFIN()
  /// The number of the latest empty segment that was beyond all that was seen.
  var passed: SequenceNumber?
  /// The latest bytes that were acknowledged unseen: a capture that mixes up the order of frames by
  /// microseconds shows them a little later.
  var gapLeft = SequenceNumber(0)
  var gapRight = SequenceNumber(0)
  /// What follows them has been seen.
  var gapIsTold = false
  /// When they were.
  var gapTime = Timestamp(nanoseconds: 0)
  /// How many frames the end had sent when the latest of them was a probe, and its peer; and how many
  /// probes it has sent since that answered.
  var packetsAtProbe: UInt64 = 0
  var peerPacketsAtProbe: UInt64 = 0
  var probesInRow: UInt8 = 0
  /// How many frames it had sent when a SYN or a RST came that it does not take.
  var packetsAtProvocation: UInt64 = .max
  /// A second answer to the SYN, between which and the first the client has not chosen.
  var otherAnswer: OtherAnswer?
  var resets = ResetBurst()
  /// When it sent its latest probe that was answered.
  var probed = Timestamp(nanoseconds: .min)
  /// The latest silence that this end has ended.
  var silence = LongSilence()
  /// What was sent again.
  var resent = RepeatedRanges()
  /// What shows that something of this end was lost.
  var losses = LossEvidence()

  var sightings = SightingCounts()
  /// Its segments that were larger than its peer takes.
  var oversized = OversizedSegments()
  /// What it has not answered.
  var replies = OwedReplies()

  init() {}
}

/// A time in which neither end of a connection has sent anything.
struct LongSilence: BitwiseCopyable {
  /// It is one from so many nanoseconds on.
  static let shortest: Int64 = 60_000_000_000

  private var seconds: UInt32 = 0
  /// What has ended it was answered by a RST.
  private var hasDrawnReset = false
  /// How many frames the peer of the end that has ended it had sent.
  private var peerPackets: UInt64 = .max

  init() {}

  init(nanoseconds: Int64, peerPackets: UInt64) {
    seconds = UInt32(clamping: nanoseconds / 1_000_000_000)
    self.peerPackets = peerPackets
  }

  /// The peer sends an acceptable RST, as its frame number `packets`.
  mutating func noteReset(packets: UInt64) {
    if peerPackets &+ 1 == packets { hasDrawnReset = true }
  }

  /// How long it was, if a RST has answered what ended it.
  var secondsBeforeReset: Int? { hasDrawnReset ? Int(seconds) : nil }
}

/// How many RSTs an end sends in a short time.
struct ResetBurst: BitwiseCopyable {
  private static let span: Int64 = 1_000_000_000

  private var began = Timestamp(nanoseconds: .min)
  private var count: UInt8 = 0
  /// The most within a second.
  private(set) var most: UInt8 = 0

  mutating func note(at time: Timestamp) {
    if time.nanoseconds < began.nanoseconds || time.nanoseconds &- began.nanoseconds >= Self.span {
      (began, count) = (time, 0)
    }
    count = count == .max ? .max : count + 1
    most = max(most, count)
  }
}

/// When an end that has sent its FIN repeated that, or what is before it, in milliseconds.
struct RepeatsAfterFIN: BitwiseCopyable {
  /// How long after the FIN it did so last.
  private(set) var latest: UInt32 = 0
  /// How long after what it sent before.
  private(set) var interval: UInt32 = 0
  /// The interval has doubled, or nearly so.
  private(set) var backOff = false

  /// TCP_RTO_MIN of Linux; what comes sooner is a fast retransmission.
  private static let shortestTimeout: UInt32 = 200

  mutating func note(_ time: UInt32) {
    guard time >= latest else { return }
    let next = time - latest
    backOff = interval >= Self.shortestTimeout && next >= interval + interval / 2
    interval = next
    latest = time
  }
}
