/// What totals need of a connection, without a copy of the rest of it.
package struct ConnectionBrief: BitwiseCopyable, Sendable {
  package let number: Int
  package let handshake: Handshake.Outcome
  package let close: Closing.Outcome
  package let endReason: EndReason

  @inline(__always)
  init(_ live: LiveConnection) {
    number = live.history.number
    handshake = live.history.handshake.outcome
    close = live.history.closing.outcome(
      client: live.core.ends[0].knows, server: live.core.ends[1].knows)
    endReason = live.history.endReason
  }
}
