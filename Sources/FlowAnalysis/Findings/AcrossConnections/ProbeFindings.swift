import FlowTracker
import PacketParser

// What a series of probes is, in a finding.
extension ProbeSeries {
  /// What there is to say of it; `nil` where it has turned out to be innocent.
  var finding: CaptureFinding? {
    guard hasMostlyFailed else { return nil }
    switch behaviour {
    case .opens: return attemptsFinding
    case .answers: return backscatter
    case .null: return straysFinding(CaptureRules.scanNull, "without any flag")
    case .xmas: return straysFinding(CaptureRules.scanXmas, "with FIN, PSH and URG")
    case .fin: return straysFinding(CaptureRules.scanFIN, "with FIN alone")
    case .ack: return straysFinding(CaptureRules.scanACK, "with ACK alone")
    case .maimon: return straysFinding(CaptureRules.scanMaimon, "with FIN and ACK")
    }
  }

  // MARK: - SYNs

  private var attemptsFinding: CaptureFinding? {
    let (open, failed) = (self[.open], self[.closed] + self[.filtered])
    // Who checks whether servers are up finds nearly all of them open, and asks for few ports.
    if isHorizontal, failed * 4 < open { return nil }
    let isCrafted = crafted * 2 > attempts
    // Where nothing at all came back to an ordinary host, the network may have been down.
    let isSilent = open == 0 && self[.closed] == 0 && !isCrafted
    let rule =
      isHorizontal
      ? CaptureRules.scanHorizontal
      : aborted > 0 || isCrafted ? CaptureRules.scanSYN : CaptureRules.scanConnect
    var finding = base(
      rule, isSilent ? .note : .warning, isSilent ? .possible : .likely,
      replies: [("open", open), ("closed", self[.closed]), ("filtered", self[.filtered])])
    finding.open = self.open
    finding.membership = .attempts(by: source)
    let way =
      aborted > 0
      ? " with handshakes that it broke off" : isCrafted ? " with SYNs that no system sends" : ""
    finding.message =
      isSilent
      ? "\(source) tried \(targets.text) and nothing answered: a scan, or its network was down."
      : "\(source) scanned \(targets.text)\(way)\(duration): \(revealed(finding))."
    finding.displayFilter =
      "\(source.filterField).src == \(source) && tcp.flags.syn == 1 && tcp.flags.ack == 0"
    return finding
  }

  // MARK: - Segments outside any connection

  private func straysFinding(_ rule: FindingRule, _ flags: String) -> CaptureFinding {
    let replies =
      behaviour == .ack
      ? [("unfiltered", self[.closed]), ("filtered", self[.none])]
      : [("closed", self[.closed]), ("open or filtered", self[.none])]
    var finding = base(rule, nil, behaviour.needsOnePort ? .likely : .proven, replies: replies)
    finding.membership = .strays(of: source)
    finding.message =
      "\(source) sent segments \(flags) to \(targets.text)\(duration): \(revealed(finding))."
    finding.displayFilter = "\(source.filterField).src == \(source) && \(flagsFilter)"
    return finding
  }

  private var flagsFilter: String {
    switch behaviour {
    case .opens, .null: "tcp.flags == 0x000"
    case .xmas: "tcp.flags == 0x029"
    case .fin: "tcp.flags == 0x001"
    case .ack: "tcp.flags == 0x010"
    case .maimon: "tcp.flags == 0x011"
    case .answers: "tcp.flags in {0x012, 0x014}"
    }
  }

  private var backscatter: CaptureFinding {
    var finding = base(CaptureRules.backscatter, nil, .likely, replies: [])
    finding.blame = .unknown
    finding.membership = .strays(of: source)
    let sender = SocketAddress(address: source, port: sourcePort)
    let hosts = Quantity.count(finding.targets.count, "host")
    finding.message =
      "\(sender) answered \(Quantity.count(attempts, "SYN")) that \(about(finding.targets))\(hosts) had "
      + "not sent\(duration): somebody floods it in their name."
    finding.displayFilter =
      "\(source.filterField).src == \(source) && tcp.srcport == \(sourcePort) && \(flagsFilter)"
    return finding
  }

  // MARK: - What all have in common

  private func base(
    _ rule: FindingRule, _ severity: Finding.Severity?, _ certainty: Finding.Certainty,
    replies: [(meaning: String, count: Int)]
  ) -> CaptureFinding {
    var finding = CaptureFinding(
      rule, severity, certainty, blame: .host(source), first: first, last: last)
    finding.sources = CaptureFinding.Hosts(source)
    targets.tell(in: &finding)
    finding.count = attempts
    finding.replies = replies.filter { $0.count > 0 }
    finding.connections = connections.sorted()
    finding.frames = frames.sorted()
    return finding
  }

  private func about(_ hosts: CaptureFinding.Hosts) -> String { hosts.isEstimate ? "about " : "" }

  private var duration: String {
    let nanoseconds = last.time.nanoseconds(since: first.time)
    return nanoseconds > 0 ? " in \(Quantity.duration(nanoseconds: nanoseconds))" : ""
  }

  /// `3 open (22, 80, 443), 997 closed`.
  private func revealed(_ finding: CaptureFinding) -> String {
    finding.replies.map { reply in
      let text = "\(Quantity.count(reply.count)) \(reply.meaning)"
      guard reply.meaning == "open", !open.isEmpty else { return text }
      let names = open.sorted { ($0.port, $0.description) < ($1.port, $1.description) }.map {
        finding.targets.count == 1 ? "\($0.port)" : "\($0)"
      }
      let rest = reply.count > names.count ? ", …" : ""
      return "\(text) (\(names.joined(separator: ", "))\(rest))"
    }.joined(separator: ", ")
  }
}

extension IPAddress {
  /// What Wireshark's filters call a packet of its version.
  var filterField: String { version == .v4 ? "ip" : "ipv6" }
}
