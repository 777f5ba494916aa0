public import FlowTracker
public import PacketParser

/// Frames in, results out: the front door of the library.
///
///     var analyzer = TraceAnalyzer(linkType: .ethernet, sink: sink)
///     analyzer.ingest(frame, info)            // for each frame of the capture
///     let summary = analyzer.finish()
///
/// Frames may be decoded elsewhere, on a thread of its own, and come as `DecodedFrames`.
///
/// Between the decoder and the table stands a queue of segments, so that the memory of their
/// connections is on its way before it is needed. Nobody else knows of it.
public struct TraceAnalyzer: ~Copyable {
  /// After so many segments, the connections that have ended are reported.
  private static let batch = 32
  /// So many of those that remain at the end of the capture are ended before they are reported.
  private static let rest = 1_024

  private var decoder: FrameDecoder
  /// What encapsulations are, where frames are decoded elsewhere.
  private var namesElsewhere: EncapsulationNames?
  var table: ConnectionTable
  var sink: any AnalysisSink
  private var summary: TraceSummary

  private var queue = SegmentQueue()
  /// Segments that the table has taken in since it was last asked for connections that have ended.
  private var taken = 0

  // Counted apart from the summary, whose arrays are reference-counted.
  private var fates = InlineArray<8, Int>(repeating: 0)
  private var outcomes = OutcomeCounts()
  private var unanswered = UnansweredTally()
  private var across = AcrossConnections()
  var quality = CaptureQuality()
  private var earliest = Timestamp(nanoseconds: .max)
  private var latest = Timestamp(nanoseconds: .min)
  /// When the capture has lost frames last, if it says so.
  var lastLoss: Timestamp?
  /// Until when time has passed without frames, if that is later.
  var passed = Timestamp(nanoseconds: .min)

  /// The capture could not be read to its end.
  private var isCut = false

  private let labelsFrames: Bool
  private var labels: [ConnectionID: FrameLabels] = [:]
  private var recorder: SegmentRecorder?
  private var receiver: (any SegmentReceiver)?
  var follower: EventFollower?
  /// Whether there is a follower: to ask that of itself, Swift 6.3 copies it.
  private let hearsEvents: Bool
  /// Whether anybody looks at single segments.
  private var observesSegments: Bool

  /// An analyzer for one capture.
  ///
  /// - Parameters:
  ///   - linkType: What the frames begin with.
  ///   - capture: The name under which results speak of the capture.
  ///   - limits: When and how many connections are put away.
  ///   - labelsFrames: Whether reports name the remarkable frames of a connection. Costs memory for
  ///     each of them.
  ///   - ladder: Which connection's report has its segments too, if any.
  ///   - measuresRoundTrips: Whether reports tell how long payload took to be acknowledged.
  ///   - cutsFrames: Whether frames are cut on purpose, so that it is no fault as long as they have their
  ///     headers.
  ///   - segments: Who looks at every segment, if anybody does.
  ///   - events: Who hears of connections while they are alive, if anybody does.
  ///   - sink: Where results go.
  public init(
    linkType: LinkType, capture: String = "", limits: TrackerLimits = TrackerLimits(),
    labelsFrames: Bool = false, ladder: LadderRequest? = nil, measuresRoundTrips: Bool = false,
    cutsFrames: Bool = false, segments: (any SegmentReceiver)? = nil,
    events: (any EventReceiver)? = nil, sink: any AnalysisSink
  ) {
    self.labelsFrames = labelsFrames
    quality.expectsCutFrames = cutsFrames
    recorder = ladder.map { SegmentRecorder($0) }
    receiver = segments
    follower = events.map { EventFollower($0) }
    hearsEvents = events != nil
    observesSegments = labelsFrames || ladder != nil || segments != nil || events != nil
    decoder = FrameDecoder(linkType: linkType)
    table = ConnectionTable(
      limits: limits, measuresRoundTrips: measuresRoundTrips, cachesSYNs: !observesSegments)
    summary = TraceSummary(capture: capture, linkType: linkType.name)
    self.sink = sink
    if linkType == .linuxCookedVersion2 { observesSegments = true }
  }

  /// Takes in the next frame of the capture, and keeps nothing of its bytes.
  @inline(__always)
  public mutating func ingest(_ frame: RawSpan, _ info: FrameInfo) {
    note(info)
    let decoded = decoder.decode(frame, info, into: &queue.arriving)
    guard case .segment = decoded else { return ingestUncommon(decoded, info) }
    ingestArriving()
  }

  /// Takes in the next frames of the capture, which were decoded elsewhere: all of a capture's must be.
  public mutating func ingest(_ frames: borrowing DecodedFrames) {
    namesElsewhere = frames.encapsulations
    var next = 0
    for index in frames.others.indices {
      let other = frames.others[index]
      ingest(frames, &next, upTo: other.position)
      note(other.info)
      ingestUncommon(other.frame, other.info)
    }
    ingest(frames, &next, upTo: frames.count)
  }

  @inline(__always)
  private mutating func ingest(_ frames: borrowing DecodedFrames, _ next: inout Int, upTo end: Int)
  {
    while next < end {
      queue.arriving = frames[next]
      next &+= 1
      // Of the frame nothing else is asked.
      note(FrameInfo(number: queue.arriving.frame, time: queue.arriving.time, wireLength: 0))
      ingestArriving()
    }
  }

  /// A frame comes, whatever it holds.
  @inline(__always)
  private mutating func note(_ info: FrameInfo) {
    if info.time < earliest { earliest = info.time }
    if info.time > latest { latest = info.time } else { quality.noteDisorder(info, latest) }
  }

  /// The segment of a frame waits in the queue.
  @inline(__always)
  private mutating func ingestArriving() {
    if quality.note(&queue.arriving) { ingestUnusual() }
    if let step = table.advance(&queue) { note(step) }
  }

  /// The table has taken a segment in.
  @inline(__always)
  private mutating func note(_ step: Step) {
    if observesSegments { observe(queue.latest, step) }
    taken &+= 1
    if taken == Self.batch { reportEnded() }
  }

  /// A segment of which something may have to be said, whatever its connection is.
  @inline(never)
  private mutating func ingestUnusual() {
    if queue.arriving.flags.areIllegal {
      let segment = queue.arriving
      across.noteIllegal(segment)
      follower?.noteIllegal(segment)
    } else if queue.arriving.flags.contains(.syn) {
      across.noteOpening(&queue.arriving)
      if hearsEvents { follower?.noteOpening(&queue.arriving) }
    }
    if queue.arriving.packetLength > CaptureQuality.usualPacketLength { observesSegments = true }
  }

  /// A segment that is larger than the frames of most networks: its receiver may take such ones.
  @inline(never)
  private mutating func inspectSize(of segment: Segment, _ step: Step) {
    guard let maximum = table.maximumSegmentSize(of: step.connection, to: step.sender.peer),
      segment.payloadLength > maximum
    else { return }
    quality.noteOversized(segment, maximum: maximum)
  }

  @inline(never)
  private mutating func ingestUncommon(_ decoded: DecodedFrame, _ info: FrameInfo) {
    switch decoded {
    case .segment: preconditionFailure("segments wait in the queue")
    case .icmpError(let error):
      fates[Int(FrameFate.notTCP.rawValue)] += 1
      drain()
      table.ingest(error)
    case .invalidSegment:
      fates[Int(FrameFate.malformed.rawValue)] += 1
      quality.noteInvalid(info)
    case .other(let fate):
      fates[Int(fate.rawValue)] += 1
      if fate == .truncated { quality.noteTruncated(info) }
    }
  }

  /// Ends every connection that is left and gives the totals.
  ///
  /// - Parameters:
  ///   - framesFiltered: Frames of the capture that a filter held back from `ingest`.
  ///   - error: Why the capture could not be read to its end, if so.
  ///   - interruption: Why a capture on an interface has ended before it was to, if so.
  ///   - incomplete: What the decoder has given up, where frames were decoded elsewhere.
  /// - Returns: The totals, as the sink got them.
  public mutating func finish(
    framesFiltered: Int = 0, error: String? = nil, interruption: String? = nil,
    incomplete: IncompleteDatagrams? = nil
  ) -> TraceSummary {
    isCut = error != nil || interruption != nil
    drain()
    let rest = table.remaining
    for start in stride(from: 0, to: rest.count, by: Self.rest) {
      table.finish(rest[start..<min(start + Self.rest, rest.count)])
      reportEnded()
    }
    summary = totals(framesFiltered: framesFiltered)
    summary.error = error ?? interruption
    summary.isInterrupted = error == nil && interruption != nil
    if unanswered.count > 0 {
      summary.findings.count(unanswered.rule, unanswered.severity, times: unanswered.count)
      sink.unansweredEnded(unanswered)
    }
    reportAcrossConnections(beside: incomplete ?? decoder.finish())
    sink.captureEnded(summary)
    return summary
  }

  /// The totals so far: of frames, and of connections that have ended.
  ///
  /// - Parameter framesFiltered: Frames of the capture that a filter held back from `ingest`.
  /// - Returns: A summary without what only the end of the capture shows.
  public func totals(framesFiltered: Int = 0) -> TraceSummary {
    var summary = summary
    for fate in FrameFate.allCases {
      summary.framesByFate[Int(fate.rawValue)] = fates[Int(fate.rawValue)]
    }
    // Each segment has one kind of checksum.
    summary.framesByFate[Int(FrameFate.tcp.rawValue)] = ChecksumStatus.allCases.reduce(0) {
      $0 + quality.segments(by: $1)
    }
    for status in ChecksumStatus.allCases {
      summary.segmentsByChecksum[Int(status.rawValue)] = quality.segments(by: status)
    }
    summary.count(outcomes)
    // Each frame has one fate.
    let framesRead = summary.framesByFate.reduce(0, +)
    summary.framesRead = framesRead + framesFiltered
    summary.framesFiltered = framesFiltered
    summary.firstTime = framesRead > 0 ? earliest : nil
    summary.lastTime = framesRead > 0 ? latest : nil
    summary.loss = quality.loss
    return summary
  }

  private mutating func reportAcrossConnections(beside incomplete: IncompleteDatagrams) {
    let end = FrameMark(
      frame: summary.framesRead, time: summary.lastTime ?? Timestamp(nanoseconds: 0))
    var (told, untold) = across.findings(
      beside: quality.findings(
        error: summary.isInterrupted ? nil : summary.error, incomplete: incomplete, end: end))
    let now = now
    follower?.close(&told, at: now)
    for finding in told {
      summary.findings.count(finding.rule, finding.severity)
      sink.found(finding)
    }
    summary.untoldFindings = untold
  }

  mutating func drain() {
    while let step = table.takeNext(&queue) { note(step) }
  }

  @inline(never)
  private mutating func observe(_ segment: Segment, _ step: Step) {
    if segment.packetLength > CaptureQuality.usualPacketLength { inspectSize(of: segment, step) }
    if segment.interface != 0 {
      quality.noteInterface(of: segment, isCopy: step.facts.contains(.duplicateFrame))
    }
    if labelsFrames { label(segment.frame, step) }
    recorder?.record(segment, step, table)
    receiver?.take(segment, from: step.sender, of: table.number(of: step.connection))
    if follower?.note(step, at: segment.time, table.states(of: step.connection)) ?? false {
      follower?.tellStates(of: step.connection, table[step.connection], by: step.sender)
    }
  }

  @inline(never)
  mutating func reportEnded() {
    taken = 0
    while true {
      if table.hasEndedSYN(), tally(table.endedSYN()) {
        table.releaseEndedSYN()
        continue
      }
      guard let id = table.takeEnded() else { break }
      let brief = table.brief(of: id)
      outcomes.count(brief)
      let ends = table.ends(of: id)
      if across.note(brief, ends) { note(table.outline(of: id, ends)) }
      if hearsEvents { countEarly(id) }
      if brief.isLoneSYN, !sink.wantsReport(ofUnanswered: brief.number),
        unanswered.note(brief, ends, until: now)
      {
        if hearsEvents { tellStates(of: id) }
        release(id)
        continue
      }
      let labels = labelsFrames ? labels.removeValue(forKey: id) : nil
      if hearsEvents { tellStates(of: id) }
      if !brief.isOrdinary || sink.wantsReport(of: brief.number) { report(id, labels) }
      release(id)
    }
  }

  @inline(__always)
  private mutating func release(_ id: ConnectionID) {
    if hearsEvents { follower?.forget(id) }
    table.release(id)
  }

  /// Counts a connection that was but a SYN.
  ///
  /// - Returns: Whether that is all there is to say of it; if not, nothing has been counted.
  private mutating func tally(_ syn: borrowing EndedSYN) -> Bool {
    let brief = syn.brief
    guard brief.isLoneSYN, !sink.wantsReport(ofUnanswered: brief.number),
      unanswered.note(brief, syn.ends, until: now)
    else { return false }
    outcomes.count(brief)
    if across.note(brief, syn.ends) { note(syn.outline) }
    return true
  }

  /// Looks at a connection that is over for what it shows together with others.
  private mutating func note(_ outline: ConnectionOutline) {
    var outline = outline
    across.note(&outline, until: now)
    across.noteStalled(&outline)
    quality.note(outline)
  }

  private mutating func label(_ frame: Int, _ step: Step) {
    guard !step.facts.isDisjoint(with: FrameLabel.facts) else { return }
    let connection = table[step.connection]
    let receiver = connection[step.sender.peer]
    let labelled = FrameLabel.labels(
      of: step.facts, windowIsShut: connection[step.sender].window == 0,
      receiverWindowIsShut: receiver.packets > 0 && receiver.window == 0)
    let labelledFrame = LabelledFrame(frame: frame, labels: labelled)
    labels[step.connection, default: FrameLabels()].append(labelledFrame)
  }

  private mutating func report(_ id: ConnectionID, _ labels: FrameLabels?) {
    table.prefetchEnded()
    let connection = table[id]
    let report = ConnectionReport(
      connection, in: surroundings(isOver: true),
      encapsulation: encapsulation(of: connection),
      frames: labelsFrames ? complete(labels, of: connection) : nil,
      segments: recorder?.finish(connection))
    for finding in report.findings { summary.findings.count(finding.rule, finding.severity) }
    let now = now
    follower?.tellFindings(of: id, report, at: now)
    sink.connectionEnded(report)
  }

  /// Until when the capture is known to have run.
  var now: Timestamp { max(latest, passed) }

  func surroundings(isOver: Bool) -> Surroundings {
    Surroundings(since: earliest, until: now, isCut: isCut, lastLoss: lastLoss, isOver: isOver)
  }

  func encapsulation(of connection: Connection) -> [EncapsulationLayer] {
    (namesElsewhere ?? decoder.encapsulationNames).layers(
      of: connection.encapsulations(of: connection.firstSender).first)
  }

  /// The labels with that of a SYN which began another connection of its tuple.
  private func complete(_ labels: FrameLabels?, of connection: Connection) -> FrameLabels {
    var labels = labels ?? FrameLabels()
    if connection.incarnation > 1, connection.rolesEvidence == .syn {
      labels.prepend(LabelledFrame(frame: connection.first.frame, labels: [.portReuse]))
    }
    return labels
  }
}
