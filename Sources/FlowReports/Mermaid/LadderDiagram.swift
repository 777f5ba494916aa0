import FlowAnalysis
import FlowTracker
import PacketParser

/// The ladder of a connection as a sequence diagram in Mermaid's language.
struct LadderDiagram {
  private let ladder: Ladder

  init(_ ladder: Ladder) {
    self.ladder = ladder
  }

  func render() -> String {
    var lines = ["sequenceDiagram"]
    lines.append("  participant client as client<br/>\(escape(ladder.report.client.description))")
    lines.append("  participant server as server<br/>\(escape(ladder.report.server.description))")
    for rung in ladder.rungs { lines += self.lines(for: rung) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(for rung: Ladder.Rung) -> [String] {
    switch rung {
    case .segment(let segment, let states):
      return [message(segment)] + notes(states)
    case .fold(let fold, let states):
      return ["  Note over client,server: " + escape("… " + ladder.words(for: fold, states) + " …")]
    case .change(let transition, let states):
      let words = ladder.words(for: transition)
      return notes(states, because: words.isEmpty ? "" : " (\(words))")
    }
  }

  private func message(_ segment: LoggedSegment) -> String {
    let (from, to) = (segment.sender.name, segment.sender.peer.name)
    // A RST ends in a cross.
    let arrow = segment.flags.contains(.rst) ? "-x" : "->>"
    var text = "\(segment.mark.frame): \(segment.flags.ladderName)"
    text += " seq \(ladder.range(of: segment).start)"
    if segment.payloadLength > 0 { text += " len \(segment.payloadLength)" }
    if let acknowledgment = ladder.relativeAcknowledgment(segment) {
      text += " ack \(acknowledgment)"
    }
    if !segment.flags.contains(.rst) { text += " win \(ladder.window(of: segment))" }
    let remarks = ladder.remarks(on: segment)
    let below = remarks.isEmpty ? "" : "<br/>" + escape(remarks.joined(separator: ", "))
    return "  \(from)\(arrow)\(to): \(escape(text))\(below)"
  }

  private func notes(_ states: Ladder.States, because reason: String = "") -> [String] {
    Side.allCases.compactMap { side in
      guard states.isNew(side), let transition = states[side] else { return nil }
      let doubt = transition.evidence == .presumed ? "?" : ""
      let position = side == .client ? "left" : "right"
      let text = escape(transition.state.name + doubt + reason)
      return "  Note \(position) of \(side.name): \(text)"
    }
  }

  /// A semicolon ends a statement, and a number sign begins an entity.
  private func escape(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case ";": escaped += "#59;"
      case "#": escaped += "#35;"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
