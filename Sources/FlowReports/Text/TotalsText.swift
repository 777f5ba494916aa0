import FlowAnalysis
import FlowTracker
import PacketParser

/// The lines below a table: what the capture came to, and what was left out of it.
enum TotalsText {
  static func lines(of summary: TraceSummary) -> String {
    var text = Quantity.count(summary.connections, "connection")
    let handshakes = Handshake.Outcome.allCases.compactMap { outcome in
      part(summary.handshakes[Int(outcome.rawValue)], "handshake \(outcome.name)")
    }
    let closes = Closing.Outcome.allCases.compactMap { outcome in
      part(summary.closes[Int(outcome.rawValue)], phrase(outcome))
    }
    if !handshakes.isEmpty { text += ": " + handshakes.joined(separator: ", ") }
    if !closes.isEmpty { text += "; " + closes.joined(separator: ", ") }
    text += "\n" + frames(summary) + "\n"
    let full = summary.endReasons[Int(EndReason.tableFull.rawValue)]
    if full > 0 {
      text += "\(Quantity.count(full, "connection")) put away early: the table was full\n"
    }
    return text
  }

  private static func frames(_ summary: TraceSummary) -> String {
    var text = Quantity.count(summary.framesRead, "frame")
    if let first = summary.firstTime, let last = summary.lastTime {
      text += " in \(Quantity.duration(nanoseconds: last.nanoseconds(since: first)))"
    }
    var fates = FrameFate.allCases.compactMap { fate in
      part(summary.framesByFate[Int(fate.rawValue)], fate.name)
    }
    if let filtered = part(summary.framesFiltered, "filtered") { fates.append(filtered) }
    return fates.isEmpty ? text : text + ": " + fates.joined(separator: ", ")
  }

  private static func phrase(_ outcome: Closing.Outcome) -> String {
    switch outcome {
    case .complete: "closed"
    case .lastACKMissing: "last ACK missing"
    case .finUnacknowledged: "FIN unacknowledged"
    case .open: "open"
    case .reset: "reset"
    }
  }

  private static func part(_ number: Int, _ what: String) -> String? {
    number == 0 ? nil : "\(Quantity.count(number)) \(what)"
  }
}
