import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

struct HandshakeTests {
  // MARK: - Complete

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

  // MARK: - Not complete

  @Test func `a reset refuses a SYN`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server CLOSED
      < R. 0:0(0) ack 1       ! client CLOSED, acceptableReset
      """)[0]
    #expect(connection.opened == "three-way refused")
    #expect(connection.closed == "reset reset")
    #expect(connection.closing.resetBy == .server)
  }

  @Test func `a reset that does not acknowledge the SYN refuses nothing`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT
      < R. 0:0(0) ack 500     ! ignoredReset
      < R  0:0(0)             ! ignoredReset
      """)[0]
    #expect(connection.opened == "three-way unanswered")
    #expect(connection.closed == "none open")
  }

  @Test func `a client that is refused may try again with the same number`() throws {
    let connections = try track(
      """
         > S  0:0(0)          ! client SYN-SENT, server CLOSED
         < R. 0:0(0) ack 1    ! client CLOSED, acceptableReset
      +1 > S  0:0(0)          ! client SYN-SENT, server LISTEN, repeatsSYN, afterClose
         < S. 0:0(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED
         > .  1:1(0) ack 1    ! server ESTABLISHED
         > P. 1:11(10) ack 1
      """)
    #expect(connections.count == 1)
    #expect(connections[0].opened == "three-way complete")
    #expect(connections[0].closed == "none open")
    #expect(connections[0].handshake.syn?.frame == 3)
    #expect(connections[0].handshake.serverRoundTripNanoseconds == 1_000_000)
  }

  @Test func `a client that is refused twice has been refused`() throws {
    let connections = try track(
      """
         > S  0:0(0)          ! client SYN-SENT, server CLOSED
         < R. 0:0(0) ack 1    ! client CLOSED, acceptableReset
      +1 > S  0:0(0)          ! client SYN-SENT, repeatsSYN, afterClose
         < R. 0:0(0) ack 1    ! client CLOSED, acceptableReset
      """)
    #expect(connections.map(\.opened) == ["three-way refused"])
    #expect(connections[0].closing.reset?.frame == 4)
  }

  @Test func `a SYN that nobody answers leaves its sender in SYN-SENT`() throws {
    let connection = try track(
      """
         > S 0:0(0)           ! client SYN-SENT
      +1 > S 0:0(0)           ! repeatsSYN
      +2 > S 0:0(0)           ! repeatsSYN
      """)[0]
    #expect(connection.opened == "three-way unanswered")
    #expect(timeline(connection, .server) == "")
    #expect(connection.handshake.syn?.frame == 1)
    #expect(connection.handshake.lastSYN?.frame == 3)
  }

  @Test func `a SYN-ACK that nobody acknowledges leaves a connection half open`() throws {
    let connection = try track(
      """
         > S  0:0(0)          ! client SYN-SENT, server LISTEN
         < S. 0:0(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED
      +1 < S. 0:0(0) ack 1    ! repeatsSYN
      +2 < S. 0:0(0) ack 1    ! repeatsSYN
      """)[0]
    #expect(connection.opened == "three-way half-open")
  }

  @Test func `a client that aborts sends the server back to LISTEN`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      > R. 1:1(0) ack 1       ! client CLOSED, server LISTEN, acceptableReset
      """)[0]
    #expect(connection.opened == "three-way aborted")
    #expect(connection.closing.resetBy == .client)
  }

  @Test func `an old SYN opens nothing: its SYN-ACK is reset by an end that is not there`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED
      > R  1:1(0)             ! client CLOSED, server LISTEN, acceptableReset
      """)[0]
    #expect(connection.opened == "three-way aborted")
  }

  @Test func `a SYN-ACK that is reset tells of no SYN`() throws {
    let connection = try track(
      """
      < S. 0:0(0) ack 1       ! server LISTEN SYN-RECEIVED
      > R  1:1(0)             ! client CLOSED, server LISTEN, acceptableReset
      """)[0]
    #expect(connection.opened == "three-way aborted")
  }

  @Test func `a server may abort after its SYN-ACK`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      < R  1:1(0)             ! client CLOSED, server CLOSED, acceptableReset
      """)[0]
    #expect(connection.opened == "three-way aborted")
    #expect(connection.closing.resetBy == .server)
  }

  @Test func `a new number while the SYN is unanswered is another attempt`() throws {
    let connections = try track(
      """
         > S  0:0(0)              ! client SYN-SENT
      +1 > S  5000:5000(0)        ! client CLOSED SYN-SENT, server LISTEN, changesInitialSequence
         < S. 0:0(0) ack 5001     ! server SYN-RECEIVED, client ESTABLISHED
         > .  5001:5001(0) ack 1  ! server ESTABLISHED
      """)
    #expect(connections.count == 1)
    #expect(connections[0].opened == "three-way complete")
    #expect(connections[0].handshake.syn?.frame == 2)
    #expect(connections[0].handshake.serverRoundTripNanoseconds == 1_000_000)
  }

  @Test func `a SYN-ACK that acknowledges something else opens nothing`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 999     ! server SYN-RECEIVED
      """)[0]
    #expect(connection.opened == "three-way unanswered")
  }

  @Test func `an acknowledgment without a connection, reset as RFC 9293 wants it`() throws {
    // §3.5.1, figure 10: an old SYN-ACK at an end that has just sent another SYN.
    let connection = try track(
      """
         > S  0:0(0)             ! client SYN-SENT, server LISTEN
         < S. 0:0(0) ack 999     ! server SYN-RECEIVED
         > R  999:999(0)         ! server LISTEN, acceptableReset
      +1 > S  0:0(0)             ! repeatsSYN
         < S. 7000:7000(0) ack 1 ! server SYN-RECEIVED, client ESTABLISHED
         > .  1:1(0) ack 7001    ! server ESTABLISHED
      """
    ).last
    #expect(connection?.opened == "three-way complete")
    #expect(connection?.closed == "none open")
  }

  @Test func `a SYN-ACK that comes once more when all is over opens nothing`() throws {
    let connection = try track(
      openedAndClosed + """
        +0.01 < S. 0:0(0) ack 1 <mss 1460>  ! repeatsSYN, afterClose
        """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.closed == "orderly complete")
  }

  @Test func `a repeated SYN-ACK leaves the client's round trip unknown`() throws {
    let connection = try track(
      """
         > S  0:0(0)          ! client SYN-SENT, server LISTEN
         < S. 0:0(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED
      +1 < S. 0:0(0) ack 1    ! repeatsSYN
         > .  1:1(0) ack 1    ! server ESTABLISHED
      """)[0]
    #expect(connection.handshake.clientRoundTripNanoseconds == nil)
    #expect(connection.handshake.serverRoundTripNanoseconds == 1_000_000)
  }

  @Test func `a clock that runs backwards measures nothing`() throws {
    var segments = try Script(opened).segments
    segments[1].time.nanoseconds -= 5_000_000_000
    let handshake = try #require(TrackedRun(segments).connections.first).handshake
    #expect(handshake.synACK != nil)
    #expect(handshake.serverRoundTripNanoseconds == nil)
  }

  @Test func `an acknowledgment of what no window allowed completes no handshake`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      > .  1:1(0) ack 77777   ! outsideWindow
      """)[0]
    #expect(connection.opened == "three-way half-open")
  }

  @Test func `of too many refused attempts the middle is forgotten, not the end`() throws {
    let attempts = Array(repeating: "> S 0:0(0)\n< R. 0:0(0) ack 1", count: 8)
    let script = try Script((attempts + [opened]).joined(separator: "\n"))
    let connection = try #require(TrackedRun(script.segments).connections.first)
    let timeline = connection[history: .client].timeline
    #expect(timeline.count == Timeline.capacity)
    #expect(timeline.dropped == 8)
    #expect(timeline.first?.frame == 1)
    #expect(timeline.last?.state == .established)
    #expect(connection[.client].state == .established)
  }

  @Test func `a SYN-ACK that answers a repeated SYN at once is no copy`() throws {
    let connection = try track(
      """
               > S  0:0(0)        ! client SYN-SENT, server LISTEN
      +0.00001 < S. 0:0(0) ack 1  ! server SYN-RECEIVED, client ESTABLISHED
      +0.0002  > S  0:0(0)        ! repeatsSYN
      +0.00001 < S. 0:0(0) ack 1  ! repeatsSYN
      """)[0]
    #expect(connection[irregularities: .server].duplicateFrames == 0)
  }

  @Test func `one that comes again by itself is`() throws {
    let connection = try track(
      """
               > S  0:0(0)        ! client SYN-SENT, server LISTEN
      +0.00001 < S. 0:0(0) ack 1  ! server SYN-RECEIVED, client ESTABLISHED
      +0.00001 < S. 0:0(0) ack 1  ! duplicateFrame
      """)[0]
    #expect(connection[irregularities: .server].duplicateFrames == 1)
  }
}
