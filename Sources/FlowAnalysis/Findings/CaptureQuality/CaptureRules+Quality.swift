extension CaptureRules {
  /// What the capture did, in the order in which findings of the same weight are told.
  static let ofQuality = [
    fileDamaged, captureDrops, headerInvalid, frameTruncated, lengthMismatch, multiInterface,
    offloadSuperframe, fragmentIncomplete, timeBackwards, startsBeforeCapture,
  ]

  static let fileDamaged = FindingRule(
    id: "file-damaged", severity: .error, title: "the capture is damaged",
    condition: "The capture ends within a packet, or a part of it cannot be what it says.",
    advice: """
      All before that place was analysed, and what it leaves open is told less surely. Whoever wrote the \
      file was stopped while it wrote, or the file was cut or changed on its way.
      """,
    references: [])

  static let captureDrops = FindingRule(
    id: "capture-drops", severity: .warning, title: "the capture has lost frames",
    condition: """
      At least 10 times and in at least 3 connections, in one of them in both directions, an end \
      acknowledged bytes that the capture does not have. Live: the kernel or the interface says that it has \
      dropped frames.
      """,
    advice: """
      The capturing host or the mirror port was too slow. Capture less (a filter, a snap length), enlarge \
      the buffer (tcpdump -B), or write to a faster disk; what the capture lacks makes findings less sure.
      """,
    references: [])

  static let headerInvalid = FindingRule(
    id: "header-invalid", severity: .error, title: "TCP headers contradict themselves",
    condition: "Segments whose data offset is below 5 words, or beyond the segment.",
    advice: """
      No stack sends these: somebody makes them by hand, or they were damaged. Their receiver drops them, \
      and they belong to no connection here.
      """,
    references: ["RFC 9293 §3.1"])

  static let frameTruncated = FindingRule(
    id: "frame-truncated", severity: .note, title: "frames were not captured whole",
    condition: "Frames that were captured shorter than they were on the wire.",
    advice: """
      A snap length does this on purpose. States and counts are as good as ever, since they come from \
      headers; checksums and what the payload says cannot be known. Capture with -s 0 for all.
      """,
    references: [])

  static let lengthMismatch = FindingRule(
    id: "length-mismatch", severity: .note, title: "IP lengths were not those of the frames",
    condition: """
      Frames whose IP header says length 0, or more than the frame had on the wire.
      """,
    advice: """
      Length 0 is left by a host whose network card cuts large segments; synfin takes the frame's. More than \
      the frame was a capture that cut frames without saying so, or damage.
      """,
    references: ["RFC 791 §3.1"])

  static let multiInterface = FindingRule(
    id: "multi-interface", severity: .note, title: "segments were captured on several interfaces",
    condition: """
      Segments that came again on another interface (LINKTYPE_LINUX_SLL2 tells them, as of `tcpdump -i any`).
      """,
    advice: """
      What a host passes on (over a bridge, to a container, through a tunnel) it shows at each interface. Copies \
      are no retransmissions, but counts of packets and bytes include them; and where it rewrites addresses, a \
      connection is there twice. To look at one place alone, capture on one interface, or choose it with the \
      filter "ifindex NUMBER".
      """,
    references: [])

  static let offloadSuperframe = FindingRule(
    id: "offload-superframe", severity: .note, title: "segments were larger than any on the wire",
    condition: """
      Segments of more than 1,500 bytes with more payload than the maximum segment size that their \
      receiver has announced.
      """,
    advice: """
      The capture was made on an end, before the network card cut segments (TSO) or after it merged them \
      (GRO): counts of packets, and times between them, are not those of the wire. Turn offloading off \
      (ethtool -K) where that matters.
      """,
    references: ["RFC 9293 §3.7.1"])

  static let fragmentIncomplete = FindingRule(
    id: "fragment-incomplete", severity: .note, title: "fragments are missing",
    condition: """
      The first fragment of an IP datagram with TCP, of which others do not come within 30 seconds (IPv4; IPv6: \
      60) or before the capture ends.
      """,
    advice: """
      They were lost, a firewall dropped them, or the capture lacks them. TCP hardly needs fragments: lower the \
      MSS, or let the ICMP errors through that tell the path's MTU. Scanners and evasions send them on purpose.
      """,
    references: ["RFC 791 §3.2", "RFC 8200 §4.5"])

  static let startsBeforeCapture = FindingRule(
    id: "starts-before-capture", severity: .note, title: "connections are older than the capture",
    condition:
      "At least 2 connections of which no SYN was captured, but payload.",
    advice: """
      Nothing is wrong with them for that. Whatever needs the handshake is told less surely: window \
      scales, who is the client, round trips. To see it, start the capture before the programs.
      """,
    references: [])

  static let timeBackwards = FindingRule(
    id: "time-backwards", severity: .note, title: "time ran backwards",
    condition: "A frame that is more than a millisecond older than the one before it.",
    advice: """
      The clock of the capturing host was set back, or captures were put together without sorting \
      (mergecap sorts, cat does not). Timers, delays and the order of events are not sure there.
      """,
    references: [])
}
