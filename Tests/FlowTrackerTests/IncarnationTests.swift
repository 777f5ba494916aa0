import FlowTracker
import PacketParser
import Testing
import TraceScript
import TrackerProperties

/// A tuple that is used again: which connection a segment belongs to.
struct IncarnationTests {
  @Test func `a SYN after the close begins a new connection`() throws {
    let connections = try track(
      openedAndClosed + """
        +1 > S  50000:50000(0)            ! connection 2, newIncarnation, client SYN-SENT, server LISTEN
           < S. 90000:90000(0) ack 50001  ! server SYN-RECEIVED, client ESTABLISHED
           > .  50001:50001(0) ack 90001  ! server ESTABLISHED
        """)
    #expect(connections.map(\.incarnation) == [1, 2])
    #expect(connections.map(\.endReason) == [.closed, .captureEnded])
    #expect(connections[0].closed == "orderly complete")
    #expect(connections[1].opened == "three-way complete")
  }

  @Test func `a SYN after a reset begins a new connection`() throws {
    let connections = try track(
      opened + """
           < R. 1:1(0) ack 1              ! server CLOSED, client CLOSED, acceptableReset
        +1 > S  50000:50000(0)            ! connection 2, newIncarnation, client SYN-SENT, server LISTEN
           < S. 90000:90000(0) ack 50001  ! server SYN-RECEIVED, client ESTABLISHED
        """)
    #expect(connections.map(\.incarnation) == [1, 2])
  }

  @Test func `a SYN after long silence begins a new connection`() throws {
    let connections = try track(
      opened + """
        +7440 > S  50000:50000(0)            ! connection 2, client SYN-SENT, server LISTEN
              < S. 90000:90000(0) ack 50001  ! server SYN-RECEIVED, client ESTABLISHED
        """)
    #expect(connections.map(\.endReason) == [.idle, .captureEnded])
    #expect(connections[0].closed == "none open")
  }

  @Test func `a tuple may be used again the other way round`() throws {
    let connections = try track(
      openedAndClosed + """
        +1 < S  50000:50000(0)            ! synOnSynchronized, client SYN-SENT, server LISTEN
           > S. 90000:90000(0) ack 50001  ! connection 2, server SYN-RECEIVED, client ESTABLISHED
           < .  50001:50001(0) ack 90001  ! server ESTABLISHED
        """)
    #expect(connections[0].client == connections[1].server)
    #expect(connections[0].server == connections[1].client)
    #expect(connections[1].rolesEvidence == .syn)
  }

  @Test func `a SYN-ACK with other numbers after the close is of a new connection`() throws {
    let connections = try track(
      openedAndClosed + """
        +1 < S. 90000:90000(0) ack 50001  ! connection 2, newIncarnation, client SYN-SENT ESTABLISHED, server LISTEN SYN-RECEIVED
           > .  50001:50001(0) ack 90001  ! server ESTABLISHED
        """)
    #expect(connections[1].opened == "three-way complete")
  }

  @Test func `a late copy of the SYN opens nothing`() throws {
    let connections = try track(
      opened + """
           < F. 1:1(0) ack 1    ! server FIN-WAIT-1, client CLOSE-WAIT
           > F. 1:1(0) ack 2    ! client LAST-ACK, server TIME-WAIT
           < .  2:2(0) ack 2    ! client CLOSED
        +5 > S  0:0(0)          ! synOnSynchronized
        """)
    #expect(connections.count == 1)
    #expect(connections[0].closed == "orderly complete")
    #expect(connections[0].handshake.serverRoundTripNanoseconds == 1_000_000)
  }

  @Test func `late segments belong to the connection that is over`() throws {
    let connections = try track(
      openedAndClosed + """
        +0.0001 < F. 1:1(0) ack 2    ! repeatsData, afterClose
        +5      > .  2:2(0) ack 2    ! afterClose
        """)
    #expect(connections.count == 1)
    #expect(connections[0][.server].packets == 3)
  }

  // MARK: - A SYN on a connection that both ends believe to be open

  @Test func `a challenge makes it a stray`() throws {
    // RFC 5961 §4.2.
    let connections = try track(
      opened + """
        +10 > S  70000:70000(0)   ! synOnSynchronized
            < .  1:1(0) ack 1
            < P. 1:101(100) ack 1
            > .  1:1(0) ack 101
        """)
    #expect(connections.count == 1)
    #expect(connections[0].closed == "none open")
    #expect(connections[0][.client].packets == 4)
    #expect(connections[0][.server].packets == 3)
  }

  @Test func `a stray that came several times is counted as often`() throws {
    let connections = try track(
      opened + """
        +10  > S 70000:70000(0)    ! synOnSynchronized
        +0.1 > S 70000:70000(0)    ! synOnSynchronized
             < . 1:1(0) ack 1
        """)
    #expect(connections.count == 1)
    #expect(connections[0][.client].packets == 4)
  }

  @Test func `what comes again as SYN-SENT repeats it is an attempt, whatever challenges it`()
    throws
  {
    // RFC 6298 §2.1: after a second. TIME-WAIT, too, may answer it by an ACK (RFC 9293 §3.10.7.4).
    let connections = try track(
      opened + """
            < F. 1:1(0) ack 1     ! server FIN-WAIT-1, client CLOSE-WAIT
            > F. 1:1(0) ack 2     ! client LAST-ACK, server TIME-WAIT
            < .  2:2(0) ack 2     ! client CLOSED
        +10 > S 70000:70000(0)    ! client SYN-SENT, synOnSynchronized
        +1  > S 70000:70000(0)    ! synOnSynchronized
            < . 2:2(0) ack 2      ! afterClose
        """)
    #expect(connections[1].opened == "three-way unanswered")
  }

  @Test func `a SYN after a reset that the other end has ignored waits for its answer`() throws {
    // RFC 9293 §3.5.1: the server is still open, and ends by the reset that its challenge draws.
    let connections = try track(
      opened + """
            > P. 1:11(10) ack 1
            > P. 11:21(10) ack 1
            < .  1:1(0) ack 21
            > R  1:1(0)                    ! client CLOSED, ignoredReset
        +1  > S  70000:70000(0)            ! client SYN-SENT, server LISTEN, synOnSynchronized
            < .  1:1(0) ack 21
            > R  21:21(0)                  ! server CLOSED, acceptableReset
        +1  > S  70000:70000(0)            ! connection 2, repeatsSYN
            < S. 90000:90000(0) ack 70001  ! server SYN-RECEIVED, client ESTABLISHED
            > .  70001:70001(0) ack 90001  ! server ESTABLISHED
        """)
    #expect(connections.count == 2)
  }

  @Test func `a challenged client that has lost its memory resets and starts again`() throws {
    // RFC 9293 §3.5.1, figure 9.
    let connections = try track(
      opened + """
        +10 > S  70000:70000(0)            ! synOnSynchronized, client SYN-SENT, server LISTEN
            < .  1:1(0) ack 1
            > R  1:1(0)                    ! client CLOSED, server CLOSED, acceptableReset
        +1  > S  70000:70000(0)            ! connection 2, repeatsSYN
            < S. 90000:90000(0) ack 70001  ! server SYN-RECEIVED, client ESTABLISHED
            > .  70001:70001(0) ack 90001  ! server ESTABLISHED
        """)
    #expect(connections.map(\.closed) == ["reset reset", "none open"])
    #expect(connections[0].last.frame == 6)
    #expect(connections[1].opened == "three-way complete")
  }

  @Test func `an end in TIME-WAIT that refuses a SYN is reset, and takes the next one`() throws {
    // RFC 9293 §3.10.7.3: the ACK of TIME-WAIT is refused by an end in SYN-SENT.
    let connections = try track(
      openedAndClosed + """
        +5 < S  70000:70000(0)            ! synOnSynchronized, client SYN-SENT, server LISTEN
           > .  2:2(0) ack 2              ! afterClose
           < R  2:2(0)                    ! client CLOSED, acceptableReset, afterClose
           < S  70000:70000(0)            ! connection 2, repeatsSYN
           > S. 90000:90000(0) ack 70001  ! server SYN-RECEIVED, client ESTABLISHED
           < .  70001:70001(0) ack 90001  ! server ESTABLISHED
        """)
    #expect(connections[1].opened == "three-way complete")
  }

  @Test func `a SYN-ACK makes it a new connection, to which the SYN belongs`() throws {
    let connections = try track(
      opened + """
        +10 > S  70000:70000(0)            ! synOnSynchronized, client SYN-SENT, server LISTEN
            < S. 90000:90000(0) ack 70001  ! connection 2, server SYN-RECEIVED, client ESTABLISHED
            > .  70001:70001(0) ack 90001  ! server ESTABLISHED
        """)
    #expect(connections.map(\.endReason) == [.replaced, .captureEnded])
    #expect(connections.map(\.incarnation) == [1, 2])
    #expect(connections.map { $0[.client].packets } == [2, 2])
    #expect(connections.map { $0[.server].packets } == [1, 1])
    #expect(connections[0].last.frame == 3)
    #expect(connections[1].first.frame == 4)
    #expect(connections[1].handshake.serverRoundTripNanoseconds == 1_000_000)
  }

  @Test func `a reset of the SYN makes it a new connection that is refused`() throws {
    let connections = try track(
      opened + """
        +10 > S  70000:70000(0)       ! synOnSynchronized, client SYN-SENT, server CLOSED
            < R. 0:0(0) ack 70001     ! connection 2, client CLOSED, acceptableReset
        """)
    #expect(connections.map(\.endReason) == [.replaced, .captureEnded])
    #expect(connections[1].opened == "three-way refused")
  }

  @Test func `a SYN that is never answered was an attempt of its own`() throws {
    let connections = try track(
      opened + """
        +10 > S 70000:70000(0)        ! synOnSynchronized, client SYN-SENT
        +1  > S 70000:70000(0)        ! synOnSynchronized
        """)
    #expect(connections.map(\.opened) == ["three-way complete", "three-way unanswered"])
    #expect(connections.map { $0[.client].packets } == [2, 2])
    #expect(connections[1].last.frame == 5)
    #expect(connections[1].handshake.lastSYN?.frame == 5)
  }

  @Test func `the same number may be used again`() throws {
    let connections = try track(
      openedAndClosed + """
        +5 > S  0:0(0)              ! synOnSynchronized, client SYN-SENT, server LISTEN
           < S. 900:900(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED, connection 2
           > .  1:1(0) ack 901      ! server ESTABLISHED
        """)
    #expect(connections.map(\.opened) == ["three-way complete", "three-way complete"])
    #expect(connections[1].incarnation == 2)
  }

  @Test func `what was under way before a new SYN does not settle it`() throws {
    let connections = try track(
      opened + """
             < P. 1:101(100) ack 1
        +300 > S  5000:5000(0)           ! synOnSynchronized, client SYN-SENT, server LISTEN
             < P. 101:201(100) ack 1
             < S. 9000:9000(0) ack 5001  ! server SYN-RECEIVED, client ESTABLISHED, connection 2
             > .  5001:5001(0) ack 9001  ! server ESTABLISHED
        """)
    #expect(connections.map(\.opened) == ["three-way complete", "three-way complete"])
  }

  @Test func `where only the client is captured, its new numbers tell a new connection`() throws {
    let connections = try track(
      """
         > S  0:0(0)             ! client SYN-SENT
         > .  1:1(0) ack 1       ! client ESTABLISHED, server ESTABLISHED
         > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
      +5 > S  5000:5000(0)       ! synOnSynchronized, client SYN-SENT
         > .  5001:5001(0) ack 1 ! client ESTABLISHED, server ESTABLISHED, connection 2
      """)
    #expect(connections.count == 2)
  }

  @Test func `where only the server is captured, its new numbers tell a new connection`() throws {
    let connections = try track(
      """
         < S. 0:0(0) ack 1            ! server LISTEN SYN-RECEIVED, client SYN-SENT ESTABLISHED
         < F. 1:1(0) ack 1            ! server FIN-WAIT-1, client CLOSE-WAIT
      +5 < S. 90000:90000(0) ack 5001 ! connection 2, newIncarnation, server LISTEN SYN-RECEIVED, client SYN-SENT ESTABLISHED
      """)
    #expect(connections.map(\.incarnation) == [1, 2])
  }

  @Test func `a late copy of the SYN opens nothing after a reset either`() throws {
    let connections = try track(
      opened + """
           < R. 1:1(0) ack 1    ! server CLOSED, client CLOSED, acceptableReset
        +1 > S  0:0(0)          ! repeatsSYN, afterClose
        """)
    #expect(connections.map(\.opened) == ["three-way complete"])
  }

  @Test func `a single SYN that nobody answers only may be an attempt`() throws {
    let connections = try track(
      opened + "+10 > S 70000:70000(0)  ! synOnSynchronized, client SYN-SENT")
    #expect(timeline(connections[1], .client) == "SYN-SENT 4 presumed")
  }

  @Test(arguments: [("1:1", true), ("500:500", false)])
  func `who resets what has challenged its SYN has sent it`(number: String, isAttempt: Bool) throws
  {
    let states = isAttempt ? "client CLOSED, server CLOSED, acceptableReset" : "inexactReset"
    let connections = try track(
      opened + """
        +10 > S  70000:70000(0)   ! synOnSynchronized\(isAttempt ? ", client SYN-SENT" : "")
            < .  1:1(0) ack 1
            > R  \(number)(0)    ! \(states)
        """)
    #expect(connections.count == (isAttempt ? 2 : 1))
  }

  @Test func `a reset that acknowledges nothing of the SYN ends the connection before it`() throws {
    let connections = try track(
      opened + """
        +10 > S  70000:70000(0)   ! synOnSynchronized, client SYN-SENT
            < R. 1:1(0) ack 1     ! server CLOSED, client CLOSED, acceptableReset
        """)
    #expect(connections.map(\.opened) == ["three-way complete", "three-way unanswered"])
  }

  @Test func `numbers that follow a challenged SYN begin nothing`() throws {
    // RFC 5961 §4.2: the other end has said that its connection goes on.
    let connections = try track(
      opened + """
        +10 > S  70000:70000(0)        ! synOnSynchronized
            < .  1:1(0) ack 1
            > .  70001:70001(0) ack 1  ! gapBefore
        """)
    #expect(connections.count == 1)
  }

  @Test func `a copy of the SYN opens nothing, however often it comes`() throws {
    let connections = try track(
      openedAndClosed + """
        +5 > S  0:0(0)          ! synOnSynchronized
        +1 > S  0:0(0)          ! synOnSynchronized
        """)
    #expect(connections.count == 1)
    #expect(connections[0][.client].packets == 6)
  }
}
