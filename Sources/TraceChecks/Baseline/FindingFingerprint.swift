import FlowAnalysis
import FlowTracker
import PacketParser

/// What makes a finding the same one in another run: not its frames, its times or an ephemeral port.
struct FindingFingerprint: Hashable, Codable, Sendable, Comparable {
  /// The capture's name, as it was given.
  var capture: String
  var id: String
  var blame: String
  /// The client's address and the server's address and port; of what many connections show, the hosts.
  var between: String

  static func < (left: FindingFingerprint, right: FindingFingerprint) -> Bool {
    (left.capture, left.id, left.between, left.blame)
      < (right.capture, right.id, right.between, right.blame)
  }
}

extension FindingFingerprint {
  init(_ finding: Finding, of report: ConnectionReport, in capture: String) {
    self.init(
      capture: capture, id: finding.rule.id, blame: finding.blame.name,
      between: "\(report.client.address) → \(report.server)")
  }

  init(_ finding: CaptureFinding, in capture: String) {
    let blame: String =
      switch finding.blame {
      case .host(let address): "\(address)"
      case .capture: "capture"
      case .unknown: "unknown"
      }
    self.init(capture: capture, id: finding.rule.id, blame: blame, between: "")
  }
}
