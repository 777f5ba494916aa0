import FlowTracker
import PacketParser
import Testing
import TrackerProperties

struct ClosingTests {
  // MARK: - By FIN

  @Test func `the client closes first, in four segments`() throws {
    // RFC 9293 §3.6, figure 12.
    let connection = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
        < .  1:1(0) ack 2       ! client FIN-WAIT-2
        < F. 1:1(0) ack 2       ! server LAST-ACK, client TIME-WAIT
        > .  2:2(0) ack 2       ! server CLOSED
        """)[0]
    #expect(connection.closed == "orderly complete")
    #expect(connection.closing.first == .client)
    #expect(connection.endReason == .captureEnded)
    #expect(connection[history: .client].fin?.frame == 4)
    #expect(connection[history: .server].fin?.frame == 6)
  }

  @Test func `the server closes first, in four segments`() throws {
    let connection = try track(
      opened + """
        < F. 1:1(0) ack 1       ! server FIN-WAIT-1, client CLOSE-WAIT
        > .  1:1(0) ack 2       ! server FIN-WAIT-2
        > F. 1:1(0) ack 2       ! client LAST-ACK, server TIME-WAIT
        < .  2:2(0) ack 2       ! client CLOSED
        """)[0]
    #expect(connection.closed == "orderly complete")
    #expect(connection.closing.first == .server)
  }

  @Test func `a FIN that acknowledges the other one saves a segment`() throws {
    let connection = try track(openedAndClosed)[0]
    #expect(connection.closed == "orderly complete")
    #expect(!connection.closing.isSimultaneous)
  }

  @Test func `FINs that cross close from both ends`() throws {
    // RFC 9293 §3.6, figure 13.
    let connection = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1
        < F. 1:1(0) ack 1       ! server FIN-WAIT-1 CLOSING, client CLOSING
        > .  2:2(0) ack 2       ! server TIME-WAIT
        < .  2:2(0) ack 2       ! client TIME-WAIT
        """)[0]
    #expect(connection.closed == "simultaneous complete")
  }

  @Test func `one end may go on sending after the other has closed`() throws {
    let connection = try track(
      opened + """
             > F. 1:1(0) ack 1           ! client FIN-WAIT-1, server CLOSE-WAIT
             < .  1:1(0) ack 2           ! client FIN-WAIT-2
             < P. 1:1001(1000) ack 2
             > .  2:2(0) ack 1001
        +600 < P. 1001:2001(1000) ack 2
             > .  2:2(0) ack 2001
             < F. 2001:2001(0) ack 2     ! server LAST-ACK, client TIME-WAIT
             > .  2:2(0) ack 2002        ! server CLOSED
        """)[0]
    #expect(connection.closed == "orderly complete")
    #expect(connection[.server].payload == 2000)
  }

  @Test func `a half-closed connection is still open`() throws {
    let connection = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
        < .  1:1(0) ack 2       ! client FIN-WAIT-2
        """)[0]
    #expect(connection.closed == "half open")
  }

  @Test func `a FIN is acknowledged after the data before it`() throws {
    let connection = try track(
      opened + """
        > FP. 1:11(10) ack 1    ! client FIN-WAIT-1, server CLOSE-WAIT
        < .   1:1(0) ack 11
        < .   1:1(0) ack 12     ! client FIN-WAIT-2
        """)[0]
    #expect(connection.closed == "half open")
  }

  @Test func `a FIN that overtakes data is received with the data`() throws {
    let connection = try track(
      opened + """
        > F. 101:101(0) ack 1 id 4   ! client FIN-WAIT-1, gapBefore
        > P. 1:101(100) ack 1 id 3   ! server CLOSE-WAIT, outOfOrder
        < .  1:1(0) ack 102     ! client FIN-WAIT-2
        """)[0]
    #expect(connection[irregularities: .client].outOfOrderPackets == 1)
    #expect(connection[irregularities: .server].gaps == 0)
  }

  @Test func `a FIN after bytes that the capture missed is received when it is acknowledged`()
    throws
  {
    let connection = try track(
      opened + """
        > F. 101:101(0) ack 1   ! client FIN-WAIT-1, gapBefore
        < .  1:1(0) ack 102     ! server CLOSE-WAIT, client FIN-WAIT-2, acknowledgesUnseen
        """)[0]
    #expect(connection[irregularities: .client].gaps == 1)
    #expect(connection[irregularities: .client].gapBytes == 100)
    #expect(
      timeline(connection, .server)
        == "LISTEN 1 implied, SYN-RECEIVED 2 sent, ESTABLISHED 3 confirmed, CLOSE-WAIT 5 confirmed")
  }

  @Test func `a repeated FIN changes no state`() throws {
    let connection = try track(
      opened + """
             > F. 1:1(0) ack 1   ! client FIN-WAIT-1, server CLOSE-WAIT
        +0.3 > F. 1:1(0) ack 1   ! repeatsData
        +0.6 > F. 1:1(0) ack 1   ! repeatsData
        """)[0]
    #expect(connection.closed == "half fin-unacknowledged")
    #expect(connection[irregularities: .client].repeatedPackets == 2)
    #expect(connection[irregularities: .client].repeatedBytes == 0)
    #expect(connection[history: .client].fin?.frame == 4)
  }

  @Test func `the last acknowledgment may be missing`() throws {
    let connection = try track(
      opened + """
             > F. 1:1(0) ack 1   ! client FIN-WAIT-1, server CLOSE-WAIT
             < F. 1:1(0) ack 2   ! server LAST-ACK, client TIME-WAIT
        +0.3 < F. 1:1(0) ack 2   ! repeatsData
        """)[0]
    #expect(connection.closed == "orderly last-ack-missing")
  }

  @Test func `a FIN completes a handshake whose last segment is its own`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
      < F. 1:1(0) ack 2       ! server LAST-ACK, client TIME-WAIT
      > .  2:2(0) ack 2       ! server CLOSED
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection.closed == "orderly complete")
  }

  @Test func `an acknowledgment that stands before the FIN acknowledges it`() throws {
    let connection = try track(
      opened + """
                  > F. 1:1(0) ack 1   ! client FIN-WAIT-1, server CLOSE-WAIT
                  > .  2:2(0) ack 2   ! acknowledgesUnseen
        +0.000002 < F. 1:1(0) ack 2   ! server LAST-ACK CLOSED, client TIME-WAIT
        """)[0]
    #expect(connection.closed == "orderly complete")
    #expect(connection[irregularities: .server].gaps == 0)
  }

  // MARK: - TIME-WAIT

  @Test func `TIME-WAIT ends after two MSL of the capture's time`() throws {
    let connections = try track(
      openedAndClosed + """
        +60                        ! client CLOSED
            > S 0:0(0) port 41000  ! connection 2, client SYN-SENT
        """)
    #expect(connections[0].endReason == .closed)
    #expect(
      timeline(connections[0], .client)
        == "SYN-SENT 1 sent, ESTABLISHED 2 confirmed, FIN-WAIT-1 4 sent, "
        + "TIME-WAIT 5 confirmed, CLOSED 0 timer")
  }

  @Test func `TIME-WAIT does not end with a capture that ends before`() throws {
    let connections = try track(
      openedAndClosed + """
        +59.999999999 > S 0:0(0) port 41000  ! connection 2, client SYN-SENT
        """)
    #expect(connections[0].endReason == .captureEnded)
    #expect(connections[0][.client].state == .timeWait)
  }

  @Test func `a FIN in TIME-WAIT starts its time again`() throws {
    let connections = try track(
      opened + """
            > F. 1:1(0) ack 1      ! client FIN-WAIT-1, server CLOSE-WAIT
            < F. 1:1(0) ack 2      ! server LAST-ACK, client TIME-WAIT
            > .  2:2(0) ack 2
        +40 < F. 1:1(0) ack 2      ! repeatsData, afterClose, showsLoss
            > .  2:2(0) ack 2      ! server CLOSED
        +60                        ! client CLOSED
            > S 0:0(0) port 41000  ! connection 2, client SYN-SENT
        """)
    #expect(connections[0].closed == "orderly complete")
  }

  // MARK: - By RST

  @Test func `a reset at the next byte closes both ends`() throws {
    let connection = try track(
      opened + """
        < R. 1:1(0) ack 1       ! server CLOSED, client CLOSED, acceptableReset
        """)[0]
    #expect(connection.closed == "reset reset")
    #expect(connection.closing.reset?.frame == 4)
    #expect(connection.closing.resetBy == .server)
  }

  @Test func `a reset may come after data that was not acknowledged`() throws {
    let connection = try track(
      opened + """
        < P. 1:101(100) ack 1
        < R. 101:101(0) ack 1   ! server CLOSED, client CLOSED, acceptableReset
        """)[0]
    #expect(connection.closed == "reset reset")
  }

  @Test func `a reset elsewhere in the window draws a challenge and closes nothing`() throws {
    // RFC 5961 §3.2.
    let connection = try track(
      opened + """
        < R 500:500(0)          ! inexactReset
        > . 1:1(0) ack 1
        < R 1:1(0)              ! server CLOSED, client CLOSED, acceptableReset
        """)[0]
    #expect(connection.closing.reset?.frame == 6)
  }

  @Test func `a reset beyond bytes that are missing draws a challenge too`() throws {
    let connection = try track(
      opened + """
        < P. 101:201(100) ack 1 ! gapBefore
        < R. 201:201(0) ack 1   ! server CLOSED, inexactReset
        > .  1:1(0) ack 1
        < R  1:1(0)             ! client CLOSED, acceptableReset
        """)[0]
    #expect(connection.closing.reset?.frame == 7)
  }

  @Test(arguments: [65537, 2_000_000, 4_294_967_000 as UInt32])
  func `a reset outside the window is ignored`(sequence: UInt32) throws {
    let connection = try track(
      opened + """
        < R \(sequence):\(sequence)(0)   ! ignoredReset
        > P. 1:11(10) ack 1
        """)[0]
    #expect(connection.closed == "none open")
    #expect(connection.closing.reset == nil)
  }

  @Test func `a reset may end a close that has begun`() throws {
    let connection = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
        < .  1:1(0) ack 2       ! client FIN-WAIT-2
        < R. 1:1(0) ack 2       ! server CLOSED, client CLOSED, acceptableReset
        """)[0]
    #expect(connection.closed == "reset reset")
    #expect(connection.closing.first == .client)
  }

  @Test func `a client that closes with data unread resets after its FIN`() throws {
    let connection = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
        < P. 1:101(100) ack 2   ! client FIN-WAIT-2
        > R  2:2(0)             ! client CLOSED, server CLOSED, acceptableReset
        """)[0]
    #expect(connection.closed == "reset reset")
  }

  @Test func `a FIN may be sent again with the data before it`() throws {
    let connection = try track(
      opened + """
             > P.  1:11(10) ack 1
        +0.3 > FP. 1:11(10) ack 1   ! repeatsData, client FIN-WAIT-1, server CLOSE-WAIT
             < .   1:1(0) ack 12    ! client FIN-WAIT-2
        """)[0]
    #expect(connection[history: .client].fin?.frame == 5)
  }

  @Test func `a reset ends TIME-WAIT, and the close stays complete`() throws {
    let connection = try track(
      openedAndClosed + """
        < R 2:2(0)              ! client CLOSED, acceptableReset, afterClose
        """)[0]
    #expect(connection.closed == "orderly complete")
  }

  @Test func `a second reset changes nothing`() throws {
    let connection = try track(
      opened + """
             < R. 1:1(0) ack 1  ! server CLOSED, client CLOSED, acceptableReset
        +0.1 < R. 1:1(0) ack 1  ! acceptableReset, afterClose
        """)[0]
    #expect(connection.closing.reset?.frame == 4)
  }

  @Test func `data and FIN after a reset open and close nothing`() throws {
    // The client may have sent its FIN before the RST arrived there, and have been in
    // FIN-WAIT-1 and CLOSING.
    let connections = try track(
      opened + """
        < R. 1:1(0) ack 1       ! server CLOSED, client CLOSED, acceptableReset
        +0.0001 > P. 1:11(10) ack 1     ! afterClose
        +0.0001 > F. 11:11(0) ack 1     ! afterClose, client FIN-WAIT-1
        +0.0001 < F. 1:1(0) ack 1       ! afterClose
        +0.0001 > .  12:12(0) ack 2     ! afterClose, client CLOSING
        """)
    #expect(connections.count == 1)
    #expect(connections[0].closed == "reset reset")
  }
}
