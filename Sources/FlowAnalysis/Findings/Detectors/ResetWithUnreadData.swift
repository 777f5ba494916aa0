import FlowTracker

/// `reset-with-unread-data`: a program closed without reading what had come.
struct ResetWithUnreadData: Detector {
  static let rule = FindingRule(
    id: "reset-with-unread-data", severity: .warning,
    title: "a RST threw away data that had come",
    condition: """
      An acceptable RST, at most half a second and a round trip after the segment before it, of an end \
      that had payload of its peer which nothing but the RST acknowledges; or, after the end's own FIN, \
      payload that it never acknowledges, unless its peer sent that after it had acknowledged the FIN.
      """,
    advice: """
      A host resets a connection when its program closes the socket with data still unread; what its \
      own side had under way may be lost with it. Let the program read until its peer closes, after \
      shutdown() if it has nothing more to send. Harmless where what was lost is a mere goodbye, such \
      as the close_notify of TLS. A program that reads all and then asks for a RST (SO_LINGER with \
      time 0) looks the same, and so does a device that forges the RST: compare its time to live with \
      that of other segments. Where the host had acknowledged what came before its program closed, no \
      frame tells that it was unread (abortive-close).
      """,
    references: ["RFC 9293 §3.6.1", "RFC 1122 §4.2.2.13", "RFC 2525 §2.17"])
  static let needs: Aspects = [.reset]
  static let ground = Ground.whole

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.report.close.kind == .reset, let reset = subject.report.close.reset,
      subject.closing.unreadPayload > 0
    else { return [] }
    // Later ones answer what was still under way.
    let first = subject.history(of: reset.by).timeline.last { $0.state == .closed }
    let frame = first?.frame ?? reset.mark.frame
    let bytes = Quantity.bytes(UInt64(subject.closing.unreadPayload))
    if isAfterFIN(subject, of: reset.by) {
      return [
        Finding(
          rule, nil, .likely, blame: .init(reset.by),
          frames: [subject.history(of: reset.by).fin?.frame, frame],
          "The \(reset.by.name)'s program had closed when \(bytes) came from the "
            + "\(reset.by.peer.name), and its host answered by a RST: they are lost.")
      ]
    }
    guard OpenReset(subject)?.cause == .unreadPayload else { return [] }
    return [ofOpenConnection(subject, by: reset.by, bytes, frame)]
  }

  private static func ofOpenConnection(
    _ subject: Subject, by side: Side, _ bytes: String, _ frame: Int
  ) -> Finding {
    let own = subject.unacknowledgedPayload(of: side)
    let loss =
      own == 0 ? "" : "; \(Quantity.bytes(UInt64(own))) of its own may be lost with it"
    // A client whose requests have been answered has got what it waited for.
    let isAnswered = side == .client && subject[side].payload > 0 && own == 0
    let cause =
      isAnswered
      ? "closed without reading them, or read them and aborted"
      : "most likely closed without reading them"
    return Finding(
      rule, nil, isAnswered ? .possible : .likely, blame: .init(side), frames: [frame],
      "The \(side.name) reset the connection when \(bytes) had just come from the "
        + "\(side.peer.name): its program \(cause)\(loss).")
  }

  /// Whether the RST of an end threw away, after its FIN, what its peer had not sent after acknowledging that.
  static func isAfterFIN(_ subject: Subject, of side: Side) -> Bool {
    subject.closing.unreadPayload > 0 && subject[side].knows.contains(.fin)
      && subject.history(of: side.peer).payloadAfterPeersFIN == 0
  }
}
