import FlowTracker
import PacketParser

/// What the checksums of one host's segments were like.
struct ChecksumTally: HostRecord {
  private static let namedConnections = 8

  private var first: FrameMark?
  private var last = FrameMark(frame: 0, time: Timestamp(nanoseconds: 0))
  private var connections = 0
  /// Connections with a SYN or FIN of it whose checksum was left to the network card.
  private var offloaded = 0
  private var segments: UInt64 = 0
  private var wrong = 0
  /// Connections with some of them.
  private var damaged = 0
  /// Wrong ones of those who sent to it.
  private var receivedWrong = 0
  private var named: [Int] = []
  private var frames: [Int] = []

  mutating func note(_ outline: inout ConnectionOutline, _ side: Side) {
    let own = outline[side]
    connections += 1
    segments += own.packets
    wrong += own.wrongChecksums
    if own.wrongChecksums > 0 { damaged += 1 }
    receivedWrong += outline[side.peer].wrongChecksums
    let isOffloaded = own.checksums.contains(.offloaded)
    if isOffloaded { offloaded += 1 }
    guard isOffloaded || own.wrongChecksums > 0 else { return }
    if first.map({ outline.first.time < $0.time }) ?? true { first = outline.first }
    if outline.last.time > last.time { last = outline.last }
    guard named.count < Self.namedConnections else { return }
    named.append(outline.number)
    frames.append(outline.first.frame)
  }

  /// What there is to say of it; `nil` where its checksums are its own.
  func finding(host: IPAddress) -> CaptureFinding? {
    guard let first else { return nil }
    let isOffloaded = offloaded * 10 > connections
    let isWrong =
      wrong >= 3 && UInt64(wrong) * 10 > segments && damaged * 2 > connections && receivedWrong == 0
    guard isOffloaded || isWrong else { return nil }
    var finding = CaptureFinding(
      CaptureRules.checksumOffloaded, nil, isOffloaded ? .proven : .possible, blame: .capture,
      first: first, last: last)
    finding.sources = CaptureFinding.Hosts(host)
    finding.count = isOffloaded ? offloaded : wrong
    finding.connections = named.sorted()
    finding.frames = frames.sorted()
    finding.displayFilter = "\(host.filterField).src == \(host) && tcp.checksum.status == \"Bad\""
    finding.message = isOffloaded ? offloadedMessage(host) : wrongMessage(host)
    return finding
  }

  private func offloadedMessage(_ host: IPAddress) -> String {
    let portion =
      "in \(Quantity.count(offloaded)) of \(Quantity.count(connections, "connection"))"
    return host.isLoopback
      ? "\(host) leaves TCP checksums unfinished (\(portion)), as a host does that speaks to itself."
      : "\(host) leaves TCP checksums to its network card (\(portion)): captured before that computes "
        + "them, they are right on the wire."
  }

  private func wrongMessage(_ host: IPAddress) -> String {
    "\(Quantity.count(wrong)) of the \(Quantity.count(segments)) segments of \(host) have a wrong "
      + "checksum and none that it got: its network card computes them later, or the capture was edited."
  }
}
