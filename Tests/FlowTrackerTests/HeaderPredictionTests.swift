import FlowTracker
import Testing
import TraceScript

/// Segments between two established ends that are not the ones that were to be expected, though nearly:
/// `track` holds the short way against the long one.
struct HeaderPredictionTests {
  /// Both ends have data, and nothing is left to prove.
  private static let steady =
    opened + """
      > P. 1:11(10) ack 1
      < P. 1:11(10) ack 11
      > .  11:11(0) ack 11

      """

  @Test func `a new acknowledgment that shuts the window`() throws {
    let connection = try track(
      Self.steady + """
        > P. 11:21(10) ack 11
        < .  11:11(0) ack 21 win 0      ! zeroWindow
        """)[0]
    #expect(connection[irregularities: .server].zeroWindows == 1)
    #expect(connection[.server].window == 0)
  }

  @Test func `a new acknowledgment with another, selective`() throws {
    _ = try track(
      Self.steady + """
             > P. 11:21(10) ack 11
             > P. 21:31(10) ack 11
             > P. 31:41(10) ack 11
             < .  11:11(0) ack 21 <sack 31:41>
        +0.3 > P. 31:41(10) ack 11      ! repeatsData, repeatsAcknowledged
        """, causes: true)
  }

  @Test func `data that acknowledge what was not seen`() throws {
    let connection = try track(
      Self.steady + "< P. 11:21(10) ack 31  ! acknowledgesUnseen")[0]
    #expect(connection[irregularities: .client].gapBytes == 20)
  }

  @Test func `data after a minute of silence that draw a reset`() throws {
    let connection = try track(
      Self.steady + """
        +60 > P. 11:21(10) ack 11
            < R. 11:11(0) ack 21        ! server CLOSED, client CLOSED, acceptableReset
        """)[0]
    #expect(connection[irregularities: .client].secondsSilentBeforeReset == 60)
  }

  @Test func `a FIN beyond the window of the end that was captured`() throws {
    _ = try track(
      """
               > S  0:0(0)                    ! client SYN-SENT, server LISTEN
      +0.00005 < S. 0:0(0) ack 1 win 100      ! server SYN-RECEIVED, client ESTABLISHED
               > .  1:1(0) ack 1              ! server ESTABLISHED
               > P. 1:51(50) ack 1
               < P. 1:11(10) ack 51 win 100
               > .  51:51(0) ack 11
               > P. 51:151(100) ack 11
               > F. 151:201(50) ack 11        ! client FIN-WAIT-1
      """)
  }

  @Test func `an acknowledgment of the FIN, beyond the window of the end that was captured`() throws
  {
    _ = try track(
      """
               > S  0:0(0) win 100            ! client SYN-SENT, server LISTEN
               < S. 0:0(0) ack 1              ! server SYN-RECEIVED, client ESTABLISHED
      +0.00005 > .  1:1(0) ack 1 win 100      ! server ESTABLISHED
               > P. 1:51(50) ack 1 win 100
               < P. 1:101(100) ack 51
               < P. 101:151(50) ack 51
               > F. 51:51(0) ack 1 win 100    ! client FIN-WAIT-1, server CLOSE-WAIT
               < .  151:151(0) ack 52
      """)
  }

  @Test func `the first bare acknowledgment is that of a FIN`() throws {
    let connection = try track(
      """
      > S  0:0(0)                    ! client SYN-SENT, server LISTEN
      < S. 0:0(0) ack 1              ! server SYN-RECEIVED, client ESTABLISHED
      > F. 1:11(10) ack 1            ! client FIN-WAIT-1, server CLOSE-WAIT
      < .  1:1(0) ack 12             ! client FIN-WAIT-2
      """)[0]
    #expect(connection.wiresharkCompleteness == 31)
  }
}
