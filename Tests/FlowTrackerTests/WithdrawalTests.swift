import FlowTracker
import PacketParser
import Testing
import TrackerProperties

/// What refutes an arrival, and what may have crossed it, or come late.
struct WithdrawalTests {
  @Test func `a FIN that does not acknowledge the other one has crossed it, however late`() throws {
    let connection = try track(
      opened + """
             > F. 1:1(0) ack 1       ! client FIN-WAIT-1
        +0.5 < F. 1:1(0) ack 1       ! server FIN-WAIT-1 CLOSING, client CLOSING
        """)[0]
    #expect(connection[history: .server].losses == 0)
  }

  @Test(arguments: [("1", false), ("11", true)])
  func `what others have overtaken does not say that the FIN is missing`(
    number: String, isLost: Bool
  ) throws {
    let connection = try track(
      opened + """
             < P. 1:11(10) ack 1
             < F. 11:11(0) ack 1     ! server FIN-WAIT-1\(isLost ? "" : ", client CLOSE-WAIT")
             > .  1:1(0) ack 11
        +0.3 > P. 1:11(10) ack \(number)\(isLost ? "  ! showsLoss" : "")
        """)[0]
    #expect(connection[history: .client].losses == (isLost ? 1 : 0))
  }

  @Test func `a FIN that comes again may lack the other FIN and the acknowledgment`() throws {
    let text =
      opened + """
             > F. 1:1(0) ack 1       ! client FIN-WAIT-1, server CLOSE-WAIT
             < F. 1:1(0) ack 2       ! server LAST-ACK
        +0.3 > F. 1:1(0) ack 1       ! repeatsData, showsLoss

        """
    #expect(try track(text)[0].closed == "orderly fin-unacknowledged")
    let connection = try track(text + "> . 2:2(0) ack 2  ! client TIME-WAIT, server CLOSED")[0]
    #expect(connection.closed == "orderly complete")
  }

  @Test(arguments: [("0.0009", false), ("0.0011", true)])
  func `segments cross inside a host too`(pause: String, isLost: Bool) throws {
    let connection = try track(
      """
               > S  0:0(0)             ! client SYN-SENT, server LISTEN
      +0.00001 < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
               > .  1:1(0) ack 1       ! server ESTABLISHED
               < F. 1:1(0) ack 1       ! server FIN-WAIT-1, client CLOSE-WAIT
               > .  1:1(0) ack 2\(isLost ? "" : "       ! server FIN-WAIT-2")
      +\(pause) < F. 1:1(0) ack 1      ! repeatsData\(isLost ? ", showsLoss" : "")
      """)[0]
    #expect(connection[history: .server].losses == (isLost ? 1 : 0))
  }

  @Test(arguments: [("0.19", false), ("0.21", true)])
  func `a round trip that is not known is as long as the shortest timeout`(
    pause: String, isLost: Bool
  ) throws {
    // Linux repeats a SYN soon after an ACK that it has refused; either may have been answered.
    let connection = try track(
      """
             > S  0:0(0)             ! client SYN-SENT, server LISTEN
      +0.015 > S  0:0(0)             ! repeatsSYN
      +0.01  < S. 0:0(0) ack 1       ! server SYN-RECEIVED, client ESTABLISHED
             > .  1:1(0) ack 1\(isLost ? "" : "       ! server ESTABLISHED")
      +\(pause) < S. 0:0(0) ack 1    ! repeatsSYN\(isLost ? ", showsLoss" : "")
      """)[0]
    #expect(connection[history: .server].losses == (isLost ? 1 : 0))
  }

  @Test(arguments: [(200, true), (300, false)])
  func `a window in units may be a little wider than it says`(length: Int, arrives: Bool) throws {
    // RFC 7323 §2.3: 128 bytes are told of up to 255.
    let end = length + 1
    _ = try track(
      """
               > S  0:0(0) <wscale 7>        ! client SYN-SENT, server LISTEN
               < S. 0:0(0) ack 1 <wscale 7>  ! server SYN-RECEIVED, client ESTABLISHED
      +0.00001 > .  1:1(0) ack 1 win 1       ! server ESTABLISHED
      +0.1     < F. 1:\(end)(\(length)) ack 1  ! server FIN-WAIT-1\(arrives ? ", client CLOSE-WAIT" : "")
      """)
  }
}
