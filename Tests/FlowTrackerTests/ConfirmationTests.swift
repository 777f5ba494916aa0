import FlowTracker
import PacketParser
import Testing
import TrackerProperties

/// What proves an arrival, and what only seems to: the same segment from an end that may have gone
/// another way.
struct ConfirmationTests {
  // MARK: - The handshake

  @Test func `a SYN-ACK proves that the SYN arrived, an ACK only that the SYN-ACK did`() throws {
    // RFC 9293 §3.5: who has had the SYN-ACK may not have had the SYN before it.
    let answered = try track(
      """
      > S  0:0(0)             ! client SYN-SENT
      +0.00001 < S 0:0(0)     ! server SYN-SENT, client SYN-RECEIVED
      > S. 0:0(0) ack 1       ! server SYN-RECEIVED ESTABLISHED
      """)[0]
    #expect(timeline(answered, .client) == "SYN-SENT 1 sent, SYN-RECEIVED 2 confirmed")
    let acknowledged = try track(
      """
      > S  0:0(0)             ! client SYN-SENT
      +0.00001 < S 0:0(0)     ! server SYN-SENT, client SYN-RECEIVED
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      > P. 1:11(10) ack 1     ! server ESTABLISHED
      """)[0]
    #expect(
      timeline(acknowledged, .client)
        == "SYN-SENT 1 sent, SYN-RECEIVED 2 presumed, ESTABLISHED 3 confirmed")
  }

  @Test func `a SYN-ACK does not acknowledge a SYN-ACK`() throws {
    // SYN-RECEIVED sends it, where a SYN has come that nobody saw.
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      > S. 0:0(0) ack 1       ! server ESTABLISHED
      """)[0]
    #expect(timeline(connection, .client).hasSuffix("ESTABLISHED 2 presumed"))
  }

  @Test func `an end that comes to its FIN another way may never have been in ESTABLISHED`() throws
  {
    // What acknowledges the FIN proves CLOSE-WAIT, to which SYN-RECEIVED has an arrow of its own.
    let connection = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
        < F. 1:1(0) ack 2       ! server LAST-ACK, client TIME-WAIT
        """)[0]
    #expect(
      timeline(connection, .server).hasSuffix(
        "ESTABLISHED 3 presumed, CLOSE-WAIT 4 confirmed, LAST-ACK 5 sent"))
  }

  @Test func `ABORT acknowledges the SYN-ACK, as a lone reset does not`() throws {
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      > R. 1:1(0) ack 1       ! client CLOSED, server LISTEN, acceptableReset
      """)[0]
    #expect(
      timeline(connection, .client) == "SYN-SENT 1 sent, ESTABLISHED 2 confirmed, CLOSED 3 sent")
  }

  @Test func `a reset that acknowledges data does not show ESTABLISHED`() throws {
    let connection = try track(
      opened + """
        > P. 1:11(10) ack 1
        < R. 1:1(0) ack 11      ! server CLOSED, client CLOSED, acceptableReset
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("ESTABLISHED 3 presumed, CLOSED 5 sent"))
  }

  @Test func `what comes after a FIN does not show ESTABLISHED before it`() throws {
    let connection = try track(
      opened + """
        > P. 1:11(10) ack 1
        < F. 1:1(0) ack 1       ! server FIN-WAIT-1, client CLOSE-WAIT
        < .  2:2(0) ack 11
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("ESTABLISHED 3 presumed, FIN-WAIT-1 5 sent"))
  }

  @Test(arguments: [("51", true), ("101", false)])
  func `a part of the data on a SYN is acknowledged only where it came again`(
    number: String, isOpen: Bool
  ) throws {
    // All of it, an earlier answer may have acknowledged that took it (RFC 7413 §3).
    let connection = try track(
      """
      > S  0:100(100)         ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      < .  1:1(0) ack \(number)\(isOpen ? "       ! server ESTABLISHED" : "")
      """)[0]
    #expect(connection.opened == (isOpen ? "three-way complete" : "three-way half-open"))
  }

  @Test func `where the SYN was not seen, data may be those of a Fast Open server`() throws {
    let text = """
      < S. 0:0(0) ack 1       ! server LISTEN SYN-RECEIVED, client SYN-SENT ESTABLISHED
      > P. 1:11(10) ack 1     ! server ESTABLISHED
      < P. 1:21(20) ack 1

      """
    #expect(timeline(try track(text)[0], .server).hasSuffix("ESTABLISHED 2 presumed"))
    let acknowledged = try track(text + "< . 21:21(0) ack 11")[0]
    #expect(timeline(acknowledged, .server).hasSuffix("ESTABLISHED 2 confirmed"))
  }

  @Test func `what has a number before the SYN-ACK acknowledges nothing for its sender`() throws {
    // A late copy out of an older connection.
    let connection = try track(
      """
      > S  0:0(0)             ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
      < .  4294000000:4294000000(0) ack 45  ! acknowledgesUnseen
      """)[0]
    #expect(connection.opened == "three-way half-open")
  }

  @Test func `whether a refused client had the RST that it tries again after, nothing shows`()
    throws
  {
    let connection = try track(
      """
         > S  0:0(0)          ! client SYN-SENT, server CLOSED
         < R. 0:0(0) ack 1    ! client CLOSED, acceptableReset
      +1 > S  0:0(0)          ! client SYN-SENT, server LISTEN, repeatsSYN, afterClose
         < S. 0:0(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED
         > .  1:1(0) ack 1    ! server ESTABLISHED
      """)[0]
    #expect(
      timeline(connection, .client)
        == "SYN-SENT 1 sent, CLOSED 2 presumed, SYN-SENT 3 sent, ESTABLISHED 4 confirmed")
  }

  // MARK: - FINs

  @Test func `a FIN that comes again proves no more than the first time`() throws {
    // It may be the repeat of one that nobody saw, from CLOSING.
    let connection = try track(
      opened + """
             > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
             < .  2:2(0) ack 2       ! client FIN-WAIT-2, gapBefore
             < F. 1:1(0) ack 2       ! server LAST-ACK, client TIME-WAIT
        +0.3 < F. 1:1(0) ack 2       ! repeatsData
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("CLOSE-WAIT 4 presumed, LAST-ACK 6 presumed"))
  }

  @Test(arguments: [("11", "confirmed"), ("12", "presumed")])
  func `a number beyond all bytes that were seen may be that of a FIN`(
    number: String, evidence: String
  ) throws {
    let connection = try track(
      opened + """
        < F. 1:1(0) ack 1       ! server FIN-WAIT-1, client CLOSE-WAIT
        > .  \(number):\(number)(0) ack 1   ! gapBefore
        > P. 1:11(10) ack 2     ! server FIN-WAIT-2
        """)[0]
    #expect(timeline(connection, .client).hasSuffix("CLOSE-WAIT 4 \(evidence)"))
  }

  @Test func `where FINs have crossed, one that comes again tells nothing of the order`() throws {
    let connection = try track(
      opened + """
             < F. 1:1(0) ack 1       ! server FIN-WAIT-1
             > F. 1:1(0) ack 1       ! client FIN-WAIT-1 CLOSING, server CLOSING
        +0.3 < F. 1:1(0) ack 2       ! repeatsData, client TIME-WAIT
             > .  2:2(0) ack 2       ! server TIME-WAIT
        """)[0]
    #expect(timeline(connection, .client).hasSuffix("CLOSING 5 presumed, TIME-WAIT 6 confirmed"))
  }

  // MARK: - Silence

  @Test func `silence of an end that has lacked an acknowledgment before proves nothing`() throws {
    // It may have given up.
    let connection = try track(
      opened + """
             > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
             < F. 1:1(0) ack 2       ! server LAST-ACK, client TIME-WAIT
             > .  2:2(0) ack 2
        +0.3 < F. 1:1(0) ack 2       ! repeatsData, afterClose, showsLoss
             > .  2:2(0) ack 2       ! server CLOSED
        +20  > S  0:0(0) port 41000  ! connection 2, client SYN-SENT
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("CLOSED 8 presumed"))
  }

  @Test func `an end that repeats its FIN once more is not silent`() throws {
    // The round trip is long enough for the repeat to have crossed the acknowledgment.
    let connection = try track(
      """
           > S  0:0(0)             ! client SYN-SENT, server LISTEN
      +2   < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
           > .  1:1(0) ack 1       ! server ESTABLISHED
           < F. 1:1(0) ack 1       ! server FIN-WAIT-1, client CLOSE-WAIT
           > .  1:1(0) ack 2       ! server FIN-WAIT-2
      +1.5 < F. 1:1(0) ack 1       ! repeatsData
      +20  > S  0:0(0) port 41000  ! connection 2, client SYN-SENT
      """)[0]
    #expect(timeline(connection, .server).hasSuffix("FIN-WAIT-2 5 presumed"))
  }

  @Test(arguments: [("3.9", "presumed"), ("4", "confirmed")])
  func `a timer that has waited for two seconds waits for four`(
    pause: String, evidence: String
  ) throws {
    // RFC 6298 §5.5.
    let connection = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
        < F. 1:1(0) ack 2       ! server LAST-ACK, client TIME-WAIT
        +2 > .  2:2(0) ack 2       ! server CLOSED
        +\(pause) > S 0:0(0) port 41000  ! connection 2, client SYN-SENT
        """)[0]
    #expect(timeline(connection, .server).hasSuffix("CLOSED 6 \(evidence)"))
  }
}
