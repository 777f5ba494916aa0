public import FlowTracker
public import PacketParser

/// Something that no single connection shows, but many together: a scan, a flood, a host that leaves
/// checksums to its network card.
public struct CaptureFinding: Sendable {
  /// What kind of finding it is.
  public let rule: FindingRule
  public var severity: Finding.Severity
  public var certainty: Finding.Certainty
  public var blame: Blame
  /// Where it began and where it ended, by the first frames of its connections.
  public var first: FrameMark
  public var last: FrameMark
  /// The hosts that did it, and those it was done to.
  public var sources = Hosts()
  public var targets = Hosts()
  /// How many ports of the targets it was done to, and the lowest of them.
  public var portCount = 0
  public var ports: [UInt16] = []
  /// How many connections it took, or segments where it is not about connections.
  public var count = 0
  /// What the replies revealed, in targets; without those that there were none of.
  public var replies: [(meaning: String, count: Int)] = []
  /// The first of the targets that are open.
  public var open: [SocketAddress] = []
  /// The numbers of the first connections of it, in order.
  public var connections: [Int] = []
  /// The numbers of some frames that show it, in order.
  public var frames: [Int] = []
  /// One sentence, for a reader who has never heard the name.
  public var message = ""
  /// Wireshark's display filter for its segments.
  public var displayFilter = ""

  /// `CaptureEvent` has told of it while the capture was running.
  public internal(set) var wasTold = false

  /// What a connection must be to be part of it.
  var membership = Membership.none

  init(
    _ rule: FindingRule, _ severity: Finding.Severity? = nil, _ certainty: Finding.Certainty,
    blame: Blame, first: FrameMark, last: FrameMark
  ) {
    self.rule = rule
    self.severity = severity ?? rule.severity
    self.certainty = certainty
    self.blame = blame
    self.first = first
    self.last = last
  }

  /// Who is responsible.
  public enum Blame: Sendable {
    case host(IPAddress)
    case capture
    /// Addresses are forged, or may be.
    case unknown
  }

  /// Hosts: how many, and the addresses of the first of them.
  public struct Hosts: Sendable {
    public var count = 0
    /// The count is an estimate, some percent from the truth.
    public var isEstimate = false
    public var addresses: [IPAddress] = []
  }

  enum Membership {
    case none
    /// Connections that this host tried in vain.
    case attempts(by: IPAddress)
    /// Handshakes with this end that were never completed.
    case halfOpen(to: SocketAddress)
    /// Stray segments of this host.
    case strays(of: IPAddress)
  }

  /// The socket that was flooded, if one was.
  var floodTarget: SocketAddress? {
    if case .halfOpen(let target) = membership { target } else { nil }
  }

  /// Whether two are of one kind and of the same hosts, however far they had come.
  func isSame(as other: CaptureFinding) -> Bool {
    guard rule === other.rule else { return false }
    // The sources of a flood are many.
    if let floodTarget { return floodTarget == other.floodTarget }
    return sources.addresses.first == other.sources.addresses.first
  }

  /// Whether a connection is part of it: of such connections, those that are named say enough.
  public func covers(_ report: ConnectionReport) -> Bool {
    guard report.first.time >= first.time, report.first.time <= last.time else { return false }
    let hasFailed = report[.client].payload == 0 && report.handshake.outcome != .unseen
    return switch membership {
    case .none: false
    case .attempts(let source): hasFailed && report.client.address == source
    case .halfOpen(let target):
      report.server == target
        && [.halfOpen, .unanswered].contains(report.handshake.outcome)
    case .strays(let source):
      !report.hasPayload
        && (report.firstSender == .client ? report.client : report.server).address == source
        && (report.handshake.outcome == .unseen || report.rolesEvidence == .synACK)
    }
  }
}

extension CaptureFinding.Hosts {
  init(_ address: IPAddress) {
    count = 1
    addresses = [address]
  }
}
