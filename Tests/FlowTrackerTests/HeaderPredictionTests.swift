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
}
