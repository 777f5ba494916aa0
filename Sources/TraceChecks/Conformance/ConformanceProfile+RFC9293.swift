import FlowTracker

extension ConformanceProfile {
  /// TCP as RFC 9293 has it, with what it refers to: the protection of RFC 5961, and the options of RFC 2018 and
  /// RFC 7323.
  ///
  /// Only what a capture shows, and what is said in so many words: that an end takes too long to close, or
  /// sends no maximum segment size, an RFC may well allow.
  public static let rfc9293 = ConformanceProfile(
    name: "rfc9293", title: "Transmission Control Protocol (RFC 9293)",
    requirements: selectiveAcknowledgment + blindAttacks + extensions + transmission + arrivals)

  private static let selectiveAcknowledgment: [Requirement] = [
    Requirement(
      2018, "4", .must,
      "Selective acknowledgments go to an end alone that has offered to take them.",
      quote: """
        If the data receiver has not received a SACK-Permitted option for a given connection, it MUST NOT send SACK \
        options on that connection.
        """,
      shownBy: [.init("sack-not-negotiated")])
  ]

  private static let blindAttacks: [Requirement] = [
    Requirement(
      5961, "3.2", .must,
      "A RST in the window but not at the next byte is answered by a challenge ACK.",
      quote: """
        If the RST bit is set and the sequence number does not exactly match the next expected sequence value, yet \
        is within the current receive window […], TCP MUST send an acknowledgment (challenge ACK).
        """,
      shownBy: [.missing(.inexactReset)]),
    Requirement(
      5961, "4.2", .must, "A SYN in a synchronized state is answered by a challenge ACK.",
      quote: """
        If the SYN bit is set, irrespective of the sequence number, TCP MUST send an ACK (also referred to as \
        challenge ACK) to the remote peer.
        """,
      shownBy: [.missing(.strayingSYN)]),
  ]

  private static let extensions: [Requirement] = [
    Requirement(
      7323, "2.3", .must, "A window is scaled by 14 bits at most.",
      quote: "Thus, the shift count MUST be limited to 14 […].",
      shownBy: [.init("window-scale-too-large")]),
    Requirement(
      7323, "3.2", .must, "Once both SYNs had a timestamp, every segment but a RST has one.",
      quote: """
        Once TSopt has been successfully negotiated, […] the TSopt MUST be sent in every non-<RST> segment for the \
        duration of the connection.
        """,
      shownBy: [.init("timestamp-missing")]),
  ]

  /// What an end sends.
  private static let transmission: [Requirement] = [
    Requirement(
      9293, "3.1", .must, "Reserved bits are zero.",
      quote: "Must be zero in generated segments.",
      shownBy: [.init("reserved-bits-set")]),
    Requirement(
      9293, "3.1", .must, label: "MUST-68",
      "Every option but End of Option List and No-Operation says its length.",
      quote: """
        All TCP Options except End of Option List Option (EOL) and No-Operation (NOP) MUST have length fields […].
        """,
      shownBy: [.init("option-malformed")]),
    Requirement(
      9293, "3.2", .must, label: "MUST-65",
      """
      Maximum segment size stands on SYNs alone, as do window scale (RFC 7323 §2.2) and SACK-permitted (RFC 2018 §2).
      """,
      quote: """
        This field may be sent in the initial connection request (i.e., in segments with the SYN control bit set) \
        and MUST NOT be sent in other segments.
        """,
      shownBy: [.init("option-misplaced")]),
    Requirement(
      9293, "3.7.1", .must, label: "MUST-16",
      "No segment is larger than its receiver has offered to take.",
      quote: """
        The maximum size of a segment that a TCP endpoint really sends, the "effective send MSS", MUST be the \
        smaller of the send MSS […] and the largest transmission size permitted by the IP layer.
        """,
      shownBy: [.init("segment-exceeds-mss")]),
    Requirement(
      9293, "3.8", .must, "Every segment of an established connection has ACK.",
      quote: """
        Note that, once in the ESTABLISHED state, all segments must carry current acknowledgment information.
        """,
      shownBy: [.init("no-ack-flag-established"), .init("fin-without-ack-flag")]),
    Requirement(
      9293, "3.8.2", .must, label: "MUST-19",
      "The time from one repeat of the same bytes to the next grows (RFC 6298 §5.5).",
      quote: """
        A TCP endpoint MUST implement the basic congestion control algorithms slow start, congestion avoidance, and \
        exponential backoff of RTO […].
        """,
      shownBy: [.init("backoff-missing")]),
    Requirement(
      9293, "3.8.6", .should, label: "SHLD-14",
      "The right edge of a window does not move to the left.",
      quote: """
        A TCP receiver SHOULD NOT shrink the window, i.e., move the right window edge to the left.
        """,
      shownBy: [.init("window-shrunk")]),
    Requirement(
      9293, "3.8.6.1", .must, label: "MUST-36", "Who has data for a shut window probes it.",
      quote: "Probing of zero (offered) windows MUST be supported.",
      shownBy: [.init("probe-missing")]),
    Requirement(
      9293, "3.8.6.2.2", .must, label: "MUST-39", "A window does not open by little.",
      quote: "A TCP implementation MUST include a SWS avoidance algorithm in the receiver.",
      shownBy: [.init("silly-window")]),
  ]

  /// What an end answers.
  private static let arrivals: [Requirement] = [
    Requirement(
      9293, "3.5.2", .must,
      "An acknowledgment of what was not sent is answered by an ACK in a synchronized state.",
      quote: """
        […] any unacceptable segment (out-of-window sequence number or unacceptable acknowledgment number) must be \
        responded to with an empty acknowledgment segment.
        """,
      shownBy: [.missing(.acknowledgmentOfUnsent)]),
    Requirement(
      9293, "3.8.6.1", .must, "A probe of a shut window is answered by an ACK.",
      quote: """
        When the receiving TCP peer has a zero window and a segment arrives, it must still send an acknowledgment \
        showing its next expected sequence number and current window (zero).
        """,
      shownBy: [.missing(.windowProbe)]),
    Requirement(
      9293, "3.10.7.1", .rule, "What comes in CLOSED, other than a RST, is answered by a RST.",
      quote: "An incoming segment not containing a RST causes a RST to be sent in response.",
      shownBy: [.missing(.segmentInClosed)]),
    Requirement(
      9293, "3.10.7.3", .rule,
      "An acknowledgment of something else than its SYN is answered by a RST in SYN-SENT.",
      quote: """
        If SEG.ACK =< ISS or SEG.ACK > SND.NXT, send a reset (unless the RST bit is set […]).
        """,
      shownBy: [.missing(.wrongACKInSYNSent)]),
    Requirement(
      9293, "3.10.7.4", .rule,
      "An acknowledgment of something else than its SYN is answered by a RST in SYN-RECEIVED.",
      quote: """
        If the segment acknowledgment is not acceptable, form a reset segment, […] and send it.
        """,
      shownBy: [.missing(.wrongACKInSYNReceived)]),
    Requirement(
      9293, "3.10.7.4", .should,
      "What is old or beyond the window is answered by an ACK in a synchronized state.",
      quote: """
        If an incoming segment is not acceptable, an acknowledgment should be sent in reply (unless the RST bit is \
        set […]).
        """,
      shownBy: [
        .missing(.unacceptableSegment), .missing(.repeatedFIN), .missing(.repeatedSYN),
        .missing(.keepAlive),
      ]),
  ]
}

extension Requirement.Breach {
  fileprivate static func missing(_ reply: ReplyDuty) -> Self {
    Self("owed-reply-missing", reply: reply)
  }
}
