import PacketParser

// A socket that is connected to itself is both ends: what the one sends, the other has sent too, and gets
// (RFC 9293 §3.5, figure 7, with one end for both).
extension LiveConnection {
  /// Takes in a segment whose source is its destination.
  ///
  /// That both ends are one socket shows when its SYN is answered with the SYN's own number. Until then
  /// somebody may have forged the SYN.
  @inline(never)
  func takeOwn(
    _ segment: inout Segment, from sender: Side, nanosecondsSinceLast: Int64
  ) -> SegmentFacts {
    if !core.traits.contains(.speaksToItself), answersItself(&segment, Int(sender.rawValue)),
      let syn = frameMark(history.handshake.syn)
    {
      core.traits.insert(.speaksToItself)
      core.ends[1 - Int(sender.rawValue)].knows.insert(.hasSent)
      var reflected = segment
      reflected.flags.remove(.ack)
      (reflected.frame, reflected.time) = (syn.frame, syn.time)
      _ = judgeAside(&reflected, from: sender.peer, nanosecondsSinceLast)
    }
    let facts = judgeAside(&segment, from: sender, nanosecondsSinceLast)
    guard core.traits.contains(.speaksToItself) else { return facts }
    return facts.union(judgeAside(&segment, from: sender.peer, nanosecondsSinceLast))
  }

  private func answersItself(_ segment: inout Segment, _ own: Int) -> Bool {
    segment.flags.isSuperset(of: [.syn, .ack])
      && core.ends[own].knows.contains(.initialSequence)
      && segment.sequence == history.ends[own].initialSequence
      && segment.acknowledgment == segment.sequence + 1
  }

  /// `judge`, which is written out wherever it is called.
  @inline(never)
  private func judgeAside(
    _ segment: inout Segment, from sender: Side, _ nanosecondsSinceLast: Int64
  ) -> SegmentFacts {
    judge(&segment, from: sender, nanosecondsSinceLast: nanosecondsSinceLast)
  }
}
