import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

/// What a RST has ended, as far as the segments after it tell.
struct ResetEvidenceTests {
  @Test func `a receiver that had passed the number of a reset has ignored it`() throws {
    // Its acknowledgment comes too soon to have been sent after the RST, and yet was: sent before, it
    // shows that the RST came too late (RFC 5961 §3.2).
    let connection = try track(
      opened + """
                 > P. 1:11(10) ack 1
        +0.0001  > R  1:1(0)              ! client CLOSED, acceptableReset
        +0.00001 < .  1:1(0) ack 11       ! afterClose, showsLoss, refutesReset
        +0.0001  > R  11:11(0)            ! server CLOSED, acceptableReset
        """)[0]
    #expect(connection.closing.reset?.frame == 7)
  }

  @Test func `a receiver that had not passed it may have taken it since`() throws {
    let connection = try track(
      opened + """
                 > P. 1:11(10) ack 1
        +0.0001  > R  11:11(0)            ! client CLOSED, server CLOSED, acceptableReset
        +0.00001 < .  1:1(0) ack 11       ! afterClose
        """)[0]
    #expect(connection[history: .server].losses == 0)
  }

  @Test func `Linux takes a reset with the number of the FIN after the FIN`() throws {
    // tcp_reset_check: the acknowledgment of the FIN does not show that it was ignored.
    let connection = try track(
      opened + """
                 > F. 1:1(0) ack 1        ! client FIN-WAIT-1, server CLOSE-WAIT
        +0.0001  > R  1:1(0)              ! client CLOSED, server CLOSED, acceptableReset
        +0.00001 < .  1:1(0) ack 2        ! afterClose
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("CLOSE-WAIT 4 confirmed, CLOSED 5 presumed"))
  }

  @Test func `new bytes after the reset of an end without connection may have left before it`()
    throws
  {
    // RFC 9293 §3.10.7.1: the number is that of what it answers, not of what was sent last.
    let connection = try track(
      opened + """
             > P. 1:11(10) ack 1
             < R  1:1(0)              ! server CLOSED, client CLOSED, acceptableReset
        +0.5 < P. 1:11(10) ack 1      ! afterClose
             > R  1:1(0)              ! acceptableReset, afterClose
        """)[0]
    #expect(timeline(connection, .client).hasSuffix("CLOSED 5 confirmed"))
  }

  @Test func `new bytes much later were sent after it`() throws {
    let connection = try track(
      opened + """
               > P. 1:11(10) ack 1
               < R  1:1(0)              ! acceptableReset
        +3.001 < P. 1:11(10) ack 1      ! afterClose, refutesReset
        """)[0]
    #expect(connection.closed == "none open")
  }

  @Test func `a FIN that is acknowledged came before the reset`() throws {
    let connection = try track(
      opened + """
             > F. 1:1(0) ack 1          ! client FIN-WAIT-1
        +0.3 < P. 1:11(10) ack 1        ! showsLoss
             > R  1:1(0)                ! client CLOSED, acceptableReset
             < .  11:11(0) ack 2        ! afterClose, server CLOSE-WAIT
        +0.3 < F. 11:11(0) ack 2        ! afterClose, server LAST-ACK, showsLoss, refutesReset
             > R  2:2(0)                ! server CLOSED, acceptableReset
        """)[0]
    #expect(timeline(connection, .server).contains("CLOSE-WAIT 7 confirmed, LAST-ACK 8 sent"))
  }

  // MARK: - At its receiver

  @Test func `data on a SYN that were not taken are not among the next byte`() throws {
    // RFC 7413 §3: the SYN-ACK leaves them to be sent again.
    let connection = try track(
      """
               > S  0:10(10)            ! client SYN-SENT, server LISTEN
      +0.00001 < S. 0:0(0) ack 1        ! server SYN-RECEIVED, client ESTABLISHED
      +0.1     > .  11:21(10) ack 1     ! server ESTABLISHED
      +0.00001 < .  1:1(0) ack 1
      +0.1     > R  1:1(0)              ! client CLOSED, server CLOSED, acceptableReset
      """)[0]
    #expect(connection.closing.reset?.frame == 5)
  }

  @Test func `data on a SYN that were taken are`() throws {
    _ = try track(
      """
               > S  0:10(10) <mss 1460,FO 0102030405060708>  ! client SYN-SENT, server LISTEN
      +0.00001 < S. 0:0(0) ack 11       ! server SYN-RECEIVED, client ESTABLISHED
      +0.1     > .  11:21(10) ack 1     ! server ESTABLISHED
      +0.00001 < .  1:1(0) ack 21
      +0.1     > R  11:11(0)            ! ignoredReset, client CLOSED
      """)
  }

  @Test func `nothing beyond a shut window is among the next byte`() throws {
    // RFC 9293 §3.10.7.4, first.
    let connection = try track(
      """
               > S  0:0(0)              ! client SYN-SENT, server LISTEN
               < S. 0:0(0) ack 1        ! server SYN-RECEIVED, client ESTABLISHED
      +0.00001 > .  1:1(0) ack 1 win 0  ! server ESTABLISHED, zeroWindow
      +0.1     < P. 1:11(10) ack 1
      +0.1     < R  1:1(0)              ! server CLOSED, client CLOSED, acceptableReset
      """)[0]
    #expect(connection.closing.reset?.frame == 5)
  }

  @Test(arguments: [("65000", true), ("65536", true), ("65537", false)])
  func `a reset in the window ends what has no socket yet`(number: String, ends: Bool) throws {
    // Linux's tcp_check_req asks for no exact number in SYN-RECEIVED.
    let states = ends ? "client CLOSED, server LISTEN, acceptableReset" : "ignoredReset"
    _ = try track(
      """
         > S  0:0(0)                    ! client SYN-SENT, server LISTEN
         < S. 0:0(0) ack 1 win 65535    ! server SYN-RECEIVED, client ESTABLISHED
         > R. \(number):\(number)(0) ack 1  ! \(states)
      """)
  }

  @Test func `old data after the acknowledgment of a FIN draw the reset of an end that had it`()
    throws
  {
    // RFC 9293 §3.6.1: the data, not the acknowledgment before them, are refused.
    _ = try track(
      opened + """
                 > P. 1:11(10) ack 1
                 < F. 1:1(0) ack 1        ! server FIN-WAIT-1, client CLOSE-WAIT
                 > .  11:11(0) ack 2      ! server FIN-WAIT-2
        +0.00001 > P. 1:11(10) ack 2      ! repeatsData
        +0.00001 < R  2:2(0)              ! server CLOSED, client CLOSED, acceptableReset
        """)
  }

  // MARK: - LISTEN

  @Test func `who never was seen in ESTABLISHED may answer by a reset from LISTEN`() throws {
    let connection = try track(
      opened + """
             > P. 1:11(10) ack 1
             > R. 11:11(0) ack 1      ! client CLOSED, server CLOSED, acceptableReset
        +0.1 < R  1:1(0)              ! acceptableReset, afterClose
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("ESTABLISHED 3 presumed, CLOSED 5 presumed"))
  }

  @Test func `who was has been closed`() throws {
    let connection = try track(
      opened + """
             > P. 1:11(10) ack 1
             < .  1:1(0) ack 11
             > R. 11:11(0) ack 1      ! client CLOSED, server CLOSED, acceptableReset
        +0.1 < R  1:1(0)              ! acceptableReset, afterClose
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("ESTABLISHED 3 confirmed, CLOSED 6 confirmed"))
  }

  // MARK: - Other numbers

  @Test func `ABORT closes its sender although bytes before it are missing`() throws {
    // RFC 9293 §3.10.5; its receiver sends a challenge, which draws the RST that it takes.
    let connection = try track(
      opened
        + """
        > P. 1:11(10) ack 1
        < .  1:1(0) ack 11
        > P. 21:31(10) ack 1    ! gapBefore
        > R. 31:31(0) ack 1     ! client CLOSED, inexactReset
        < .  1:1(0) ack 11
        > R  11:11(0)           ! server CLOSED, acceptableReset
        """)[0]
    #expect(timeline(connection, .client).hasSuffix("CLOSED 7 sent"))
  }

  @Test func `SYN-SENT rejects what an older connection sends, and waits`() throws {
    // RFC 9293 §3.10.7.3, first.
    let connection = try track(
      """
      > S  70000:70000(0)            ! client SYN-SENT, server LISTEN
      < P. 501:511(10) ack 21
      > R  21:21(0)                  ! acceptableReset
      < S. 90000:90000(0) ack 70001  ! server SYN-RECEIVED, client ESTABLISHED
      > .  70001:70001(0) ack 90001  ! server ESTABLISHED
      """)[0]
    #expect(connection.opened == "three-way complete")
  }

  @Test func `an end that repeated nothing when it was due had given up`() throws {
    // RFC 6298 §5.5: after 0.4 and 0.8 seconds the next repeat was due after 1.6.
    _ = try track(
      opened + """
                 > P. 1:11(10) ack 1
                 < F. 1:1(0) ack 11     ! server FIN-WAIT-1, client CLOSE-WAIT
        +0.4     < F. 1:1(0) ack 11     ! repeatsData
        +0.8     < F. 1:1(0) ack 11     ! repeatsData
        +1.9     > P. 11:21(10) ack 2
        +0.00001 < R  2:2(0)            ! server CLOSED, client CLOSED, acceptableReset
        """)
  }

  @Test(arguments: ["1.5", "1.7"])
  func `one whose next repeat was not due yet was there`(pause: String) throws {
    _ = try track(
      opened + """
                 > P. 1:11(10) ack 1
                 < F. 1:1(0) ack 11     ! server FIN-WAIT-1, client CLOSE-WAIT
        +0.4     < F. 1:1(0) ack 11     ! repeatsData
        +0.8     < F. 1:1(0) ack 11     ! repeatsData
        +\(pause)   > P. 11:21(10) ack 2   ! server FIN-WAIT-2
        +0.00001 < R  2:2(0)            ! server CLOSED, client CLOSED, acceptableReset
        """)
  }

  // MARK: - Of both ends

  @Test func `an end is held against its own reset, not that of the other end`() throws {
    // The client's RST answers an old segment; what was missing before the server's ABORT comes later.
    let connection = try track(
      opened + """
               > P. 1:11(10) ack 1
               < .  1:1(0) ack 11
               < P. 11:21(10) ack 11     ! gapBefore
               < R. 21:21(0) ack 11      ! server CLOSED, inexactReset
        +0.05  > R  1:1(0)               ! client CLOSED, ignoredReset
        +0.2   < P. 1:11(10) ack 11      ! afterClose, repairsLoss
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("CLOSED 7 sent"))
  }

  @Test func `a reset that answers an old segment tells that its sender was gone before`() throws {
    _ = try track(
      opened + """
                 < P. 1:11(10) ack 1
                 > F. 1:1(0) ack 11      ! client FIN-WAIT-1
        +0.00001 < R  1:1(0)             ! server CLOSED, ignoredReset
        """)
  }

  @Test func `both ends have closed, though neither had the reset of the other`() throws {
    let connection = try track(
      opened + """
        > P. 1:11(10) ack 1
        < .  1:1(0) ack 11
        > R  1:1(0)              ! client CLOSED, ignoredReset
        < P. 11:21(10) ack 11    ! gapBefore
        < R. 21:21(0) ack 11     ! server CLOSED, inexactReset
        """)[0]
    #expect(connection.stage == .closed)
  }

  // MARK: - What it answers

  @Test(arguments: ["0.00001", "0.5"])
  func `a reset answers the last segment, however long it took`(pause: String) throws {
    _ = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
        < .  1:1(0) ack 2
        +\(pause) > R 2:2(0)     ! client CLOSED, server CLOSED, acceptableReset
        """)
  }

  @Test func `where data follow the acknowledgment of the FIN, it is they that are refused`() throws
  {
    _ = try track(
      opened + """
                 > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
                 < .  1:1(0) ack 2       ! client FIN-WAIT-2
        +0.00001 < P. 1:11(10) ack 2
        +0.00001 > R  2:2(0)             ! client CLOSED, server CLOSED, acceptableReset
        """)
  }

  @Test func `data with a FIN are refused, and the acknowledgment with them counts`() throws {
    // RFC 9293 §3.6.1.
    _ = try track(
      opened + """
                 > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
                 < FP. 1:11(10) ack 2    ! server LAST-ACK, client FIN-WAIT-2
        +0.00001 > R  2:2(0)             ! client CLOSED, server CLOSED, acceptableReset
        """)
  }

  // MARK: - What goes on after it

  @Test func `who has gone on after a reset may be closed by its own`() throws {
    let text =
      opened + """
             < R. 1:1(0) ack 1     ! server CLOSED, acceptableReset
        +0.1 > P. 1:11(10) ack 1   ! afterClose, showsLoss, refutesReset
             > R. 11:11(0) ack 1   ! acceptableReset
        """
    _ = try track(text + ", client CLOSED")
    // Unless it goes on after that one too.
    _ = try track(text + "\n+0.3 > P. 11:21(10) ack 1  ! refutesReset")
  }

  @Test(arguments: ["P. 1:11(10) ack 1   ! repeatsData, ", ".  11:11(0) ack 1    ! "])
  func `nothing new after a reset says nothing against it`(next: String) throws {
    let connection = try track(
      opened + """
           < P. 1:11(10) ack 1
           < R. 11:11(0) ack 1     ! server CLOSED, client CLOSED, acceptableReset
        +5 < \(next)afterClose
        """)[0]
    #expect(connection.closed == "reset reset")
  }

  @Test func `bytes that fill a hole are not new, however late they come`() throws {
    let connection = try track(
      opened + """
           < P. 11:21(10) ack 1    ! gapBefore
           < R  1:1(0)             ! server CLOSED, client CLOSED, acceptableReset
        +5 < P. 1:11(10) ack 1     ! repairsLoss, afterClose
        """)[0]
    #expect(connection.closed == "reset reset")
  }

  @Test func `an empty segment after a reset is nothing new either`() throws {
    let connection = try track(
      opened + """
           < P. 1:11(10) ack 1
           < R  1:1(0)             ! server CLOSED, client CLOSED, acceptableReset
        +5 < .  11:11(0) ack 1     ! afterClose
        """)[0]
    #expect(connection.closed == "reset reset")
  }
}
