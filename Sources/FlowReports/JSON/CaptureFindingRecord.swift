import FlowAnalysis
import PacketParser

// The `finding` record, of what belongs to no single connection. The order of the keys is part of the
// format.
extension JSONWriter {
  /// The record; of what is not over, as it stood at a time.
  mutating func captureFinding(
    _ finding: CaptureFinding, capture: String, ongoingAt now: Timestamp? = nil
  ) {
    key("type")
    string("finding")
    key("schema")
    integer(NDJSONReport.schema)
    key("capture")
    string(capture)
    if let now {
      key("time")
      time(now)
      key("ongoing")
      boolean(true)
    }
    judgement(finding.rule, finding.severity, finding.certainty, blame: finding.blame.name)
    key("first")
    mark(finding.first)
    key("last")
    mark(finding.last)
    key("count")
    integer(finding.count)
    key("sources")
    hosts(finding.sources)
    key("targets")
    hosts(finding.targets)
    key("ports")
    object {
      $0.key("count")
      $0.integer(finding.portCount)
      $0.key("examples")
      $0.array { for port in finding.ports { $0.integer(port) } }
    }
    key("replies")
    object {
      for reply in finding.replies {
        $0.key(named: reply.meaning.replacing(" ", with: "_"))
        $0.integer(reply.count)
      }
    }
    key("open")
    array { for target in finding.open { $0.socketAddress(target) } }
    // Some of each: "frames" alone are the labels of a connection's.
    key("examples")
    object {
      $0.key("connections")
      $0.array { for number in finding.connections { $0.integer(number) } }
      $0.key("frames")
      $0.array { for frame in finding.frames { $0.integer(frame) } }
    }
    key("filter")
    string(finding.displayFilter)
    key("message")
    string(finding.message)
  }

  mutating func hosts(_ hosts: CaptureFinding.Hosts) {
    object {
      $0.key("count")
      $0.integer(hosts.count)
      $0.flag("estimated", hosts.isEstimate)
      $0.key("addresses")
      $0.array { for address in hosts.addresses { $0.address(address) } }
    }
  }
}

extension CaptureFinding.Blame {
  /// The address, where it is a host's.
  var name: String {
    switch self {
    case .host(let address): address.description
    case .capture: "capture"
    case .unknown: "unknown"
    }
  }
}
