public import FlowTracker
public import PacketParser

/// Which connection's segments are to be kept, and how many of them.
public struct LadderRequest: Sendable {
  /// The connection's number in the capture, from 1.
  public var connection: Int
  /// Frames to which the ladder is confined; none of their segments is folded away.
  public var frames: ClosedRange<Int>?
  /// Whether every segment is kept.
  public var unfolds: Bool

  public init(connection: Int, frames: ClosedRange<Int>? = nil, unfolds: Bool = false) {
    self.connection = connection
    self.frames = frames
    self.unfolds = unfolds
  }
}

/// The segments of one connection: those that tell its story, and sums of the others.
///
/// What is ordinary is folded while it comes, so a long transfer takes no more memory than a short
/// one.
public struct SegmentLog: Sendable {
  /// So many segments are kept at most where all are asked for; the rest is folded.
  public static let unfoldedLimit = 1_000_000
  /// So many segments with SYN, FIN or RST, or that change a state, are kept.
  static let controlLimit = 2_000
  /// So many others are kept because they are remarkable.
  static let remarkableLimit = 100
  /// How many segments stay at either side of a fold.
  static let margin = 3
  /// Fewer than these are not worth a fold.
  static let leastFolded = 8

  /// In order.
  public private(set) var segments: [LoggedSegment] = []
  /// In order.
  public private(set) var folds: [FoldedSegments] = []
  /// The first sequence number of each end, that of its SYN, if known: the client's, then the
  /// server's.
  public private(set) var initialSequences: [SequenceNumber?] = [nil, nil]

  private let request: LadderRequest
  private var controlCount = 0
  private var remarkableCount = 0
  /// How many ordinary segments have come since the last one that is kept for its own sake.
  private var run = 0
  /// The latest ordinary segments: they stay if anything else follows.
  private var tail: [LoggedSegment] = []
  private var fold: FoldedSegments?

  init(_ request: LadderRequest) {
    self.request = request
  }

  mutating func append(_ segment: LoggedSegment, changesState: Bool) {
    if let frames = request.frames {
      return frames.contains(segment.mark.frame)
        ? keepOrFold(segment) : putAway(segment, isOutside: true)
    }
    if request.unfolds { return keepOrFold(segment) }
    if isKept(segment, changesState) {
      closeRun()
      segments.append(segment)
      return
    }
    run += 1
    if run <= Self.margin { return segments.append(segment) }
    tail.append(segment)
    if tail.count >= Self.margin + Self.leastFolded { putAwayOldest() }
  }

  private mutating func isKept(_ segment: LoggedSegment, _ changesState: Bool) -> Bool {
    if segment.isControl || changesState, controlCount < Self.controlLimit {
      controlCount += 1
      return true
    }
    if segment.isRemarkable, remarkableCount < Self.remarkableLimit {
      remarkableCount += 1
      return true
    }
    return false
  }

  private mutating func keepOrFold(_ segment: LoggedSegment) {
    guard segments.count < Self.unfoldedLimit else { return putAway(segment, isOutside: false) }
    closeRun()
    segments.append(segment)
  }

  private mutating func putAway(_ segment: LoggedSegment, isOutside: Bool) {
    if fold == nil {
      fold = FoldedSegments(position: segments.count, isOutside: isOutside, first: segment.mark)
    }
    fold?.add(segment)
  }

  private mutating func putAwayOldest() {
    let oldest = tail.removeFirst()
    putAway(oldest, isOutside: false)
  }

  /// Ends the run of ordinary segments: its last ones stay.
  private mutating func closeRun() {
    run = 0
    if fold != nil {
      while tail.count > Self.margin { putAwayOldest() }
    }
    if let fold { folds.append(fold) }
    fold = nil
    segments += tail
    tail = []
  }

  // MARK: - At the end

  /// How many segments came, folded or not.
  private var count: UInt64 {
    folds.reduce(UInt64(segments.count)) { $0 + $1.packets[0] + $1.packets[1] }
  }

  /// Closes the log of a connection that has ended.
  mutating func finish(_ connection: Connection) {
    closeRun()
    // A SYN that strayed into the connection may have turned out to begin the next one, and was
    // counted there.
    let packets = connection[.client].packets + connection[.server].packets
    removeStraying(Int(clamping: count) - Int(clamping: packets))
    initialSequences = Side.allCases.map {
      connection[$0].knows.contains(.initialSequence)
        ? connection[history: $0].initialSequence : nil
    }
  }
}

extension SegmentLog {
  /// Takes the latest SYNs that strayed into the connection out again, `excess` of them.
  fileprivate mutating func removeStraying(_ excess: Int) {
    guard excess > 0 else { return }
    let strays = segments.indices.filter { segments[$0].facts.contains(.synOnSynchronized) }
    let removed = strays.suffix(excess)
    var remaining = removed[...]
    for fold in folds.indices {
      while let index = remaining.first, index < folds[fold].position { remaining.removeFirst() }
      folds[fold].position -= removed.count - remaining.count
    }
    let isRemoved = Set(removed)
    segments = segments.indices.filter { !isRemoved.contains($0) }.map { segments[$0] }
  }
}

/// Segments that are not told one by one.
public struct FoldedSegments: Sendable {
  /// The index in `SegmentLog.segments` of the segment that follows.
  public internal(set) var position: Int
  /// They were not asked for.
  public let isOutside: Bool
  public let first: FrameMark
  public private(set) var last: FrameMark
  /// The client's, then the server's.
  public private(set) var packets: [UInt64] = [0, 0]
  public private(set) var payload: [UInt64] = [0, 0]
  private var labels: [FrameLabel: Int] = [:]

  init(position: Int, isOutside: Bool, first: FrameMark) {
    self.position = position
    self.isOutside = isOutside
    self.first = first
    last = first
  }

  mutating func add(_ segment: LoggedSegment) {
    last = segment.mark
    packets[Int(segment.sender.rawValue)] += 1
    payload[Int(segment.sender.rawValue)] += UInt64(segment.payloadLength)
    guard !segment.facts.isDisjoint(with: FrameLabel.facts) else { return }
    for label in segment.labels { labels[label, default: 0] += 1 }
  }

  /// How many of them have the label.
  public func count(of label: FrameLabel) -> Int { labels[label] ?? 0 }
}
