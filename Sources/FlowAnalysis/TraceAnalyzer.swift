public import FlowTracker
public import PacketParser

/// Frames in, results out: the front door of the library.
///
///     var analyzer = TraceAnalyzer(linkType: .ethernet, sink: sink)
///     analyzer.ingest(frame, info)            // for each frame of the capture
///     let summary = analyzer.finish()
///
/// Between the decoder and the table stands a batch of segments, so that the memory of their
/// connections is on its way before it is needed. Nobody else knows of it.
public struct TraceAnalyzer: ~Copyable {
  /// How many segments ahead of the one at work their connections are being read: enough to hide the way to the
  /// memory, few enough to stay in the cache until their turn.
  private static let readAhead = 8
  /// The same for what only some segments touch of a connection, which the rest of it tells.
  private static let historyReadAhead = 3

  private var decoder: FrameDecoder
  private var table: ConnectionTable
  private var sink: any AnalysisSink
  private var summary: TraceSummary

  private var batch = SegmentBatch()

  // Counted apart from the summary, whose arrays are reference-counted.
  private var fates = InlineArray<8, Int>(repeating: 0)
  private var checksums = InlineArray<4, Int>(repeating: 0)
  private var earliest = Timestamp(nanoseconds: .max)
  private var latest = Timestamp(nanoseconds: .min)

  private let labelsFrames: Bool
  private var labels: [ConnectionID: FrameLabels] = [:]
  private var recorder: SegmentRecorder?
  /// Whether anybody looks at single segments.
  private let observesSegments: Bool

  /// An analyzer for one capture.
  ///
  /// - Parameters:
  ///   - linkType: What the frames begin with.
  ///   - capture: The name under which results speak of the capture.
  ///   - limits: When and how many connections are put away.
  ///   - labelsFrames: Whether reports name the remarkable frames of a connection. Costs memory for
  ///     each of them.
  ///   - ladder: Which connection's report has its segments too, if any.
  ///   - sink: Where results go.
  public init(
    linkType: LinkType, capture: String = "", limits: TrackerLimits = TrackerLimits(),
    labelsFrames: Bool = false, ladder: LadderRequest? = nil, sink: any AnalysisSink
  ) {
    self.labelsFrames = labelsFrames
    recorder = ladder.map { SegmentRecorder($0) }
    observesSegments = labelsFrames || ladder != nil
    decoder = FrameDecoder(linkType: linkType)
    table = ConnectionTable(limits: limits)
    summary = TraceSummary(capture: capture, linkType: linkType.name)
    self.sink = sink
  }

  /// Takes in the next frame of the capture, and keeps nothing of its bytes.
  @inline(__always)
  public mutating func ingest(_ frame: RawSpan, _ info: FrameInfo) {
    if info.time < earliest { earliest = info.time }
    if info.time > latest { latest = info.time }
    let decoded = decoder.decode(frame, info, into: &batch[batch.count].segment)
    guard case .segment = decoded else { return ingestUncommon(decoded) }
    fates[Int(FrameFate.tcp.rawValue)] += 1
    checksums[Int(batch[batch.count].segment.checksumStatus.rawValue)] += 1
    batch.count += 1
    if batch.count == SegmentBatch.capacity { drain() }
  }

  @inline(never)
  private mutating func ingestUncommon(_ decoded: DecodedFrame) {
    switch decoded {
    case .segment: preconditionFailure("segments wait in the batch")
    case .icmpError(let error):
      fates[Int(FrameFate.notTCP.rawValue)] += 1
      drain()
      table.ingest(error)
    case .other(let fate):
      fates[Int(fate.rawValue)] += 1
    }
  }

  /// Ends every connection that is left and gives the totals.
  ///
  /// - Parameters:
  ///   - framesFiltered: Frames of the capture that a filter held back from `ingest`.
  ///   - error: Why the capture could not be read to its end, if so.
  /// - Returns: The totals, as the sink got them.
  public mutating func finish(framesFiltered: Int = 0, error: String? = nil) -> TraceSummary {
    drain()
    table.finish()
    reportEnded()
    for fate in FrameFate.allCases {
      summary.framesByFate[Int(fate.rawValue)] = fates[Int(fate.rawValue)]
    }
    for status in ChecksumStatus.allCases {
      summary.segmentsByChecksum[Int(status.rawValue)] = checksums[Int(status.rawValue)]
    }
    // Each frame has one fate.
    let framesRead = summary.framesByFate.reduce(0, +)
    summary.framesRead = framesRead + framesFiltered
    summary.framesFiltered = framesFiltered
    summary.firstTime = framesRead > 0 ? earliest : nil
    summary.lastTime = framesRead > 0 ? latest : nil
    summary.error = error
    sink.captureEnded(summary)
    return summary
  }

  @inline(never)
  private mutating func drain() {
    let count = batch.count
    for index in 0..<count { table.prepare(&batch[index]) }
    for index in 0..<min(Self.readAhead, count) { table.prefetch(&batch[index]) }
    for index in 0..<min(Self.historyReadAhead, count) { table.prefetchHistory(&batch[index]) }
    for index in 0..<count {
      if index + Self.readAhead < count { table.prefetch(&batch[index + Self.readAhead]) }
      if index + Self.historyReadAhead < count {
        table.prefetchHistory(&batch[index + Self.historyReadAhead])
      }
      let step = table.ingest(&batch[index])
      if observesSegments { observe(index, step) }
    }
    batch.count = 0
    reportEnded()
  }

  @inline(never)
  private mutating func observe(_ index: Int, _ step: Step) {
    if labelsFrames { label(batch[index].segment.frame, step) }
    guard recorder != nil else { return }
    let segment = batch[index].segment
    recorder?.record(segment, step, table)
  }

  private mutating func reportEnded() {
    while let id = table.takeEnded() {
      report(table[id], labelsFrames ? labels.removeValue(forKey: id) : nil)
      table.release(id)
    }
  }

  private mutating func label(_ frame: Int, _ step: Step) {
    guard !step.facts.isDisjoint(with: FrameLabel.facts) else { return }
    let receiver = table[step.connection][step.sender.peer]
    let labelled = FrameLabel.labels(
      of: step.facts,
      receiverWindowIsShut: receiver.packets > 0 && receiver.window == 0)
    let labelledFrame = LabelledFrame(frame: frame, labels: labelled)
    labels[step.connection, default: FrameLabels()].append(labelledFrame)
  }

  private mutating func report(_ connection: Connection, _ labels: FrameLabels?) {
    let (opened, closed) = (connection.handshake.outcome, connection.closeOutcome)
    summary.connections += 1
    summary.handshakes[Int(opened.rawValue)] += 1
    summary.closes[Int(closed.rawValue)] += 1
    if opened == .complete || opened == .unseen {
      summary.closesOfOpened[Int(closed.rawValue)] += 1
    }
    summary.endReasons[Int(connection.endReason.rawValue)] += 1
    let tunnel = connection.encapsulations(of: connection.firstSender).first
    sink.connectionEnded(
      ConnectionReport(
        connection, encapsulation: decoder.layers(of: tunnel),
        frames: labelsFrames ? complete(labels, of: connection) : nil,
        segments: recorder?.finish(connection)))
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
