import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

struct HandshakeTests {
  /// Recorded between two network namespaces, with 99,999 others: of all that a fingerprint is made of, the two
  /// segments of the client give the same twenty bits.
  @Test func `the first segment that acknowledges anything is no copy of the SYN`() throws {
    var segments = try Script(
      """
      > S  0:0(0) <mss 1460,sackOK,TS val 2230845890 ecr 0,wscale 10>
      < S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 513792592 ecr 2230845890,wscale 10>
      > .  1:1(0) ack 1 <TS val 2230845890 ecr 513792592>
      """
    ).segments
    let (sent, answered) = (SequenceNumber(1_458_784_894), SequenceNumber(3_450_329_634))
    (segments[0].sequence, segments[0].checksum, segments[0].window) = (sent, 5323, 64_240)
    (segments[1].sequence, segments[1].acknowledgment) = (answered, sent + 1)
    (segments[2].sequence, segments[2].acknowledgment) = (sent + 1, answered + 1)
    (segments[2].checksum, segments[2].window) = (5315, 63)
    (segments[0].identification, segments[2].identification) = (41_386, 41_387)
    segments[0].time = Timestamp(nanoseconds: 1_795_757_544_552_122_580)
    segments[1].time = Timestamp(nanoseconds: 1_795_757_544_552_132_879)
    segments[2].time = Timestamp(nanoseconds: 1_795_757_544_552_140_393)
    let run = TrackedRun(segments)
    #expect(run.steps[2].facts == [])
    #expect(run.connections[0].handshake.ack?.frame == 3)
  }

  @Test func `three segments open a connection`() throws {
    let connection = try track(
      """
           > S  0:0(0) <mss 1460,wscale 7>        ! client SYN-SENT, server LISTEN
      +0.2 < S. 0:0(0) ack 1 <mss 1400,wscale 2>  ! server SYN-RECEIVED, client ESTABLISHED
      +0.1 > .  1:1(0) ack 1                      ! server ESTABLISHED
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.closed == "none open")
    #expect(connection.handshake.serverRoundTripNanoseconds == 200_000_000)
    #expect(connection.handshake.clientRoundTripNanoseconds == 100_000_000)
    #expect(connection[history: .client].offer?.maximumSegmentSize == 1460)
    #expect(connection[history: .server].offer?.windowScale == 2)
    #expect(connection[.client].window == 65535 << 7)
    #expect(connection[.server].window == 65535)
    #expect(connection[.server].windowShift == 2)
    #expect(timeline(connection, .client) == "SYN-SENT 1 sent, ESTABLISHED 2 confirmed")
    #expect(
      timeline(connection, .server)
        == "LISTEN 1 implied, SYN-RECEIVED 2 sent, ESTABLISHED 3 presumed")
  }

  @Test func `a window scale that only one end offers applies to neither`() throws {
    let connection = try track(
      """
      > S  0:0(0) <wscale 7>   ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1        ! server SYN-RECEIVED, client ESTABLISHED
      > .  1:1(0) ack 1        ! server ESTABLISHED
      """)[0]
    #expect(connection[.client].window == 65535)
  }

  @Test func `data may complete a handshake`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      > P. 1:11(10) ack 1     ! server ESTABLISHED
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.handshake.ack?.frame == 3)
  }

  @Test func `a FIN may complete a handshake, and its receiver passes ESTABLISHED`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
      """)[0]
    #expect(connection.opened == "three-way complete")
  }

  @Test func `a repeated SYN leaves the round trip unknown`() throws {
    let connection = try track(
      """
         > S  0:0(0)          ! client SYN-SENT, server LISTEN
      +1 > S  0:0(0)          ! repeatsSYN
         < S. 0:0(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED
         > .  1:1(0) ack 1    ! server ESTABLISHED
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.handshake.serverRoundTripNanoseconds == nil)
    #expect(connection.handshake.clientRoundTripNanoseconds == 1_000_000)
  }

  @Test func `a repeated SYN-ACK changes no state`() throws {
    let connection = try track(
      """
         > S  0:0(0)          ! client SYN-SENT, server LISTEN
         < S. 0:0(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED
      +1 < S. 0:0(0) ack 1    ! repeatsSYN
         > .  1:1(0) ack 1    ! server ESTABLISHED
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.handshake.synACK?.frame == 2)
  }

  @Test func `a SYN that is repeated after its answer leaves the round trip known`() throws {
    let connection = try track(
      """
           > S  0:0(0)        ! client SYN-SENT, server LISTEN
      +0.1 < S. 0:0(0) ack 1  ! server SYN-RECEIVED
      +1   > S  0:0(0)        ! repeatsSYN, showsLoss
      +0.1 < S. 0:0(0) ack 1  ! repeatsSYN, client ESTABLISHED
           > .  1:1(0) ack 1  ! server ESTABLISHED
      """)[0]
    #expect(connection.handshake.serverRoundTripNanoseconds == 100_000_000)
  }

  @Test func `SYNs that cross open a connection from both ends`() throws {
    // RFC 9293 §3.5, figure 8.
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT
      +0.00001 < S 0:0(0)     ! server SYN-SENT, client SYN-RECEIVED
      > S. 0:0(0) ack 1       ! server SYN-RECEIVED ESTABLISHED
      < S. 0:0(0) ack 1       ! client ESTABLISHED
      """)[0]
    #expect(connection.opened == "simultaneous complete")
  }

  @Test func `a server that answers with a SYN of its own splits the handshake`() throws {
    let connection = try track(
      """
           > S  0:0(0)        ! client SYN-SENT
      +0.1 < S  0:0(0)        ! server SYN-SENT, client SYN-RECEIVED
           > S. 0:0(0) ack 1  ! server SYN-RECEIVED ESTABLISHED
      +0.1 < .  1:1(0) ack 1  ! client ESTABLISHED
      """)[0]
    #expect(connection.opened == "split complete")
  }

  @Test func `a split handshake in five segments is none of a simultaneous open`() throws {
    let connection = try track(
      """
           > S  0:0(0)        ! client SYN-SENT
      +0.1 < .  0:0(0) ack 1
           < S  0:0(0)        ! server SYN-SENT, client SYN-RECEIVED
           > S. 0:0(0) ack 1  ! server SYN-RECEIVED ESTABLISHED
      +0.1 < .  1:1(0) ack 1  ! client ESTABLISHED
      """)[0]
    #expect(connection.opened == "split complete")
  }

  @Test func `a server that has forgotten its answer gives another one`() throws {
    let connections = try track(
      """
         > S  0:0(0)              ! client SYN-SENT, server LISTEN
         < S. 0:0(0) ack 1        ! server SYN-RECEIVED
      +9 > S  0:0(0)              ! repeatsSYN, showsLoss
         < S. 9000:9000(0) ack 1  ! changesInitialSequence, server LISTEN SYN-RECEIVED, client ESTABLISHED
         > P. 1:11(10) ack 9001   ! server ESTABLISHED
         < .  9001:9001(0) ack 11
      """)
    #expect(connections.map(\.opened) == ["three-way complete"])
    #expect(connections[0].handshake.synACK?.frame == 4)
  }

  @Test func `another answer to a SYN that was answered already changes nothing`() throws {
    let connection = try track(
      opened + """
        < S. 2000000000:2000000000(0) ack 1   ! outsideWindow
        > P. 1:11(10) ack 1
        < .  1:1(0) ack 11
        """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.handshake.synACK?.frame == 2)
  }

  @Test func `data on the SYN that the SYN-ACK covers is Fast Open`() throws {
    let connection = try track(
      """
      > S  0:10(10) <mss 1460,FO 0102030405060708>  ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 11                            ! server SYN-RECEIVED, client ESTABLISHED
      < P. 1:21(20) ack 11
      > .  11:11(0) ack 21                          ! server ESTABLISHED
      """)[0]
    #expect(connection.opened == "fast-open complete")
    #expect(connection[history: .client].offer?.payload == 10)
    #expect(connection[history: .client].offer?.fastOpenCookieLength == 8)
  }

  @Test func `data on the SYN that is not covered is sent again`() throws {
    let connection = try track(
      """
      > S  0:10(10) <mss 1460,FO 0102030405060708>  ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1                             ! server SYN-RECEIVED, client ESTABLISHED
      > P. 1:11(10) ack 1                           ! server ESTABLISHED, repeatsData
      < .  1:1(0) ack 11
      """)[0]
    #expect(connection.opened == "three-way complete")
  }
}
