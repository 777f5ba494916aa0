import FlowTracker

/// `reset-with-unread-data`: a program closed without reading what had come.
struct ResetWithUnreadData: Detector {
  static let rule = FindingRule(
    id: "reset-with-unread-data", severity: .warning,
    title: "a RST threw away data that had come",
    condition: """
      An acceptable RST, at most half a second after the segment before it, of an end that had payload \
      of its peer which nothing but the RST acknowledges; or, after the end's own FIN, that it never \
      acknowledges, sent before its peer knew of the FIN.
      """,
    advice: """
      A host resets a connection when its program closes the socket with data still unread; what its \
      own side had under way may be lost with it. Let the program read until its peer closes, after \
      shutdown() if it has nothing more to send. Harmless where what was lost is a mere goodbye, such as \
      the close_notify of TLS. A program that reads all and then asks for a RST \
      (SO_LINGER with time 0) looks the same, and so does a device that forges the RST: compare its \
      time to live with that of other segments.
      """,
    references: ["RFC 9293 §3.6.1", "RFC 1122 §4.2.2.13", "RFC 2525 §2.17"])
  static let needs: Aspects = [.reset]
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.report.close.kind == .reset, let reset = subject.report.close.reset,
      subject.closing.resetGround == .unreadPayload
    else { return [] }
    let (end, peer) = (reset.by.name, reset.by.peer.name)
    let bytes = Quantity.bytes(UInt64(subject.unacknowledgedPayload(of: reset.by.peer)))
    if isAfterFIN(subject, of: reset.by) {
      return [
        Finding(
          rule, nil, .likely, blame: .init(reset.by),
          frames: [subject.history(of: reset.by).fin?.frame, reset.mark.frame],
          "The \(end)'s program had closed when \(bytes) came that the \(peer) had sent before it knew, "
            + "and answered by a RST: they are lost.")
      ]
    }
    guard OpenReset(subject)?.cause == .unreadPayload else { return [] }
    let own = subject.unacknowledgedPayload(of: reset.by)
    let loss =
      own == 0 ? "" : "; \(Quantity.bytes(UInt64(own))) of its own may be lost with it"
    return [
      Finding(
        rule, nil, .likely, blame: .init(reset.by), frames: [reset.mark.frame],
        "The \(end) reset the connection when \(bytes) had just come from the \(peer): its program "
          + "most likely closed without reading them\(loss).")
    ]
  }

  /// Whether the RST of an end threw away, after its FIN, what its peer had sent before it knew of the FIN.
  static func isAfterFIN(_ subject: Subject, of side: Side) -> Bool {
    subject.closing.resetGround == .unreadPayload && subject[side].knows.contains(.fin)
      && subject.history(of: side.peer).payloadAfterPeersFIN == 0
  }
}
