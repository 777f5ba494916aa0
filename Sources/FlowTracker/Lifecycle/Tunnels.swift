import PacketParser

// A tuple may be seen in several encapsulations: the same connection by two ways (a VLAN here and
// none there, a tunnel for each direction), or two customers who use the same private addresses.
extension LiveConnection {
  /// How far from the expected numbers a segment of the same connection may lie.
  ///
  /// Chance puts both numbers of a foreign segment this near once in 16,000 times.
  private static let nearby: Int32 = 1 << 24

  func noteTunnel(_ tunnel: EncapsulationID, of sender: Side) {
    let own = Int(sender.rawValue)
    if !core.ends[own].knows.contains(.hasSent) { history.firstTunnels[own] = tunnel }
    core.tunnels[own] = tunnel
  }

  func knowsTunnel(_ tunnel: EncapsulationID) -> Bool {
    for end in 0..<2 where core.ends[end].knows.contains(.hasSent) {
      if history.firstTunnels[end] == tunnel || core.tunnels[end] == tunnel { return true }
    }
    return false
  }

  /// Whether the segment's numbers are ones that this connection could come to.
  func fits(_ segment: inout Segment, from sender: Side) -> Bool {
    if core.stage == .closed { return true }
    let own = core.ends[Int(sender.rawValue)]
    let peer = core.ends[Int(sender.peer.rawValue)]
    if own.knows.contains(.next), !segment.flags.contains(.rst),
      (segment.sequence - own.next).magnitude > Self.nearby.magnitude
    {
      return false
    }
    guard segment.flags.contains(.ack), peer.knows.contains(.next) else { return true }
    return (segment.acknowledgment - peer.next).magnitude <= Self.nearby.magnitude
  }

  /// Takes in an ICMP error about a segment that `sender` sent (RFC 9293 §3.9.2.2): before anything
  /// answered the SYN, it says why.
  func takeError(_ error: ICMPError, from sender: Side) {
    let own = core.ends[Int(sender.rawValue)]
    let isAboutSYN =
      own.state == .synSent && !core.ends[Int(sender.peer.rawValue)].knows.contains(.hasSent)
      && own.knows.contains(.initialSequence)
      && error.sequence == history.ends[Int(sender.rawValue)].initialSequence
    guard isAboutSYN, history.handshake.rejection == .none else { return }
    history.handshake.rejection = history.milestone(
      at: FrameMark(frame: error.frame, time: error.time))
  }
}
