import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

/// What may have arrived in another order than it passed the capture, or was not taken in at all.
struct CrossingTests {
  @Test func `an acknowledgment on old data is not looked at`() throws {
    // RFC 9293 §3.10.7.4, first: the segment is dropped, and its ACK with it.
    let connection = try track(
      opened + """
        > P. 1:11(10) ack 1
        > P. 11:21(10) ack 1
        < F. 1:1(0) ack 21      ! server FIN-WAIT-1, client CLOSE-WAIT
        > P. 1:11(10) ack 2     ! repeatsData
        > .  21:21(0) ack 2     ! server FIN-WAIT-2
        """)[0]
    #expect(timeline(connection, .client).hasSuffix("CLOSE-WAIT 6 confirmed"))
  }

  @Test func `on data that end where the last acknowledgment stood it is`() throws {
    // Linux's tcp_sequence lets them pass.
    _ = try track(
      opened + """
        > P. 1:11(10) ack 1
        < F. 1:1(0) ack 11      ! server FIN-WAIT-1, client CLOSE-WAIT
        > P. 1:11(10) ack 2     ! repeatsData, server FIN-WAIT-2
        """)
  }

  @Test func `a socket that is connected to itself is both ends`() throws {
    let connection = try track(
      """
      > S  0:0(0) client 2 port 80              ! client SYN-SENT SYN-RECEIVED, server SYN-SENT
      > S. 0:0(0) ack 1 client 2 port 80        ! server SYN-RECEIVED ESTABLISHED, client ESTABLISHED
      > .  1:1(0) ack 1 client 2 port 80
      > P. 1:101(100) ack 1 client 2 port 80
      > .  101:101(0) ack 101 client 2 port 80
      > F. 101:101(0) ack 101 client 2 port 80  ! client FIN-WAIT-1 CLOSING, server FIN-WAIT-1 CLOSING
      > .  102:102(0) ack 102 client 2 port 80  ! client TIME-WAIT, server TIME-WAIT
      """)[0]
    #expect(connection.opened == "simultaneous complete")
    #expect(connection.closed == "simultaneous complete")
    #expect(connection[.client].packets == 7)
    #expect(connection[.server].packets == 0)
  }

  @Test func `where FINs have crossed the one that is acknowledged late may have come last`() throws
  {
    // CLOSING or FIN-WAIT-2: the FIN and the acknowledgment were both on their way.
    let connection = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1
        < F. 1:1(0) ack 1       ! server FIN-WAIT-1 CLOSING, client CLOSING
        < .  2:2(0) ack 2       ! client TIME-WAIT
        > .  2:2(0) ack 2       ! server TIME-WAIT
        """)[0]
    #expect(timeline(connection, .client).contains("CLOSING 5 presumed, TIME-WAIT 6"))
  }

  @Test func `the one that is acknowledged at once came first`() throws {
    let connection = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1
        < F. 1:1(0) ack 1       ! server FIN-WAIT-1 CLOSING, client CLOSING
        > .  2:2(0) ack 2       ! server TIME-WAIT
        < .  2:2(0) ack 2       ! client TIME-WAIT
        """)[0]
    #expect(timeline(connection, .client).contains("CLOSING 5 confirmed, TIME-WAIT 7"))
  }

  @Test func `a FIN behind data on a SYN that were not taken waits for them`() throws {
    let connection = try track(
      """
      > S  0:10(10)           ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      > P. 11:21(10) ack 1    ! server ESTABLISHED
      > F. 21:21(0) ack 1     ! client FIN-WAIT-1
      > P. 1:11(10) ack 1     ! repeatsData, server CLOSE-WAIT
      < .  1:1(0) ack 22      ! client FIN-WAIT-2
      """)[0]
    #expect(connection[irregularities: .client].gaps == 0)
  }

  @Test func `a FIN behind data on a SYN that were taken waits for nothing`() throws {
    _ = try track(
      """
      > S  0:10(10) <mss 1460,FO 0102030405060708>  ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 11      ! server SYN-RECEIVED, client ESTABLISHED
      > P. 11:21(10) ack 1    ! server ESTABLISHED
      > F. 21:21(0) ack 1     ! client FIN-WAIT-1, server CLOSE-WAIT
      """)
  }

  @Test func `what comes before the SYN-ACK is dropped and comes again`() throws {
    // RFC 9293 §3.10.7.3; a Fast Open server may send it (RFC 7413 §4.2.2).
    let connection = try track(
      """
           > S  0:10(10) <mss 1460,FO 0102030405060708>  ! client SYN-SENT, server LISTEN
           < P. 1:11(10) ack 11
           < S. 0:0(0) ack 11    ! server SYN-RECEIVED, client ESTABLISHED
           > .  11:11(0) ack 1   ! server ESTABLISHED
           < F. 11:11(0) ack 11  ! server FIN-WAIT-1
      +0.3 < P. 1:11(10) ack 11  ! repeatsData, client CLOSE-WAIT
           > .  11:11(0) ack 12  ! server FIN-WAIT-2
      """)[0]
    #expect(connection[irregularities: .server].repeatedBytes == 10)
  }

  @Test(arguments: [("0.5", false), ("1.1", true)])
  func `bytes before the FIN are repeated by a timer only for want of its acknowledgment`(
    pause: String, isLost: Bool
  ) throws {
    let facts = isLost ? "repeatsData, showsLoss" : "repeatsData"
    let connection = try track(
      opened + """
                 < P. 1:11(10) ack 1
                 > .  1:1(0) ack 1
                 < F. 11:11(0) ack 1     ! server FIN-WAIT-1, client CLOSE-WAIT
                 > .  1:1(0) ack 12\(isLost ? "" : "      ! server FIN-WAIT-2")
        +\(pause) < P. 1:11(10) ack 1   ! \(facts)
        """)[0]
    #expect(connection[history: .server].losses == (isLost ? 1 : 0))
  }

  @Test func `a late copy of a FIN does not refute its acknowledgment`() throws {
    // It acknowledges less than its sender has acknowledged since.
    let connection = try track(
      opened + """
             > P. 1:11(10) ack 1
             < F. 1:1(0) ack 1     ! server FIN-WAIT-1, client CLOSE-WAIT
             < .  2:2(0) ack 11
             > .  11:11(0) ack 2   ! server FIN-WAIT-2
        +0.5 < F. 1:1(0) ack 1     ! repeatsData
        """)[0]
    #expect(connection[history: .server].losses == 0)
  }

  @Test func `a FIN beyond a shut window has not arrived where the capture was taken`() throws {
    _ = try track(
      """
               > S  0:0(0)              ! client SYN-SENT, server LISTEN
               < S. 0:0(0) ack 1        ! server SYN-RECEIVED, client ESTABLISHED
      +0.00001 > .  1:1(0) ack 1 win 0  ! server ESTABLISHED, zeroWindow
      +0.1     < F. 1:11(10) ack 1      ! server FIN-WAIT-1
      +0.1     > .  1:1(0) ack 1 win 0  ! zeroWindow
      """)
  }

  @Test func `elsewhere a wider window may have been on its way`() throws {
    _ = try track(
      """
           > S  0:0(0)              ! client SYN-SENT, server LISTEN
           < S. 0:0(0) ack 1        ! server SYN-RECEIVED, client ESTABLISHED
      +0.1 > .  1:1(0) ack 1 win 0  ! server ESTABLISHED, zeroWindow
      +0.1 < F. 1:11(10) ack 1      ! server FIN-WAIT-1, client CLOSE-WAIT
      """)
  }

  @Test func `a FIN that overtakes the SYN-ACK was sent from SYN-RECEIVED`() throws {
    let connection = try track(
      """
           > S  0:10(10) <mss 1460,FO 0102030405060708>  ! client SYN-SENT, server LISTEN
           < F. 1:1(0) ack 11    ! server FIN-WAIT-1
      +0.1 < S. 0:0(0) ack 11    ! server SYN-RECEIVED, client ESTABLISHED
           > .  11:11(0) ack 1
      """)[0]
    #expect(timeline(connection, .server).hasSuffix("SYN-RECEIVED 3 sent, FIN-WAIT-1 2 sent"))
  }

  @Test func `silence proves no arrival to an end that owes other answers`() throws {
    let connection = try track(
      opened + """
              > P. 1:11(10) ack 1
              < F. 1:1(0) ack 11    ! server FIN-WAIT-1, client CLOSE-WAIT
              > .  11:11(0) ack 2   ! server FIN-WAIT-2
              > P. 11:21(10) ack 2
        +4    > P. 11:21(10) ack 2  ! repeatsData
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("FIN-WAIT-2 6 presumed"))
  }

  @Test func `where SYNs have crossed, a FIN may come before the SYN-ACK`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT
      < S  0:0(0)             ! server SYN-SENT, client SYN-RECEIVED
      < F. 1:1(0) ack 1       ! server SYN-RECEIVED FIN-WAIT-1, client CLOSE-WAIT
      """)[0]
    #expect(timeline(connection, .server).hasSuffix("SYN-RECEIVED 3 presumed, FIN-WAIT-1 3 sent"))
  }

  @Test(arguments: [("0.9", false), ("1.5", true)])
  func `where the SYN was repeated, a round trip may be as long as since the first`(
    pause: String, isLost: Bool
  ) throws {
    let fact = isLost ? "repeatsSYN, showsLoss" : "repeatsSYN"
    let connection = try track(
      """
               > S  0:0(0)          ! client SYN-SENT, server LISTEN
      +1       > S  0:0(0)          ! repeatsSYN
      +0.1     < S. 0:0(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED
               > .  1:1(0) ack 1\(isLost ? "" : "    ! server ESTABLISHED")
      +\(pause) < S. 0:0(0) ack 1  ! \(fact)
      """)[0]
    #expect(connection[history: .server].losses == (isLost ? 1 : 0))
  }

  @Test func `data that come with the acknowledgment of a FIN may have come before`() throws {
    // What acknowledges the repeated bytes does not prove that the acknowledgment has arrived.
    let connection = try track(
      opened + """
        > P. 1:11(10) ack 1
        < F. 1:1(0) ack 1       ! server FIN-WAIT-1, client CLOSE-WAIT
        > P. 1:11(10) ack 2     ! repeatsData, server FIN-WAIT-2
        < .  2:2(0) ack 11
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("FIN-WAIT-2 6 presumed"))
  }

  @Test(arguments: [("0.00001", ""), ("0.1", ", client FIN-WAIT-2")])
  func `an acknowledgment on data beyond a shut window is not looked at`(
    roundTrip: String, arrival: String
  ) throws {
    // RFC 9293 §3.10.7.4, first; but elsewhere a wider window may have been on its way.
    _ = try track(
      """
                  > S  0:0(0)              ! client SYN-SENT, server LISTEN
                  < S. 0:0(0) ack 1        ! server SYN-RECEIVED, client ESTABLISHED
      +\(roundTrip) > .  1:1(0) ack 1 win 0  ! server ESTABLISHED, zeroWindow
                  > F. 1:1(0) ack 1 win 0  ! client FIN-WAIT-1, server CLOSE-WAIT
      +0.2        < P. 11:21(10) ack 2     ! gapBefore\(arrival)
      """)
  }

  @Test func `a FIN behind a gap arrives with its acknowledgment, of an end that may have closed`()
    throws
  {
    let connection = try track(
      opened + """
        > F. 101:101(0) ack 1   ! client FIN-WAIT-1, gapBefore
        < .  2:2(0) ack 102     ! server CLOSE-WAIT, client FIN-WAIT-2, acknowledgesUnseen, gapBefore
        """)[0]
    #expect(
      timeline(connection, .server).hasSuffix("ESTABLISHED 3 presumed, CLOSE-WAIT 5 presumed"))
  }

  @Test func `the acknowledgment of the SYN-ACK may stand before it in the file, and implies it`()
    throws
  {
    let connection = try track(
      """
                > S  0:0(0)       ! client SYN-SENT
                > .  1:1(0) ack 1 ! client ESTABLISHED, server ESTABLISHED
      +0.000002 < S. 0:0(0) ack 1
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.handshake.synACK?.frame == 3)
    #expect(timeline(connection, .server) == "ESTABLISHED 2 implied")
  }

  @Test func `a SYN-ACK that data have overtaken is no copy`() throws {
    // A Fast Open server sends them at once; its clock tells that they left later.
    let connection = try track(
      """
      > S  0:10(10) <mss 1460,FO 0102030405060708,TS val 1 ecr 0>  ! client SYN-SENT, server LISTEN
      < P. 1:11(10) ack 11 <TS val 20 ecr 1>
      < S. 0:0(0) ack 11 <mss 1460,TS val 10 ecr 1>  ! server SYN-RECEIVED, client ESTABLISHED
      """)[0]
    #expect(connection[irregularities: .server].duplicateFrames == 0)
  }

  @Test func `bytes that all others have overtaken are no copy`() throws {
    // Its identification is below the first one that was seen.
    let connection = try track(
      opened + """
        < P. 11:21(10) ack 1 id 83  ! gapBefore
        < P. 21:31(10) ack 1 id 84
        < F. 31:31(0) ack 1 id 85   ! server FIN-WAIT-1
        < P. 1:11(10) ack 1 id 82   ! client CLOSE-WAIT, outOfOrder
        """)[0]
    #expect(connection[irregularities: .server].duplicateFrames == 0)
  }
}
