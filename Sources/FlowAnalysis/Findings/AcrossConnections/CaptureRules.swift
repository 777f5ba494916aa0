/// The kinds of findings that no single connection shows.
enum CaptureRules {
  /// In the order in which findings of the same weight are told.
  static let all = acrossConnections + ofQuality

  static let acrossConnections = [
    synFlood, backscatter, scanSYN, scanConnect, scanHorizontal, scanNull, scanXmas, scanFIN,
    scanACK, scanMaimon, slowDrain, illegalFlags, isnPredictable, checksumOffloaded,
  ]

  static let synFlood = FindingRule(
    id: "syn-flood", severity: .error, title: "a port was flooded with SYNs",
    condition: """
      More than 100 handshakes with one port within ten seconds that were never completed, more than \
      half of all that began there, most of whose clients sent their SYN once and nothing else.
      """,
    advice: """
      Turn on SYN cookies, and let the provider filter. If the server is down, clients would repeat \
      their SYNs; these do not. Where the sources are many they are most likely forged, and blocking \
      them is of no use.
      """,
    references: ["RFC 4987 §2", "RFC 4987 §3.6"])

  static let backscatter = FindingRule(
    id: "backscatter", severity: .note, title: "a host answered SYNs that nobody had sent",
    condition: """
      SYN-ACKs, or RSTs that answer a SYN (their sequence number is 0), from one port to at least 15 \
      addresses and ports within a minute, that had sent nothing.
      """,
    advice: """
      Somebody floods that host with SYNs under forged addresses, some of them in this network: it is \
      the victim. If the capture sees only one direction, they are ordinary answers.
      """,
    references: ["RFC 4987 §2", "RFC 9293 §3.10.7.1"])

  static let scanSYN = FindingRule(
    id: "scan-syn", severity: .warning, title: "a host scanned ports with SYNs",
    condition: """
      SYNs of one host to at least 15 addresses and ports within a minute, four in five of which \
      opened nothing that was used; some handshakes were broken off by a RST, or the SYNs have no \
      options but the segment size, as scanners make them.
      """,
    advice: """
      Find out who runs a scanner on that host. What answered with a SYN-ACK is open to it: close \
      what need not be.
      """,
    references: ["RFC 9293 §3.10.7.1", "RFC 9293 §3.10.7.2"])

  static let scanConnect = FindingRule(
    id: "scan-connect", severity: .warning, title: "a host scanned ports by connecting to them",
    condition: """
      Connections of one host to at least 15 addresses and ports within a minute, four in five of which \
      failed or were closed with no payload of the client; their SYNs are those of an operating system.
      """,
    advice: """
      Find out which program tries so many ports: a scanner, or one whose configuration is wrong. \
      What is open was reached.
      """,
    references: ["RFC 9293 §3.10.7.1"])

  static let scanHorizontal = FindingRule(
    id: "scan-horizontal", severity: .warning, title: "a host tried a port of many hosts",
    condition: """
      The same as scan-syn or scan-connect for few ports of at least 15 hosts, of which not nearly all \
      were open. It is a note where the SYNs are ordinary and nothing at all answered.
      """,
    advice: """
      A worm, or somebody who looks for one service. Where nothing answered at all, the network of the \
      host may have been down, and its programs tried their servers in vain.
      """,
    references: ["RFC 9293 §3.10.7.1"])

  static let scanNull = FindingRule(
    id: "scan-null", severity: .warning, title: "a host scanned with segments without flags",
    condition: "Segments without any flag to at least 3 addresses and ports within a minute.",
    advice: strayAdvice, references: strayReferences)

  static let scanXmas = FindingRule(
    id: "scan-xmas", severity: .warning, title: "a host scanned with FIN, PSH and URG",
    condition: """
      Segments with FIN, PSH and URG and no other flag, outside any connection, to at least 3 addresses \
      and ports within a minute.
      """,
    advice: strayAdvice, references: strayReferences)

  static let scanFIN = FindingRule(
    id: "scan-fin", severity: .warning, title: "a host scanned with FINs",
    condition: """
      Segments with FIN and no other flag, outside any connection, to at least 3 addresses and ports \
      within a minute.
      """,
    advice: strayAdvice, references: strayReferences)

  static let scanMaimon = FindingRule(
    id: "scan-maimon", severity: .warning, title: "a host scanned with FIN and ACK",
    condition: """
      Segments with FIN and ACK, outside any connection, from one port to at least 3 addresses and \
      ports within a minute.
      """,
    advice: strayAdvice, references: strayReferences)

  static let scanACK = FindingRule(
    id: "scan-ack", severity: .warning, title: "a host scanned with ACKs",
    condition: """
      Segments with ACK and no other flag, outside any connection, from one port to at least 3 \
      addresses and ports within a minute.
      """,
    advice: """
      It shows what a firewall lets through, not what is open: whatever gets an ACK outside a \
      connection answers with a RST. A firewall that knows connections would drop them.
      """,
    references: strayReferences)

  private static let strayAdvice = """
    A closed port answers with a RST and an open one with nothing, so that a firewall which looks for \
    SYNs alone does not see the scan. A firewall that knows connections would drop such segments.
    """
  private static let strayReferences = ["RFC 9293 §3.10.7.1", "RFC 9293 §3.10.7.2"]

  static let slowDrain = FindingRule(
    id: "slow-drain", severity: .warning,
    title: "a host kept many connections without reading from them",
    condition: """
      At least 15 connections of one client at the same time, on each of which its window was 0 for 10 \
      seconds or more at a time before the server had closed.
      """,
    advice: """
      Either it does so on purpose, to use up what the servers have for their clients (a slow read \
      attack): let them give up a connection that takes too little for too long, and limit how many \
      one host may have. Or that host hangs, or is far too slow for what it asks for.
      """,
    references: ["RFC 9293 §3.8.6.1", "RFC 6429 §4"])

  static let illegalFlags = FindingRule(
    id: "illegal-flags", severity: .warning, title: "segments had flags that no TCP sends",
    condition: "Segments of one host with two of SYN, FIN and RST, or with no flag at all.",
    advice: """
      Somebody makes segments by hand, to see how a host or a firewall takes them (to tell systems \
      apart, or to slip by), or a device on the way damages them. A firewall would drop them.
      """,
    references: ["RFC 9293 §3.1", "RFC 9293 §3.10.7"])

  static let isnPredictable = FindingRule(
    id: "isn-predictable", severity: .note,
    title: "a host's initial sequence numbers can be guessed",
    condition: """
      At least eight connections of a host, each of which began with the same sequence number as the one before \
      it or with one less than 2^24 away; all of these distances are multiples of one step, the largest at most \
      1,024 of it. A host that is told to scan makes such numbers on purpose and is left out.
      """,
    advice: """
      Whoever can guess them can open connections in another host's name, or cut into those of others. Where \
      it is a host and no test tool: its TCP is older than 1996 or home-made, so let nothing rely on addresses \
      there.
      """,
    references: ["RFC 9293 §3.4.1", "RFC 6528 §3"])

  static let checksumOffloaded = FindingRule(
    id: "checksum-offloaded", severity: .note, title: "checksums were left to the network card",
    condition: """
      At least one in ten connections of a host has a SYN or FIN of it with the sum of the pseudo-header \
      for a checksum; or more than one in ten of its segments have a wrong checksum, and none that it \
      got.
      """,
    advice: """
      Nothing is wrong on the wire: the capture was made on that host, before its network card computed \
      the checksums. Tools that drop such segments see half of the conversation; tell them to ignore \
      checksums.
      """,
    references: ["RFC 9293 §3.1"])
}
