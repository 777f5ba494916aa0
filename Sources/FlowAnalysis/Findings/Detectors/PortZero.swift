import FlowTracker
import PacketParser

/// `port-zero`: an end without a port.
struct PortZero: Detector {
  static let rule = FindingRule(
    id: "port-zero", severity: .warning, title: "a port was 0",
    condition: "A segment from port 0, or to it.",
    advice: """
      No socket has port 0: it asks a system to choose one. Such segments are made by hand, to tell \
      systems apart or to slip by filters, or come from a broken device; a firewall would drop them.
      """,
    references: ["RFC 6335 §6"])
  static let needs: Aspects = .impossible

  static func judge(_ subject: Subject) -> [Finding] {
    let sides = Side.allCases.filter { subject.socket(of: $0).port == 0 }
    guard !sides.isEmpty else { return [] }
    let names = sides.map { "the \($0.name)'s" }.joined(separator: " and ")
    return [
      Finding(
        rule, blame: Finding.Blame(subject.report.firstSender),
        frames: [subject.report.first.frame],
        "Port 0 was \(names): no socket has it.")
    ]
  }
}
