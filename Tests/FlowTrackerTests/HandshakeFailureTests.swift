import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

/// Handshakes that are refused, broken off, left half-open or never answered, and what repeats and
/// strange numbers make of them.
struct HandshakeFailureTests {
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
      < S. 0:0(0) ack 999     ! server SYN-RECEIVED, wrongAcknowledgment
      """)[0]
    #expect(connection.opened == "three-way unanswered")
  }

  @Test func `an acknowledgment without a connection, reset as RFC 9293 wants it`() throws {
    // §3.5.1, figure 10: an old SYN-ACK at an end that has just sent another SYN.
    let connection = try track(
      """
         > S  0:0(0)             ! client SYN-SENT, server LISTEN
         < S. 0:0(0) ack 999     ! server SYN-RECEIVED, wrongAcknowledgment
         > R  999:999(0)         ! server LISTEN, acceptableReset
      +1 > S  0:0(0)             ! repeatsSYN
         < S. 7000:7000(0) ack 1 ! server SYN-RECEIVED, client ESTABLISHED
         > .  1:1(0) ack 7001    ! server ESTABLISHED
      """
    ).last
    #expect(connection?.opened == "three-way complete")
    #expect(connection?.closed == "none open")
  }

  @Test func `of two answers with different numbers the client takes the second`() throws {
    for second in [5_000_000, 4_294_867_296] {
      let connection = try track(
        """
        > S  0:0(0)                          ! client SYN-SENT, server LISTEN
        < S. 0:0(0) ack 1                    ! server SYN-RECEIVED
        < S. \(second):\(second)(0) ack 1    ! server LISTEN SYN-RECEIVED, client ESTABLISHED, changesInitialSequence
        > .  1:1(0) ack \(second + 1)        ! server ESTABLISHED
        > P. 1:11(10) ack \(second + 1)
        < .  \(second + 1):\(second + 1)(0) ack 11
        """)[0]
      #expect(connection.opened == "three-way complete")
      #expect(connection.handshake.synACK?.frame == 3)
      #expect(connection[irregularities: .server].gaps == 0)
    }
  }

  @Test func `of two answers with different numbers the client takes the first`() throws {
    let connection = try track(
      """
      > S  0:0(0)                 ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1           ! server SYN-RECEIVED, client ESTABLISHED
      < S. 5000:5000(0) ack 1     ! changesInitialSequence
      > .  1:1(0) ack 1           ! server ESTABLISHED
      < P. 1:11(10) ack 1
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.handshake.synACK?.frame == 2)
    #expect(connection[irregularities: .server].gaps == 0)
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
      > .  1:1(0) ack 77777   ! outsideWindow, wrongAcknowledgment
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
