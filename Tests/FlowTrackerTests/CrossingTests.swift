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
}
