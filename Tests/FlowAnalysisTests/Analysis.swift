import FlowAnalysis
import FlowTracker
import PacketParser
import TraceScript

/// Everything that an analysis gives, to compare.
final class Analysis: AnalysisSink {
  private(set) var connections: [ConnectionReport] = []
  private(set) var findings: [CaptureFinding] = []
  private(set) var summary: TraceSummary?

  func connectionEnded(_ report: ConnectionReport) {
    connections.append(report)
  }

  func found(_ finding: CaptureFinding) {
    findings.append(finding)
  }

  func captureEnded(_ summary: TraceSummary) {
    self.summary = summary
  }

  /// All of it as text: whatever differs, shows.
  var text: String {
    (connections.map(story(of:)) + findings.map { "\($0)" }).joined(separator: "\n")
      + "\n\(summary.map { "\($0)" } ?? "")"
  }

  /// Analyzes Ethernet frames, a millisecond apart.
  convenience init(
    _ frames: [[UInt8]], interval: Int64 = 1_000_000, labelsFrames: Bool = true,
    ladder: LadderRequest? = nil
  ) {
    self.init(
      frames.enumerated().map { index, bytes in
        (Timestamp(nanoseconds: Int64(index) * interval), bytes)
      }, labelsFrames: labelsFrames, ladder: ladder)
  }

  /// Analyzes frames that were decoded elsewhere, so many at a time.
  init(_ frames: [(time: Timestamp, bytes: [UInt8])], decodedBy batch: Int) {
    var decoder = FrameDecoder(linkType: .ethernet)
    var decoded = DecodedFrames(capacity: batch)
    var analyzer = TraceAnalyzer(linkType: .ethernet, labelsFrames: true, sink: self)
    for (index, frame) in frames.enumerated() {
      let info = FrameInfo(number: index + 1, time: frame.time, wireLength: frame.bytes.count)
      withBytes(of: frame.bytes) { decoded.append($0, info, by: &decoder) }
      guard decoded.isFull || index == frames.count - 1 else { continue }
      decoded.close(by: decoder)
      analyzer.ingest(decoded)
      decoded.removeAll()
    }
    _ = analyzer.finish(incomplete: decoder.finish())
  }

  /// Analyzes frames, of each of which at most so many bytes were captured; `error` ended the capture.
  init(
    _ frames: [(time: Timestamp, bytes: [UInt8])], labelsFrames: Bool = true,
    ladder: LadderRequest? = nil, captured: Int = .max, error: String? = nil,
    linkType: LinkType = .ethernet
  ) {
    var analyzer = TraceAnalyzer(
      linkType: linkType, labelsFrames: labelsFrames, ladder: ladder, sink: self)
    for (index, frame) in frames.enumerated() {
      let info = FrameInfo(number: index + 1, time: frame.time, wireLength: frame.bytes.count)
      withBytes(of: Array(frame.bytes.prefix(captured))) { analyzer.ingest($0, info) }
    }
    _ = analyzer.finish(error: error)
  }
}

extension Analysis {
  /// Analyzes the frames of a script.
  convenience init(script: String) throws {
    self.init(try Script(script).frames)
  }

  convenience init(_ frames: [CapturedFrame]) {
    self.init(
      frames.map { (Timestamp(seconds: $0.seconds, nanoseconds: $0.nanoseconds), $0.bytes) })
  }
}

/// What a report says, value by value: a description of it would end at references.
func story(of report: ConnectionReport) -> String {
  let handshake = report.handshake
  let marks = [
    handshake.syn, handshake.lastSYN, handshake.synACK, handshake.lastSYNACK, handshake.ack,
    handshake.rejection,
  ]
  var lines = [
    "\(report.number) \(report.incarnation) \(report.client) \(report.server)",
    "\(report.rolesEvidence) \(report.firstSender) \(report.first) \(report.last)",
    "\(handshake.kind) \(handshake.outcome) \(marks)",
    "\(report.close) \(report.endReason) \(report.wiresharkCompleteness)",
    "\(report.vantage.map { "\($0)" } ?? "-") \(report.encapsulation)",
    report.frames.map { "\($0)" } ?? "-",
    report.findings.map { "\($0.rule.id) \($0.frames) \($0.message)" }.joined(separator: "; "),
  ]
  for side in Side.allCases {
    let end = report[side]
    lines.append("\(Array(end.states)) \(end.states.dropped)")
    lines.append(
      """
      \(end.packets) \(end.bytes) \(end.payload) \(end.uniquePayload) \(end.repeatedPackets) \
      \(end.repeatedBytes) \(end.outOfOrderPackets) \(end.duplicateFrames) \(end.gaps) \
      \(end.gapBytes) \(end.zeroWindows) \(end.windowMaximum ?? 0) \(end.windowShift ?? 99) \
      \(end.offer.map { "\($0)" } ?? "-") \(end.fin.map { "\($0)" } ?? "-")
      """)
  }
  return lines.joined(separator: "\n")
}

/// "Host unreachable" (RFC 792), from some router.
func icmpError(
  about source: SocketAddress, to destination: SocketAddress, sequence: UInt32
) -> [UInt8] {
  var quoted = FrameBuilder(from: source, to: destination)
  quoted.flags = .syn
  quoted.sequence = sequence
  var message = [3, 1, 0, 0, 0, 0, 0, 0] + quoted.packet.prefix(28)
  message.replaceSubrange(2..<4, with: bigEndian(internetChecksum(message)))
  let router = FrameBuilder(from: .version4(254, port: 0), to: source)
  return router.ethernetFrame(
    carrying: router.ipPacket(carrying: message, protocolNumber: 1), type: 0x0800)
}
