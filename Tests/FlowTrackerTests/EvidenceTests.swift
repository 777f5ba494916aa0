import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

/// What an end sends proves or refutes what was seen on its way to it.
struct EvidenceTests {
  // MARK: - Confirmed

  @Test func `whatever acknowledges the SYN-ACK confirms the client's ESTABLISHED`() throws {
    let connection = try track(opened)[0]
    #expect(timeline(connection, .client).hasSuffix("ESTABLISHED 2 confirmed"))
    #expect(timeline(connection, .server).hasSuffix("ESTABLISHED 3 presumed"))
  }

  @Test(arguments: ["P. 1:11(10) ack 1", ". 1:1(0) ack 11"])
  func `what only a synchronized end sends confirms the server's ESTABLISHED`(next: String) throws {
    let connection = try track(opened + "> P. 1:11(10) ack 1\n< \(next)")[0]
    #expect(timeline(connection, .server).contains("ESTABLISHED 3 confirmed"))
  }

  @Test(arguments: ["1", "11"])
  func `a FIN may be sent before ESTABLISHED and confirms nothing`(acknowledgment: String) throws {
    // RFC 9293 §3.10.4, by whoever has sent a SYN before, which was lost; and it may be a repeat.
    let text = opened + "> P. 1:11(10) ack 1\n"
    let next = "F. 1:1(0) ack \(acknowledgment)  ! server FIN-WAIT-1, client CLOSE-WAIT"
    let connection = try track(text + "< \(next)")[0]
    #expect(timeline(connection, .server).contains("ESTABLISHED 3 presumed"))
    let withData = try track(
      text + "< FP. 1:11(10) ack 11  ! server FIN-WAIT-1, client CLOSE-WAIT")[0]
    #expect(timeline(withData, .server).contains("ESTABLISHED 3 confirmed"))
  }

  @Test(arguments: [".  1:1(0) ack 12", ".  2:2(0) ack 12"])
  func `an acknowledgment beyond what was seen may come from an end that has closed`(
    next: String
  ) throws {
    let connection = try track(
      opened + """
        > P. 1:11(10) ack 1
        > F. 11:11(0) ack 1     ! client FIN-WAIT-1, server CLOSE-WAIT
        < \(next)      ! client FIN-WAIT-2\(next.contains("2:2") ? ", gapBefore" : "")
        < F. 1:1(0) ack 12      ! server LAST-ACK, client TIME-WAIT
        > .  12:12(0) ack 2     ! server CLOSED
        """)[0]
    let isSure = next.contains("1:1")
    #expect(
      timeline(connection, .server).contains(
        isSure
          ? "ESTABLISHED 3 confirmed, CLOSE-WAIT 5 confirmed, LAST-ACK 7 sent"
          : "ESTABLISHED 3 presumed, CLOSE-WAIT 5 presumed, LAST-ACK 7 presumed"))
  }

  @Test func `an ACK of the SYN alone may be a challenge and confirms nothing`() throws {
    let connection = try track(opened + "< . 1:1(0) ack 1")[0]
    #expect(timeline(connection, .server).hasSuffix("ESTABLISHED 3 presumed"))
  }

  @Test func `a Fast Open server may send data before it is ESTABLISHED`() throws {
    let text = """
      > S  0:10(10) <mss 1460,FO 0102030405060708>  ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 11                            ! server SYN-RECEIVED, client ESTABLISHED
      > P. 11:21(10) ack 1                          ! server ESTABLISHED
      < P. 1:21(20) ack 11

      """
    #expect(timeline(try track(text)[0], .server).hasSuffix("ESTABLISHED 3 presumed"))
    let acknowledged = try track(text + "< . 21:21(0) ack 21")[0]
    #expect(timeline(acknowledged, .server).hasSuffix("ESTABLISHED 3 confirmed"))
  }

  @Test func `an acknowledgment of the FIN confirms that it arrived`() throws {
    let connection = try track(openedAndClosed)[0]
    #expect(timeline(connection, .server).contains("CLOSE-WAIT 4 confirmed"))
    #expect(timeline(connection, .client).hasSuffix("TIME-WAIT 5 confirmed"))
  }

  @Test func `what was sent after the acknowledgment of a FIN confirms that it arrived`() throws {
    let connection = try track(
      opened + """
        > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
        < .  1:1(0) ack 2       ! client FIN-WAIT-2
        < P. 1:11(10) ack 2
        > .  2:2(0) ack 11
        """)[0]
    #expect(timeline(connection, .client).hasSuffix("FIN-WAIT-2 5 confirmed"))
  }

  @Test(arguments: [("2.999", "presumed"), ("3", "confirmed")])
  func `a FIN that is not repeated was acknowledged`(pause: String, evidence: String) throws {
    let connection = try track(
      openedAndClosed + "+\(pause) > S 0:0(0) port 41000  ! connection 2, client SYN-SENT")[0]
    #expect(timeline(connection, .server).hasSuffix("CLOSED 6 \(evidence)"))
  }

  // MARK: - Withdrawn

  @Test func `a client that repeats its SYN has had no SYN-ACK`() throws {
    let connection = try track(
      """
         > S  0:0(0)          ! client SYN-SENT, server LISTEN
         < S. 0:0(0) ack 1    ! server SYN-RECEIVED
      +1 > S  0:0(0)          ! repeatsSYN, showsLoss
         < S. 0:0(0) ack 1    ! repeatsSYN, client ESTABLISHED
         > .  1:1(0) ack 1    ! server ESTABLISHED
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(connection[history: .client].lost?.frame == 2)
    #expect(connection[history: .client].losses == 1)
    #expect(connection[history: .server].losses == 0)
  }

  @Test func `a SYN that was on its way already refutes nothing`() throws {
    // Its round trip is not known; below a fifth of a second it may have crossed the SYN-ACK.
    let connection = try track(
      """
            > S  0:0(0)          ! client SYN-SENT, server LISTEN
      +0.9  < S. 0:0(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED
      +0.2  > S  0:0(0)          ! repeatsSYN
            > .  1:1(0) ack 1    ! server ESTABLISHED
      """)[0]
    #expect(connection[history: .client].losses == 0)
  }

  @Test func `a server that repeats its SYN-ACK is still in SYN-RECEIVED`() throws {
    // TCP_DEFER_ACCEPT, or a full accept queue: the acknowledgment is ignored.
    let connection = try track(
      """
         > S  0:0(0)          ! client SYN-SENT, server LISTEN
         < S. 0:0(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED
         > .  1:1(0) ack 1
      +1 < S. 0:0(0) ack 1    ! repeatsSYN, showsLoss
         > .  1:1(0) ack 1
      +2 < S. 0:0(0) ack 1    ! repeatsSYN, showsLoss
         > P. 1:11(10) ack 1  ! server ESTABLISHED
         < .  1:1(0) ack 11
      """)[0]
    #expect(connection.opened == "three-way complete")
    #expect(timeline(connection, .server).hasSuffix("ESTABLISHED 7 confirmed"))
    #expect(connection[history: .server].lost?.frame == 5)
    #expect(connection[history: .server].losses == 2)
  }

  @Test func `a handshake whose last segment was ignored is not complete`() throws {
    let connection = try track(
      opened.withoutStates(of: 3) + "+1 < S. 0:0(0) ack 1 <mss 1460> ! repeatsSYN, showsLoss")[0]
    #expect(connection.opened == "three-way half-open")
    #expect(connection.stage == .opening)
  }

  @Test func `a SYN-ACK that crossed its acknowledgment refutes nothing`() throws {
    let connection = try track(
      """
           > S  0:0(0)          ! client SYN-SENT, server LISTEN
      +0.3 < S. 0:0(0) ack 1    ! server SYN-RECEIVED, client ESTABLISHED
      +0.9 > .  1:1(0) ack 1    ! server ESTABLISHED
      +0.3 < S. 0:0(0) ack 1    ! repeatsSYN
      """)[0]
    #expect(connection.opened == "three-way complete")
  }

  @Test func `a FIN that is repeated was not acknowledged`() throws {
    let connection = try track(
      opened + """
             > F. 1:1(0) ack 1  ! client FIN-WAIT-1, server CLOSE-WAIT
             < .  1:1(0) ack 2
        +0.3 > F. 1:1(0) ack 1  ! repeatsData, showsLoss
             < .  1:1(0) ack 2  ! client FIN-WAIT-2
        """)[0]
    #expect(connection[history: .client].lost?.frame == 5)
    #expect(connection.closed == "half open")
  }

  @Test func `LAST-ACK repeats its FIN as long as the last acknowledgment is missing`() throws {
    let connection = try track(
      openedAndClosed.withoutStates(of: 6) + """
        +0.3 < F. 1:1(0) ack 2  ! repeatsData, afterClose, showsLoss
        """)[0]
    #expect(connection.closed == "orderly last-ack-missing")
    #expect(connection[.server].state == .lastACK)
  }

  @Test func `a tail loss probe that crossed the acknowledgment of its FIN refutes nothing`() throws
  {
    // Linux repeats a FIN after two round trips.
    let connection = try track(
      """
           > S  0:0(0)        ! client SYN-SENT, server LISTEN
      +0.1 < S. 0:0(0) ack 1  ! server SYN-RECEIVED, client ESTABLISHED
      +0.1 > .  1:1(0) ack 1  ! server ESTABLISHED
           > F. 1:1(0) ack 1  ! client FIN-WAIT-1, server CLOSE-WAIT
      +0.1 < .  1:1(0) ack 2  ! client FIN-WAIT-2
      +0.1 > F. 1:1(0) ack 1  ! repeatsData
      """)[0]
    #expect(connection[history: .client].losses == 0)
  }

  @Test func `an end that does not acknowledge the FIN has not got it`() throws {
    let connection = try track(
      opened + """
             < F. 1:1(0) ack 1     ! server FIN-WAIT-1
        +0.3 > P. 1:11(10) ack 1   ! showsLoss
             < .  2:2(0) ack 11
             < F. 1:1(0) ack 11    ! repeatsData, client CLOSE-WAIT
             > .  11:11(0) ack 2   ! server FIN-WAIT-2
        """)[0]
    #expect(timeline(connection, .client).hasSuffix("CLOSE-WAIT 7 confirmed"))
    #expect(connection[history: .client].lost?.frame == 4)
  }

  @Test func `data that crossed the FIN say nothing of it`() throws {
    let connection = try track(
      opened + """
             < F. 1:1(0) ack 1     ! server FIN-WAIT-1, client CLOSE-WAIT
             > P. 1:11(10) ack 1
             > .  11:11(0) ack 2   ! server FIN-WAIT-2
        """)[0]
    #expect(connection[history: .client].losses == 0)
  }

  // MARK: - By RST

  @Test func `a reset that answers the last segment tells that its sender was gone before`() throws
  {
    let connection = try track(
      opened + """
                  > F. 1:1(0) ack 1     ! client FIN-WAIT-1, server CLOSE-WAIT
                  < .  1:1(0) ack 2
        +0.00001  > R  2:2(0)           ! client CLOSED, server CLOSED, acceptableReset
        """)[0]
    #expect(connection.closed == "reset reset")
  }

  @Test func `data after the close are refused from FIN-WAIT-2`() throws {
    // RFC 9293 §3.6.1: the acknowledgment counts before the data are refused.
    _ = try track(
      opened + """
                  > F. 1:1(0) ack 1     ! client FIN-WAIT-1, server CLOSE-WAIT
                  < P. 1:11(10) ack 2   ! client FIN-WAIT-2
        +0.00001  > R  2:2(0)           ! client CLOSED, server CLOSED, acceptableReset
        """)
  }

  @Test func `a client that has given up refuses the answer to its SYN`() throws {
    let connection = try track(
      """
         > S  0:0(0)            ! client SYN-SENT, server LISTEN
         < S. 0:0(0) ack 1      ! server SYN-RECEIVED
         > R  1:1(0)            ! client CLOSED, server LISTEN, acceptableReset
      """)[0]
    #expect(connection.opened == "three-way aborted")
  }

  @Test func `a reset after which both ends go on was forged`() throws {
    let connection = try track(
      opened + """
             < R. 1:1(0) ack 1        ! acceptableReset
        +0.1 > P. 1:101(100) ack 1    ! afterClose, showsLoss, refutesReset
             < .  1:1(0) ack 101      ! refutesReset
             > F. 101:101(0) ack 1    ! client FIN-WAIT-1, server CLOSE-WAIT
             < F. 1:1(0) ack 102      ! server LAST-ACK, client TIME-WAIT
             > .  102:102(0) ack 2    ! server CLOSED
        """)[0]
    #expect(connection.closed == "orderly complete")
    #expect(connection.closing.reset == nil)
    #expect(connection[history: .client].lost?.frame == 4)
  }

  @Test func `new bytes long after a reset were sent by a live end`() throws {
    let connection = try track(
      opened + """
             < R. 1:1(0) ack 1        ! acceptableReset
        +0.3 < P. 1:101(100) ack 1    ! afterClose, refutesReset
             > .  1:1(0) ack 101
        """)[0]
    #expect(connection.closed == "none open")
    #expect(connection.stage == .open)
  }

  @Test func `bytes that a reset has overtaken say nothing against it`() throws {
    let connection = try track(
      opened + """
             < R. 101:101(0) ack 1    ! inexactReset
             < P. 1:101(100) ack 1
             < R. 101:101(0) ack 1    ! server CLOSED, client CLOSED, acceptableReset
        +0.1 < P. 1:101(100) ack 1    ! repeatsData, afterClose
        """)[0]
    #expect(connection.closed == "reset reset")
  }

  @Test func `a receiver that goes on has had no reset, and the next one ends it`() throws {
    let connection = try track(
      opened + """
             < R. 1:1(0) ack 1        ! server CLOSED, acceptableReset
        +0.1 > P. 1:11(10) ack 1      ! afterClose, showsLoss, refutesReset
             < R  1:1(0)              ! client CLOSED, acceptableReset
        """)[0]
    #expect(connection.closed == "reset reset")
    #expect(connection.closing.reset?.frame == 6)
  }

  @Test func `what crossed the reset on the wire says nothing against it`() throws {
    let connection = try track(
      opened + """
                < R. 1:1(0) ack 1     ! server CLOSED, client CLOSED, acceptableReset
        +0.0009 > P. 1:11(10) ack 1   ! afterClose
        """)[0]
    #expect(connection[history: .client].losses == 0)
  }

  @Test func `an end that answers later segments by a reset has been closed`() throws {
    let connection = try track(
      opened + """
             < R. 1:1(0) ack 1        ! server CLOSED, client CLOSED, acceptableReset
        +0.1 < .  1:1(0) ack 1        ! afterClose
             > R  1:1(0)              ! acceptableReset, afterClose
        """)[0]
    #expect(timeline(connection, .client).hasSuffix("CLOSED 4 confirmed"))
  }

  @Test func `where the capture was taken at its receiver, a reset must be exact`() throws {
    let connection = try track(
      """
               > S  0:0(0)            ! client SYN-SENT, server LISTEN
               < S. 0:0(0) ack 1      ! server SYN-RECEIVED, client ESTABLISHED
      +0.00001 > .  1:1(0) ack 1      ! server ESTABLISHED
               < P. 1:101(100) ack 1
               < R  1:1(0)            ! server CLOSED, ignoredReset
               < R  101:101(0)        ! client CLOSED, acceptableReset
      """)[0]
    #expect(connection.closing.reset?.frame == 6)
  }

  @Test func `a reset with a wrong checksum is discarded by its receiver`() throws {
    var segments = try Script(opened + "< R. 1:1(0) ack 1").segments
    segments[1].checksumStatus = .correct
    segments[3].checksumStatus = .wrong
    let run = TrackedRun(segments)
    #expect(run.steps[3].facts == .wrongChecksum)
    #expect(run.connections[0].closed == "none open")
    #expect(run.connections[0][.server].packets == 2)
  }

  @Test func `a FIN with a wrong checksum closes nothing`() throws {
    var segments = try Script(
      opened + """
        > P. 1:11(10) ack 1
        > F. 5000:5000(0) ack 1
        > P. 11:21(10) ack 1
        < .  1:1(0) ack 21
        """
    ).segments
    segments[0].checksumStatus = .correct
    segments[4].checksumStatus = .wrong
    let run = TrackedRun(segments)
    #expect(timeline(run.connections[0], .client).hasSuffix("ESTABLISHED 2 confirmed"))
    #expect(run.connections[0].closing.kind == .none)
    #expect(run.steps.allSatisfy { !$0.facts.contains(.dataAfterFIN) })
  }

  @Test func `where no checksum is correct, a wrong one says nothing`() throws {
    var segments = try Script(opened + "< R. 1:1(0) ack 1").segments
    for index in segments.indices { segments[index].checksumStatus = .wrong }
    #expect(TrackedRun(segments).connections[0].closed == "reset reset")
  }

  @Test func `SYN-SENT takes no FIN`() throws {
    let connection = try track(
      """
           > S  0:0(0)         ! client SYN-SENT, server LISTEN
           < F. 1:1(0) ack 1   ! server FIN-WAIT-1
      +0.1 < S. 0:0(0) ack 1   ! server SYN-RECEIVED, client ESTABLISHED
           > .  1:1(0) ack 1
           < F. 1:1(0) ack 1   ! repeatsData, client CLOSE-WAIT
      """)[0]
    #expect(connection.opened == "three-way complete")
  }
}

extension String {
  /// The script, with one of its lines expecting no state.
  fileprivate func withoutStates(of line: Int) -> String {
    var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[line - 1] = String(lines[line - 1].prefix { $0 != "!" })
    return lines.joined(separator: "\n")
  }
}
