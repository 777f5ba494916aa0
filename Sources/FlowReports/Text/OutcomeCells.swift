package import FlowTracker

// How a connection was opened and closed, in a word or three.
extension TextTable.Cell {
  /// What a handshake came to.
  package static func handshake(_ outcome: Handshake.Outcome, _ kind: Handshake.Kind) -> Self {
    switch outcome {
    case .complete: .init(kind == .threeWay ? "complete" : kind.name, .good)
    case .unseen: .init("unseen", .faint)
    case .halfOpen, .unanswered, .aborted: .init(outcome.name, .warning)
    case .refused, .rejected: .init(outcome.name, .bad)
    }
  }

  /// What a close came to, of a connection whose handshake came to `handshake`: who sent the first FIN,
  /// and whose RST was accepted.
  package static func close(
    _ outcome: Closing.Outcome, _ kind: Closing.Kind, first: Side?, resetBy: Side?,
    handshake: Handshake.Outcome
  ) -> Self {
    let first = first?.name ?? "nobody"
    switch (kind, outcome) {
    case (.reset, _):
      // The reset of a SYN is told by the handshake.
      if handshake == .refused { return .init("–", .faint) }
      return .init("reset by \(resetBy?.name ?? "somebody")", .bad)
    case (.none, _):
      let wasOpen = [.complete, .unseen].contains(handshake)
      return .init(wasOpen ? "still open" : "–", .faint)
    case (_, .finUnacknowledged): return .init("\(first), FIN unacked", .warning)
    case (_, .lastACKMissing): return .init("\(first), no last ACK", .warning)
    case (.half, _): return .init("\(first) only", .warning)
    case (.simultaneous, _): return .init("simultaneous", .good)
    case (.orderly, _): return .init("\(first) first", .good)
    }
  }
}
