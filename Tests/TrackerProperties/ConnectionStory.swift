public import FlowTracker

/// All that is concluded of a connection, without sequence numbers and without the counts of packets
/// and bytes.
public func describe(_ connection: Connection) -> String {
  let handshake = connection.handshake
  let frames = [handshake.syn, handshake.synACK, handshake.ack, connection.closing.reset]
    .map { $0.map { "\($0.frame)" } ?? "-" }
  var lines = [
    "connection \(connection.number), incarnation \(connection.incarnation)",
    "ended: \(connection.endReason.name)",
    "roles: \(connection.rolesEvidence.name)",
    "vantage: \(connection.vantage.map { "\($0.at.name) \($0.certainty.name)" } ?? "nothing")",
    "handshake: \(handshake.kind.name) \(handshake.outcome.name)",
    "close: \(connection.closing.kind.name) \(connection.closing.outcome.name)",
    "SYN, SYN-ACK, ACK, RST in frames \(frames.joined(separator: ", "))",
    "completeness: \(connection.wiresharkCompleteness)",
  ]
  for side in Side.allCases {
    let seen = connection[irregularities: side]
    lines.append("\(side.name): \(timeline(connection, side))")
    lines.append(
      """
      repeated \(seen.repeatedPackets) with \(seen.repeatedBytes) bytes, \
      out of order \(seen.outOfOrderPackets), gaps \(seen.gaps) of \(seen.gapBytes) bytes, \
      zero windows \(seen.zeroWindows)
      """)
  }
  return lines.joined(separator: "\n")
}

/// The states of one end: `SYN-SENT 1 sent, ESTABLISHED 2 presumed`.
public func timeline(_ connection: Connection, _ side: Side) -> String {
  transitions(connection, side)
    .map { "\($0.state.name) \($0.frame) \($0.evidence.name)" }
    .joined(separator: ", ")
}

public func transitions(_ connection: Connection, _ side: Side) -> [Transition] {
  Array(connection[history: side].timeline)
}
