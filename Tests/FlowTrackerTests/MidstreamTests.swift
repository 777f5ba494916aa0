import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

/// Captures that begin in the middle, show one direction only, or hold what never was a connection.
struct MidstreamTests {
  @Test func `data implies that both ends were established`() throws {
    let connection = try track(
      """
      > P. 1:101(100) ack 1   ! client ESTABLISHED, server ESTABLISHED
      < .  1:1(0) ack 101
      """)[0]
    #expect(connection.opened == "unseen unseen")
    #expect(connection.rolesEvidence == .port)
    #expect(timeline(connection, .client) == "ESTABLISHED 1 implied")
    #expect(timeline(connection, .server) == "ESTABLISHED 1 implied")
  }

  @Test func `the ports tell the client when the server speaks first`() throws {
    let connection = try track(
      "< P. 1:101(100) ack 1  ! client ESTABLISHED, server ESTABLISHED")[0]
    #expect(connection.firstSender == .server)
    #expect(connection.server.port == 80)
  }

  @Test func `a SYN-ACK tells that there was a SYN`() throws {
    let connection = try track(
      """
      < S. 0:0(0) ack 1       ! client SYN-SENT ESTABLISHED, server LISTEN SYN-RECEIVED
      > .  1:1(0) ack 1       ! server ESTABLISHED
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.rolesEvidence == .synACK)
    #expect(connection.firstSender == .server)
    #expect(connection.handshake.syn == nil)
  }

  @Test func `the end of a handshake is no handshake`() throws {
    let connection = try track(
      "> . 1:1(0) ack 1       ! client ESTABLISHED, server ESTABLISHED")[0]
    #expect(connection.opened == "unseen unseen")
  }

  @Test func `a FIN implies that both ends were established`() throws {
    let connection = try track(
      """
      > F. 1:1(0) ack 1       ! client ESTABLISHED FIN-WAIT-1, server ESTABLISHED CLOSE-WAIT
      < F. 1:1(0) ack 2       ! server LAST-ACK, client TIME-WAIT
      > .  2:2(0) ack 2       ! server CLOSED
      """)[0]
    #expect(connection.opened == "unseen unseen")
    #expect(connection.closed == "orderly complete")
  }

  @Test func `the last acknowledgment alone implies no close`() throws {
    let connection = try track(
      """
      < F. 1:1(0) ack 2       ! server ESTABLISHED FIN-WAIT-1, client ESTABLISHED CLOSE-WAIT
      > .  2:2(0) ack 2       ! server FIN-WAIT-2
      """)[0]
    #expect(connection.closed == "half open")
  }

  @Test func `a lone reset implies nothing`() throws {
    let connection = try track("> R 1:1(0)  ! acceptableReset")[0]
    #expect(connection.opened == "unseen unseen")
    #expect(timeline(connection, .client) == "")
    #expect(timeline(connection, .server) == "")
  }

  @Test(arguments: ["F 1:1(0)", "- 1:1(0)", "FPU 1:1(0)", "P 1:11(10)"])
  func `a segment without ACK is a scan and implies nothing`(probe: String) throws {
    let connection = try track(
      """
      > \(probe)
      < R. 0:0(0) ack 1       ! acceptableReset
      """)[0]
    #expect(connection.opened == "unseen unseen")
    #expect(timeline(connection, .client) == "")
    #expect(timeline(connection, .server) == "")
  }

  @Test func `the client's direction alone shows a handshake by what it acknowledges`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT
      > .  1:1(0) ack 1       ! client ESTABLISHED, server ESTABLISHED
      > P. 1:11(10) ack 1
      > .  11:11(0) ack 501
      > F. 11:11(0) ack 501   ! client FIN-WAIT-1, server CLOSE-WAIT
      > .  12:12(0) ack 502
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection[.server].packets == 0)
    #expect(connection.closed == "half fin-unacknowledged")
    #expect(connection[irregularities: .server].gaps == 0)
  }

  @Test func `the server's direction alone shows a handshake by what it acknowledges`() throws {
    let connection = try track(
      """
      < S. 0:0(0) ack 1       ! server LISTEN SYN-RECEIVED, client SYN-SENT ESTABLISHED
      < .  1:1(0) ack 101     ! server ESTABLISHED
      < P. 1:51(50) ack 101
      < F. 51:51(0) ack 101   ! server FIN-WAIT-1, client CLOSE-WAIT
      < .  52:52(0) ack 102
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection[.client].packets == 0)
    #expect(connection[irregularities: .client].gaps == 0)
  }

  @Test func `a SYN-ACK that is repeated proves no handshake`() throws {
    let connection = try track(
      """
         < S. 0:0(0) ack 1    ! server LISTEN SYN-RECEIVED, client SYN-SENT ESTABLISHED
      +1 < S. 0:0(0) ack 1    ! repeatsSYN
      """)[0]
    #expect(connection.opened == "three-way half-open")
  }

  @Test func `a SYN whose answer stands before it still tells what it offered`() throws {
    let connection = try track(
      """
                < S. 0:0(0) ack 1 <wscale 2>  ! client SYN-SENT ESTABLISHED, server LISTEN SYN-RECEIVED
      +0.000002 > S  0:0(0) <wscale 7>
                > .  1:1(0) ack 1             ! server ESTABLISHED
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.handshake.serverRoundTripNanoseconds == nil)
    #expect(connection[.client].window == 65535 << 7)
    #expect(connection.rolesEvidence == .synACK)
  }

  @Test func `a capture may miss the SYN-ACK`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT
      > .  1:1(0) ack 1       ! client ESTABLISHED, server ESTABLISHED
      < P. 1:11(10) ack 1
      > .  1:1(0) ack 11
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.handshake.synACK == nil)
  }

  @Test func `a capture may miss the acknowledgment of the SYN-ACK`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      < P. 1:11(10) ack 101   ! server ESTABLISHED, acknowledgesUnseen
      > .  101:101(0) ack 11  ! gapBefore
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection[irregularities: .client].gapBytes == 100)
  }

  // MARK: - ICMP

  @Test func `an ICMP error about the SYN rejects it`() throws {
    let connection = try trackError(about: "> S 0:0(0)", sequence: 0)
    #expect(connection.opened == "three-way rejected")
    #expect(connection.handshake.rejection?.frame == 99)
  }

  @Test func `an ICMP error about other numbers rejects nothing`() throws {
    let connection = try trackError(about: "> S 0:0(0)", sequence: 1)
    #expect(connection.opened == "three-way unanswered")
  }

  @Test func `an ICMP error after the SYN-ACK rejects nothing`() throws {
    let connection = try trackError(about: "> S 0:0(0)\n< S. 0:0(0) ack 1", sequence: 0)
    #expect(connection.opened == "three-way half-open")
    #expect(connection.handshake.rejection == nil)
  }

  @Test func `an ICMP error about an unknown connection opens none`() {
    var table = ConnectionTable()
    table.ingest(icmpError(sequence: 0))
    let ended = table.takeEnded()
    #expect(ended == nil)
    #expect(table.connectionCount == 0)
  }

  private func trackError(about text: String, sequence: UInt32) throws -> Connection {
    var table = ConnectionTable()
    for segment in try Script(text).segments { _ = table.ingest(segment) }
    table.ingest(icmpError(sequence: sequence))
    table.finish()
    let ended = table.takeEnded()
    return table[try #require(ended)]
  }

  private func icmpError(sequence: UInt32) -> ICMPError {
    let settings = ScriptSettings()
    return ICMPError(
      frame: 99, time: settings.start, reporter: IPAddress(v4: 0xc633_6401),
      source: settings.client(), destination: settings.server,
      sequence: SequenceNumber(settings.clientInitialSequence) + sequence, type: 3, code: 1)
  }

  @Test func `a RST before a connection is met is not its end`() throws {
    let connection = try track(
      """
         > R  1:1(0)                    ! acceptableReset
      +1 > P. 1:11(10) ack 1            ! client ESTABLISHED, server ESTABLISHED
         < F. 1:1(0) ack 11             ! server FIN-WAIT-1, client CLOSE-WAIT
         > F. 11:11(0) ack 2            ! client LAST-ACK, server TIME-WAIT
         < .  2:2(0) ack 12             ! client CLOSED
      """)[0]
    #expect(connection.closed == "orderly complete")
  }
}
