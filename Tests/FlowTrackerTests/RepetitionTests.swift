import FlowTracker
import PacketParser
import Testing
import TraceScript

/// Why bytes came again: lost before or behind the place of the capture, needlessly, after
/// acknowledgments that asked for them, after silence; or not sent again at all, but overtaken or copied.
struct RepetitionTests {
  /// Both ends use timestamps and selective acknowledgments; a round trip takes 20 milliseconds.
  private static let opened = """
           > S  0:0(0) <mss 1460,sackOK,TS val 100 ecr 0>          ! client SYN-SENT, server LISTEN
    +0.01  < S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 900 ecr 100>  ! server SYN-RECEIVED, client ESTABLISHED
    +0.01  > .  1:1(0) ack 1 <TS val 120 ecr 900>                  ! server ESTABLISHED

    """

  /// Neither end has any option; a round trip takes 20 milliseconds.
  private static let openedBare = """
          > S  0:0(0) <mss 1460>          ! client SYN-SENT, server LISTEN
    +0.01 < S. 0:0(0) ack 1 <mss 1460>    ! server SYN-RECEIVED, client ESTABLISHED
    +0.01 > .  1:1(0) ack 1               ! server ESTABLISHED

    """

  @discardableResult
  private func play(
    _ lines: String, after opened: String = Self.opened,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Connection {
    try track(opened + lines, causes: true, sourceLocation: sourceLocation)[0]
  }

  // MARK: - What fills a hole

  @Test func `a later time stamp than that of what overtook it: lost before the capture`() throws {
    let connection = try play(
      """
            > . 1:101(100) ack 1 <TS val 130 ecr 900>
            > . 201:301(100) ack 1 <TS val 130 ecr 900> id 5      ! gapBefore
      +0.03 > . 101:201(100) ack 1 <TS val 160 ecr 900> id 6      ! timedRetransmission, repairsLoss
            < . 1:1(0) ack 301 <TS val 950 ecr 160>
      """)
    #expect(connection[irregularities: .client].repeatedPackets == 1)
    #expect(connection[irregularities: .client].repeatedBytes == 100)
    #expect(connection[irregularities: .client].outOfOrderPackets == 0)
  }

  @Test func `an earlier one: overtaken, however late it comes`() throws {
    let connection = try play(
      """
           > . 1:101(100) ack 1 <TS val 130 ecr 900>
           > . 201:301(100) ack 1 <TS val 132 ecr 900> id 6      ! gapBefore
      +0.5 > . 101:201(100) ack 1 <TS val 131 ecr 900> id 5      ! outOfOrder
           < . 1:1(0) ack 301 <TS val 950 ecr 131>
      """)
    #expect(connection[irregularities: .client].repeatedPackets == 0)
    #expect(connection[irregularities: .client].outOfOrderPackets == 1)
  }

  @Test func `without either, what was asked for and comes a round trip later was sent again`()
    throws
  {
    try play(
      """
             > . 1:101(100) ack 1 id 0
             > . 201:301(100) ack 1 id 0    ! gapBefore
      +0.01  < . 1:1(0) ack 101
             > . 301:401(100) ack 1 id 0
             < . 1:1(0) ack 101             ! duplicateACK
      +0.01  > . 101:201(100) ack 1 id 0    ! timedRetransmission, repairsLoss
             < . 1:1(0) ack 401
      """, after: Self.openedBare)
  }

  @Test func `without either, what nobody asked for or comes at once was overtaken`() throws {
    try play(
      """
             > . 1:101(100) ack 1 id 0
             > . 201:301(100) ack 1 id 0    ! gapBefore
      +0.03  > . 101:201(100) ack 1 id 0    ! outOfOrder
             > . 401:501(100) ack 1 id 0    ! gapBefore
             < . 1:1(0) ack 301
             > . 501:601(100) ack 1 id 0
             < . 1:1(0) ack 301             ! duplicateACK
      +0.002 > . 301:401(100) ack 1 id 0    ! outOfOrder
             < . 1:1(0) ack 601
      """, after: Self.openedBare)
  }

  @Test func `the original that its own repeat has overtaken`() throws {
    let connection = try play(
      """
            > . 1:101(100) ack 1 <TS val 130 ecr 900> id 10
            > . 201:301(100) ack 1 <TS val 130 ecr 900> id 12      ! gapBefore
      +0.03 > . 101:201(100) ack 1 <TS val 160 ecr 900> id 13      ! timedRetransmission, repairsLoss
      +0.01 > . 101:201(100) ack 1 <TS val 129 ecr 900> id 11      ! outOfOrder
            < . 1:1(0) ack 301 <TS val 950 ecr 160>
      """)
    #expect(connection[irregularities: .client].outOfOrderPackets == 1)
  }

  // MARK: - What fills a gap of the capture

  @Test func `what was acknowledged before it was seen, and was sent later, is needless`() throws {
    let connection = try play(
      """
            > . 1:101(100) ack 1 <TS val 130 ecr 900>
            < . 1:1(0) ack 201 <TS val 950 ecr 130>            ! acknowledgesUnseen
      +0.3  > . 101:201(100) ack 1 <TS val 430 ecr 900>        ! repeatsAcknowledged
      """)
    #expect(connection[irregularities: .client].repeatedPackets == 1)
    #expect(connection[irregularities: .client].gaps == 0)
  }

  @Test func `if it was sent earlier, it was overtaken`() throws {
    let connection = try play(
      """
            > . 201:301(100) ack 1 <TS val 140 ecr 900> id 4   ! gapBefore
            < . 1:1(0) ack 301 <TS val 950 ecr 140>            ! acknowledgesUnseen
      +0.01 > . 1:201(200) ack 1 <TS val 130 ecr 900> id 3     ! outOfOrder
      """)
    #expect(connection[irregularities: .client].repeatedPackets == 0)
    #expect(connection[irregularities: .client].outOfOrderPackets == 1)
  }

  // MARK: - Copies

  @Test func `an older time stamp on bytes that all were seen: a copy that comes late`() throws {
    let connection = try play(
      """
           > . 1:101(100) ack 1 <TS val 130 ecr 900>
           < . 1:1(0) ack 101 <TS val 950 ecr 130>
      +0.5 > . 101:201(100) ack 1 <TS val 630 ecr 950>
           < . 1:1(0) ack 201 <TS val 1450 ecr 630>
      +0.5 > . 1:101(100) ack 1 <TS val 130 ecr 900> id 3      ! duplicateFrame
      """)
    #expect(connection[irregularities: .client].duplicateFrames == 1)
    #expect(connection[irregularities: .client].repeatedPackets == 0)
  }

  @Test func `an identification that was not seen yet: a repeat that was overtaken`() throws {
    try play(
      """
           > . 1:101(100) ack 1 id 3
           > . 101:201(100) ack 1 id 4
      +0.3 > . 201:301(100) ack 1 id 6
           > . 1:101(100) ack 1 id 5       ! timedRetransmission, repeatsData
      """, after: Self.openedBare)
  }

  @Test func `a sender that does not count its packets is judged by what it sends`() throws {
    let connection = try play(
      """
           > . 1:101(100) ack 1 id 40000
           > . 101:201(100) ack 1 id 7
      +0.3 > . 201:301(100) ack 1 id 40000
           > . 1:101(100) ack 1 id 7       ! timedRetransmission, repeatsData
      """, after: Self.openedBare)
    #expect(connection[irregularities: .client].duplicateFrames == 0)
  }

  // MARK: - Why it was sent again

  @Test func `three duplicate acknowledgments ask for a segment`() throws {
    try play(
      """
            > . 1:101(100) ack 1
            > . 101:501(400) ack 1
      +0.02 < . 1:1(0) ack 101
            < . 1:1(0) ack 101       ! duplicateACK
            < . 1:1(0) ack 101       ! duplicateACK
            < . 1:1(0) ack 101       ! duplicateACK
            > . 101:201(100) ack 1   ! fastRetransmission, repeatsData
      """, after: Self.openedBare)
  }

  @Test func `an acknowledgment of a part asks for the next, as long as that round is repaired`()
    throws
  {
    // RFC 6582 §3.2, step 3.
    try play(
      """
            > . 1:101(100) ack 1
            > . 101:501(400) ack 1
      +0.02 < . 1:1(0) ack 101
            < . 1:1(0) ack 101       ! duplicateACK
            < . 1:1(0) ack 101       ! duplicateACK
            < . 1:1(0) ack 101       ! duplicateACK
            > . 101:201(100) ack 1   ! fastRetransmission, repeatsData
      +0.02 < . 1:1(0) ack 301
            > . 301:401(100) ack 1   ! fastRetransmission, repeatsData
      +0.02 < . 1:1(0) ack 501
            > . 501:601(100) ack 1
            > . 501:601(100) ack 1   ! timedRetransmission, repeatsData
      """, after: Self.openedBare)
  }

  @Test func `two do not`() throws {
    try play(
      """
            > . 1:101(100) ack 1
            > . 101:501(400) ack 1
      +0.02 < . 1:1(0) ack 101
            < . 1:1(0) ack 101       ! duplicateACK
            < . 1:1(0) ack 101       ! duplicateACK
            > . 101:201(100) ack 1   ! timedRetransmission, repeatsData
      """, after: Self.openedBare)
  }

  @Test func `a selective acknowledgment above it asks for a segment, and for all of that round`()
    throws
  {
    try play(
      """
            > . 1:101(100) ack 1 <TS val 130 ecr 900>
            > . 101:201(100) ack 1 <TS val 130 ecr 900>
            > . 201:301(100) ack 1 <TS val 130 ecr 900>
            > . 301:401(100) ack 1 <TS val 130 ecr 900>
      +0.02 < . 1:1(0) ack 1 <TS val 950 ecr 130,sack 101:201 301:401>    ! duplicateACK
            > . 1:101(100) ack 1 <TS val 150 ecr 950>                     ! fastRetransmission, repeatsData
      +0.02 < . 1:1(0) ack 201 <TS val 970 ecr 150,sack 301:401>
            > . 201:301(100) ack 1 <TS val 170 ecr 970>                   ! fastRetransmission, repeatsData
      +0.02 < . 1:1(0) ack 401 <TS val 990 ecr 170>
      """)
  }

  @Test func `the tail is probed once about two round trips after it was sent`() throws {
    try play(
      """
            > . 1:101(100) ack 1 <TS val 130 ecr 900>
      +0.04 > . 1:101(100) ack 1 <TS val 170 ecr 900>    ! tailLossProbe, repeatsData
      +0.04 > . 1:101(100) ack 1 <TS val 210 ecr 900>    ! timedRetransmission, repeatsData
            < . 1:1(0) ack 101 <TS val 950 ecr 470>
      """)
  }

  @Test func `nobody probes without selective acknowledgments, or for what is not the tail`() throws
  {
    try play(
      """
            > . 1:101(100) ack 1
      +0.04 > . 1:101(100) ack 1     ! timedRetransmission, repeatsData
      """, after: Self.openedBare)
    try play(
      """
            > . 1:101(100) ack 1 <TS val 130 ecr 900>
            > . 101:201(100) ack 1 <TS val 130 ecr 900>
      +0.04 > . 1:101(100) ack 1 <TS val 170 ecr 900>    ! timedRetransmission, repeatsData
      """)
  }

  @Test func `what was acknowledged, in order or selectively, is sent again for nothing`() throws {
    try play(
      """
            > . 1:101(100) ack 1 <TS val 130 ecr 900>
      +0.01 < . 1:1(0) ack 101 <TS val 950 ecr 130>
      +0.3  > . 1:101(100) ack 1 <TS val 440 ecr 900>      ! repeatsAcknowledged, repeatsData
            > . 101:201(100) ack 1 <TS val 440 ecr 950>
            > . 201:301(100) ack 1 <TS val 440 ecr 950>
      +0.01 < . 1:1(0) ack 101 <TS val 1250 ecr 440,sack 201:301>    ! duplicateACK
      +0.01 > . 201:301(100) ack 1 <TS val 460 ecr 950>    ! repeatsAcknowledged, repeatsData
      """)
  }

  // MARK: - Acknowledgments without news

  @Test func `another window is no duplicate acknowledgment`() throws {
    try play(
      """
            > . 1:101(100) ack 1
      +0.01 < . 1:1(0) ack 101 win 100
      +0.01 < . 1:1(0) ack 101 win 200    ! updatesWindow
      +0.01 < . 1:1(0) ack 101 win 200    ! duplicateACK
      """, after: Self.openedBare)
  }

  @Test func `the answer to a keep-alive is none either`() throws {
    try play(
      """
             > . 1:101(100) ack 1
      +0.01  < . 1:1(0) ack 101
      +60    > . 100:100(0) ack 1    ! probe
      +0.01  < . 1:1(0) ack 101      ! answersProbe
      +0.01  < . 1:1(0) ack 101      ! answersProbe
             > . 101:201(100) ack 1
      +0.01  < . 1:1(0) ack 201
      +0.01  < . 1:1(0) ack 201      ! duplicateACK
      """, after: Self.openedBare)
  }
}
