import PacketParser

// Most segments are the ones that were to be expected: between two established ends, the next in order,
// with news and nothing out of the ordinary. Kernels look for them first (Van Jacobson's header
// prediction, `tcp_rcv_established` in Linux), and so does the observer: whatever is predicted here
// would come to the same in `take`, by a longer way.
extension LiveConnection {
  /// What the traits of a connection are among `decisive` when its segments can be predicted.
  private static let steady: ConnectionCore.Traits = [.isSteady, .sawBareACK]
  private static let decisive: ConnectionCore.Traits = [
    .isSteady, .sawBareACK, .isIrregular, .hasEnded, .hasStrayingSYN, .hasSibling,
    .hasOneEnd,
  ]
  private static let synchronized: Endpoint.Knowledge = [.hasSent, .next, .acknowledged]
  private static let unsettled: Endpoint.Knowledge = [.holes, .fin, .awaitsProof]

  /// Takes in a segment if it is the one that was to be expected.
  ///
  /// - Parameters:
  ///   - segment: The next segment of the connection, `inout` for speed alone.
  ///   - sender: Who sent it.
  ///   - patience: Nanoseconds after which the connection would be taken for another one.
  /// - Returns: Whether it was; if not, nothing has changed.
  @inline(__always)
  func takePredicted(
    _ segment: inout Segment, from sender: Side, within patience: Int64
  ) -> Bool {
    let own = Int(sender.rawValue)
    let peer = 1 - own
    guard core.traits.intersection(Self.decisive) == Self.steady,
      segment.flags.intersection([.syn, .fin, .rst, .ack]) == .ack,
      segment.sequence == core.ends[own].next,
      core.ends[own].knows.intersection(Self.synchronized.union(Self.unsettled))
        == Self.synchronized,
      core.ends[peer].knows.intersection(Self.synchronized.union(Self.unsettled))
        == Self.synchronized
    else { return false }
    let newlyAcknowledged = segment.acknowledgment - core.ends[own].acknowledged
    guard newlyAcknowledged >= 0, segment.acknowledgment <= core.ends[peer].next,
      segment.payloadLength > 0 || newlyAcknowledged > 0,
      segment.window > 0, segment.options.sackBlockCount == 0,
      segment.checksumStatus != .wrong,
      segment.encapsulation == core.tunnels[own],
      segment.time.nanoseconds &- core.last.time.nanoseconds < patience
    else { return false }

    core.last = FrameMark(segment)
    core.ends[own].next = segment.sequence + segment.payloadLength
    core.ends[own].acknowledged = segment.acknowledgment
    core.traffic[own].notePredicted(
      &segment, window: UInt32(segment.window) &<< UInt32(core.ends[own].windowShift))
    return true
  }
}
