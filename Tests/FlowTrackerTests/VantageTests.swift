import FlowTracker
import PacketParser
import Testing
import TraceScript
import TrackerProperties

struct VantageTests {
  // MARK: - Delays

  @Test(arguments: [
    ("0.02", "0.00005", "client likely"),
    ("0.00005", "0.02", "server likely"),
    // The nearer end may take its time, as long as the other takes ten times as much.
    ("0.005", "0.000499", "client likely"),
    ("0.0005", "0.00005", "client likely"),
    ("0.02", "0.0005", "nothing"),
    ("0.0049", "0.000499", "nothing"),
    // Too near, both of them: this may be anywhere in a rack.
    ("0.000499", "0.000001", "nothing"),
    ("0.0002", "0.0002", "nothing"),
  ])
  func `an end that answers at once, the other being far, is where the capture was taken`(
    toServer: String, toClient: String, vantage: String
  ) throws {
    #expect(try found(opening(toServer, toClient)) == vantage)
  }

  @Test(arguments: [
    ("0.001", "0.001", "between likely"),
    ("0.001", "0.0099", "between likely"),
    ("0.0099", "0.001", "between likely"),
    ("0.02", "0.000999", "nothing"),
    // One end that was held up for a moment, the other being far away.
    ("0.02", "0.002", "nothing"),
  ])
  func `where both ends are some way off the capture is between`(
    toServer: String, toClient: String, vantage: String
  ) throws {
    #expect(try found(opening(toServer, toClient)) == vantage)
  }

  @Test
  func `after a repeat the answer took less than since the first and more than since the last`()
    throws
  {
    let far = """
                 > S  0:0(0)         ! client SYN-SENT, server LISTEN
      +1         > S  0:0(0)         ! repeatsSYN
      +0.02      < S. 0:0(0) ack 1   ! server SYN-RECEIVED, client ESTABLISHED
      +0.00005   > .  1:1(0) ack 1   ! server ESTABLISHED
      """
    #expect(try found(far) == "client likely")
    // It may be the answer to the first SYN, a second late.
    let undecided = """
                 > S  0:0(0)         ! client SYN-SENT, server LISTEN
      +1         > S  0:0(0)         ! repeatsSYN
      +0.00005   < S. 0:0(0) ack 1   ! server SYN-RECEIVED, client ESTABLISHED
      +0.02      > .  1:1(0) ack 1   ! server ESTABLISHED
      """
    #expect(try found(undecided) == "nothing")
  }

  @Test func `half a handshake tells nothing`() throws {
    let script = """
               > S  0:0(0) ttl 55  ! client SYN-SENT, server LISTEN
      +0.00005 < S. 0:0(0) ack 1   ! server SYN-RECEIVED, client ESTABLISHED
      """
    #expect(try found(script) == "nothing")
  }

  // MARK: - Hop limits

  @Test(arguments: [
    ("64", "52", "client likely"), ("128", "52", "client likely"), ("255", "52", "client likely"),
    ("32", "52", "client likely"), ("1", "1", "client likely"), ("127", "64", "nothing"),
    ("63", "64", "nothing"),
    ("63", "52", "between likely"),
  ])
  func `what has passed a router was not captured where it was sent`(
    client: String, server: String, vantage: String
  ) throws {
    let script = opening("0.02", "0.00005", client: "ttl \(client)", server: "ttl \(server)")
    #expect(try found(script) == vantage)
  }

  @Test func `routers on one side only speak against a way to both ends`() throws {
    #expect(try found(opening("0.02", "0.01", client: "ttl 64", server: "ttl 52")) == "nothing")
    #expect(
      try found(opening("0.02", "0.01", client: "ttl 63", server: "ttl 52")) == "between likely")
  }

  @Test func `routers on both sides show without a handshake`() throws {
    let script = """
      > P. 1:11(10) ack 1 ttl 60     ! client ESTABLISHED, server ESTABLISHED
      < F. 1:1(0) ack 11 ttl 120     ! server FIN-WAIT-1, client CLOSE-WAIT
      """
    #expect(try found(script) == "between likely")
  }

  @Test func `scanners choose their hop limits, and resets may be forged`() throws {
    let scan = """
           > S  0:0(0) ttl 47              ! client SYN-SENT, server LISTEN
      +0.2 < S. 0:0(0) ack 1 ttl 52        ! server SYN-RECEIVED, client ESTABLISHED
      """
    #expect(try found(scan) == "nothing")
    let reset = """
      > P. 1:11(10) ack 1 ttl 60     ! client ESTABLISHED, server ESTABLISHED
      < R. 1:1(0) ack 11 ttl 120     ! server CLOSED, client CLOSED, acceptableReset
      """
    #expect(try found(reset) == "nothing")
  }

  @Test func `an end keeps the hop limit of its first segment`() throws {
    let script =
      opening("0.02", "0.01", client: "ttl 60", server: "ttl 50") + """

        > F. 1:1(0) ack 1 ttl 59     ! client FIN-WAIT-1, server CLOSE-WAIT
        """
    let connection = try track(script)[0]
    #expect(connection[history: .client].hopLimit == 60)
    #expect(connection[history: .server].hopLimit == 50)
    let oneWay = try track("> S 0:0(0) ! client SYN-SENT")[0]
    #expect(oneWay[history: .server].hopLimit == nil)
  }

  // MARK: - Checksums

  @Test func `unfinished checksums are proof where delays agree`() throws {
    #expect(try found(opening("0.02", "0.00005", client: "offloaded")) == "client certain")
    #expect(try found(opening("0.00005", "0.02", server: "offloaded")) == "server certain")
  }

  @Test func `unfinished checksums alone are not`() throws {
    #expect(try found(opening("0.0002", "0.0001", client: "offloaded")) == "client likely")
    let midstream = """
      > .  1:1(0) ack 1 offloaded    ! client ESTABLISHED, server ESTABLISHED
      < F. 1:1(0) ack 1              ! server FIN-WAIT-1, client CLOSE-WAIT
      """
    #expect(try found(midstream) == "client likely")
  }

  @Test func `unfinished checksums that nothing else agrees with tell nothing`() throws {
    #expect(try found(opening("0.00005", "0.02", client: "offloaded")) == "nothing")
    #expect(try found(opening("0.01", "0.01", client: "offloaded")) == "nothing")
  }

  @Test func `of checksums that are unfinished on one captured side it is not known where`() throws
  {
    let script = """
      > S  0:0(0) offloaded          ! client SYN-SENT
      > S  0:0(0) offloaded          ! repeatsSYN
      """
    #expect(try found(script) == "nothing")
  }

  @Test(arguments: [
    ("0.00003", "0.00002", "loopback likely"),
    ("0.02", "0.00005", "client likely"),
    ("0.01", "0.01", "between likely"),
    ("0.0006", "0.0002", "nothing"),
  ])
  func `unfinished checksums of both ends are those of virtual links on one machine`(
    toServer: String, toClient: String, vantage: String
  ) throws {
    let script = opening(toServer, toClient, client: "offloaded", server: "offloaded")
    #expect(try found(script) == vantage)
  }

  @Test func `checksums of segments that were merged on arrival do not count`() throws {
    let script =
      opening("0.02", "0.00005", client: "offloaded") + """

        < F. 1:5001(5000) ack 1 offloaded   ! server FIN-WAIT-1, client CLOSE-WAIT
        """
    let connection = try track(script)[0]
    #expect(connection[history: .client].checksums == .offloaded)
    #expect(connection[history: .server].checksums == .correct)
    #expect(name(connection) == "client certain")
  }

  // MARK: - Loopback

  @Test(arguments: [
    (IPAddress(v4: 0x7f00_0001), IPAddress(v4: 0x7f00_0035), "loopback certain"),
    (IPAddress(v6: 0, 1), IPAddress(v6: 0, 1), "loopback certain"),
    // A host's own address, from itself.
    (IPAddress(v4: 0xc000_0201), IPAddress(v4: 0xc000_0201), "loopback certain"),
    (IPAddress(v4: 0x8000_0001), IPAddress(v4: 0x8000_0002), "nothing"),
    (IPAddress(v4: 0x7f00_0001), IPAddress(v4: 0xc000_0201), "nothing"),
    (IPAddress(v6: 0, 2), IPAddress(v6: 0, 1), "nothing"),
  ])
  func `a conversation of loopback addresses, or of an address with itself, never left the host`(
    client: IPAddress, server: IPAddress, vantage: String
  ) throws {
    let segments = try Script(opening("0.0002", "0.0001")).segments.map {
      var segment = $0
      let isQuestion = segment.sourcePort != 80
      let (source, destination) = isQuestion ? (client, server) : (server, client)
      (segment.sourceHigh, segment.sourceLow) = (source.high, source.low)
      (segment.destinationHigh, segment.destinationLow) = (destination.high, destination.low)
      segment.ipVersion = client.version
      return segment
    }
    #expect(name(TrackedRun(segments).connections[0]) == vantage)
    // A SYN that claims such addresses may come from outside (the "land" attack).
    let attack = TrackedRun(segments.prefix(1)).connections[0]
    #expect(name(attack) == vantage.replacing("certain", with: "likely"))
  }

  // MARK: - Arrivals

  @Test(arguments: [
    ("0.00005", "", "FIN-WAIT-2 5 presumed"),
    ("0.00005", "offloaded", "FIN-WAIT-2 5 confirmed"),
    ("0.0005", "offloaded", "FIN-WAIT-2 5 presumed"),
  ])
  func `what was certainly captured at an end has arrived there`(
    toClient: String, checksum: String, last: String
  ) throws {
    let script =
      opening("0.02", toClient, client: checksum) + """

        > F. 1:1(0) ack 1 \(checksum)   ! client FIN-WAIT-1, server CLOSE-WAIT
        < .  1:1(0) ack 2               ! client FIN-WAIT-2
        """
    #expect(timeline(try track(script)[0], .client).hasSuffix(last))
  }

  @Test func `an ACK that has arrived may still not have been taken`() throws {
    let opened = opening("0.00005", "0.02", server: "offloaded")
    let open = try track(opened)[0]
    #expect(name(open) == "server certain")
    #expect(timeline(open, .server).hasSuffix("SYN-RECEIVED 2 sent, ESTABLISHED 3 presumed"))
    // Nor is a FIN, then.
    let closed = try track(opened + "\n> F. 1:1(0) ack 1 ! client FIN-WAIT-1, server CLOSE-WAIT")[0]
    #expect(timeline(closed, .server).hasSuffix("CLOSE-WAIT 4 presumed"))
  }

  @Test func `a reset that has arrived was taken`() throws {
    let script = """
               > S  0:0(0)                   ! client SYN-SENT, server LISTEN
      +0.00005 < S. 0:0(0) ack 1 offloaded   ! server SYN-RECEIVED, client ESTABLISHED
      +0.02    > .  1:1(0) ack 1             ! server ESTABLISHED
               < F. 1:1(0) ack 1 offloaded   ! server FIN-WAIT-1, client CLOSE-WAIT
               > R. 1:1(0) ack 2             ! client CLOSED, server CLOSED, acceptableReset
      """
    #expect(timeline(try track(script)[0], .server).hasSuffix("CLOSED 5 confirmed"))
  }

  @Test func `what goes over the loopback interface arrives at both ends`() throws {
    let segments = try Script(openedAndClosed).segments.map {
      var segment = $0
      (segment.sourceLow, segment.destinationLow) = (0x7f00_0001, 0x7f00_0001)
      return segment
    }
    let connection = TrackedRun(segments).connections[0]
    #expect(name(connection) == "loopback certain")
    #expect(timeline(connection, .client).hasSuffix("TIME-WAIT 5 confirmed"))
    #expect(timeline(connection, .server).hasSuffix("CLOSED 6 confirmed"))
  }

  // MARK: - Parts

  /// A handshake with these seconds from the SYN to the SYN-ACK and from there to the ACK.
  private func opening(
    _ toServer: String, _ toClient: String, client: String = "", server: String = ""
  ) -> String {
    """
                 > S  0:0(0) \(client)         ! client SYN-SENT, server LISTEN
    +\(toServer) < S. 0:0(0) ack 1 \(server)   ! server SYN-RECEIVED, client ESTABLISHED
    +\(toClient) > .  1:1(0) ack 1 \(client)   ! server ESTABLISHED
    """
  }

  private func found(_ script: String) throws -> String {
    name(try track(script)[0])
  }

  private func name(_ connection: Connection) -> String {
    connection.vantage.map { "\($0.at.name) \($0.certainty.name)" } ?? "nothing"
  }
}
