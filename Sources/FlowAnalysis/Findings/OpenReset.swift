import FlowTracker

/// The RST that ended an open connection whose sender had not closed it.
struct OpenReset {
  let mark: FrameMark
  let by: Side
  /// Payload bytes of both ends that were seen and not acknowledged.
  let outstanding: Int

  init?(_ subject: Subject) {
    guard let reset = subject.report.close.reset, subject.report.close.kind == .reset,
      subject.wasOpen, subject.handshake.outcome == .complete || subject.hasData,
      !subject[reset.by].knows.contains(.fin),
      Side.allCases.contains(where: { subject.reached(.established, $0) })
    else { return nil }
    (mark, by) = reset
    outstanding = Side.allCases.reduce(0) { $0 + subject.unacknowledgedPayload(of: $1) }
  }
}
