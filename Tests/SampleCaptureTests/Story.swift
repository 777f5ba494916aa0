import FlowAnalysis
import FlowTracker

/// A capture as lines that are easily held against its note.
final class Story: AnalysisSink {
  private(set) var text = ""

  func connectionEnded(_ report: ConnectionReport) {
    if !text.isEmpty { text += "\n" }
    let handshake = report.handshake
    let close = report.close
    line("\(report.client) → \(report.server)", report.incarnation > 1 ? "again" : "")
    line("  roles", report.rolesEvidence.name)
    line(
      "  handshake", handshake.kind.name, handshake.outcome.name, frame("SYN", handshake.syn),
      frame("SYN-ACK", handshake.synACK), frame("ACK", handshake.ack))
    line(
      "  close", close.kind.name, close.outcome.name, close.first.map { "\($0.name) first" } ?? "",
      frame("client FIN", report[.client].fin), frame("server FIN", report[.server].fin),
      close.reset.map { "RST of the \($0.by.name) \($0.mark.frame)" } ?? "")
    for side in Side.allCases { tell(side, report[side]) }
    for labelled in report.frames?.frames ?? [] {
      line("  frame \(labelled.frame)", labelled.labels.map(\.rawValue).joined(separator: ", "))
    }
  }

  func captureEnded(_ summary: TraceSummary) {
    let connections = "\(summary.connections) connection\(summary.connections == 1 ? "" : "s")"
    text += "\n\(connections), \(summary.framesRead) frames\n"
  }

  private func tell(_ side: Side, _ report: SideReport) {
    line("  \(side.name)", "packets \(report.packets)", "payload \(report.payload)")
    for state in report.states {
      let frame = state.frame > 0 ? String(state.frame) : "–"
      let padding = String(repeating: " ", count: 5 - frame.count)
      line("\(padding)\(frame) \(state.state.name)", state.evidence.name)
    }
  }

  private func frame(_ name: String, _ mark: FrameMark?) -> String {
    mark.map { "\(name) \($0.frame)" } ?? ""
  }

  private func line(_ parts: String...) {
    text += parts.filter { !$0.isEmpty }.joined(separator: ", ") + "\n"
  }
}
