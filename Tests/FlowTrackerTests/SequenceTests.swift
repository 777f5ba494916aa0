import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

/// Bytes in order, out of order, again, and never.
///
/// Every script is also played with numbers that wrap around at 2³² in its middle.
struct SequenceTests {
  @Test func `bytes in order are no event`() throws {
    let connection = try track(
      opened + """
        > P. 1:1001(1000) ack 1
        > P. 1001:2001(1000) ack 1
        < .  1:1(0) ack 2001
        < P. 1:101(100) ack 2001
        > .  2001:2001(0) ack 101
        """)[0]
    #expect(connection[.client].payload == 2000)
    #expect(connection[.server].payload == 100)
    #expect(connection[irregularities: .client].repeatedPackets == 0)
  }

  @Test func `a hole is filled by what comes late`() throws {
    let connection = try track(
      opened + """
        > P. 1:101(100) ack 1
        > P. 201:301(100) ack 1 id 5    ! gapBefore
        > P. 301:401(100) ack 1 id 6
        > P. 101:201(100) ack 1 id 4    ! outOfOrder
        < .  1:1(0) ack 401
        """)[0]
    #expect(connection[irregularities: .client].outOfOrderPackets == 1)
    #expect(connection[irregularities: .client].gaps == 0)
  }

  @Test func `a lost segment that is sent again fills its hole`() throws {
    let connection = try track(
      opened + """
             > P. 1:101(100) ack 1
             > P. 201:301(100) ack 1          ! gapBefore
             < .  1:1(0) ack 101 <sack 201:301>
        +0.2 > P. 101:201(100) ack 1          ! repairsLoss
             < .  1:1(0) ack 301
        """)[0]
    #expect(connection[irregularities: .client].gaps == 0)
  }

  @Test func `several holes are filled in any order`() throws {
    let connection = try track(
      opened + """
        > . 101:201(100) ack 1 id 4    ! gapBefore
        > . 301:401(100) ack 1 id 6    ! gapBefore
        > . 501:601(100) ack 1 id 8    ! gapBefore
        > . 401:501(100) ack 1 id 7    ! outOfOrder
        > . 1:101(100) ack 1 id 3      ! outOfOrder
        > . 201:301(100) ack 1 id 5    ! outOfOrder
        < . 1:1(0) ack 601
        > . 101:601(500) ack 1 id 9    ! repeatsData
        """)[0]
    #expect(connection[irregularities: .client].outOfOrderPackets == 3)
    #expect(connection[irregularities: .client].gaps == 0)
    #expect(connection[irregularities: .client].repeatedBytes == 500)
  }

  @Test func `more holes than are remembered grow no memory and invent no gap`() throws {
    let pieces = (1...20).map { "> . \($0 * 200 + 1):\($0 * 200 + 101)(100) ack 1 ! gapBefore" }
    let connection = try track(
      opened + pieces.joined(separator: "\n") + """

        +0.3 > . 1:4101(4100) ack 1    ! repairsLoss
             < . 1:1(0) ack 4101
        """)[0]
    #expect(connection[irregularities: .client].gaps == 0)
  }

  @Test func `holes beyond those that are remembered, filled one by one, are no gaps`() throws {
    let pieces = (0..<10).map {
      "> . \($0 * 200 + 101):\($0 * 200 + 201)(100) ack 1 id \($0 * 2 + 4) ! gapBefore"
    }
    let holes = (0..<10).map {
      "> . \($0 * 200 + 1):\($0 * 200 + 101)(100) ack 1 id \($0 * 2 + 3) ! outOfOrder"
    }
    let connection = try track(
      opened + (pieces + holes).joined(separator: "\n") + """

        < . 1:1(0) ack 2001
        > . 2001:2101(100) ack 1 id 30
        > . 2201:2301(100) ack 1 id 32    ! gapBefore
        < . 1:1(0) ack 2301         ! acknowledgesUnseen
        """)[0]
    #expect(connection[irregularities: .client].outOfOrderPackets == 10)
    #expect(connection[irregularities: .client].gaps == 1)
    #expect(connection[irregularities: .client].gapBytes == 100)
  }

  @Test func `what an acknowledgment covers and nobody saw, the capture missed`() throws {
    let connection = try track(
      opened + """
        > P. 1:101(100) ack 1
        > P. 201:301(100) ack 1    ! gapBefore
        < .  1:1(0) ack 301        ! acknowledgesUnseen
        > P. 301:401(100) ack 1
        """)[0]
    #expect(connection[irregularities: .client].gaps == 1)
    #expect(connection[irregularities: .client].gapBytes == 100)
  }

  @Test func `a gap is reported once, not at every segment`() throws {
    let connection = try track(
      opened + """
        < .  1:1(0) ack 1001       ! acknowledgesUnseen
        < P. 1:11(10) ack 1001
        < P. 11:21(10) ack 1001
        > .  1001:1001(0) ack 21   ! gapBefore
        > P. 1001:1011(10) ack 21
        """)[0]
    #expect(connection[irregularities: .client].gaps == 1)
    #expect(connection[irregularities: .client].gapBytes == 1000)
  }

  @Test func `an acknowledgment that stands before its data leaves no gap`() throws {
    let connection = try track(
      opened + """
                  < .  1:1(0) ack 201      ! acknowledgesUnseen
        +0.000002 > .  1:101(100) ack 1
        +0.000001 > P. 101:201(100) ack 1
                  < P. 1:11(10) ack 201
        """)[0]
    #expect(connection[irregularities: .client].gaps == 0)
    #expect(connection[irregularities: .client].gapBytes == 0)
    #expect(connection[irregularities: .client].repeatedPackets == 0)
    #expect(connection[irregularities: .client].outOfOrderPackets == 0)
  }

  @Test func `a retransmission repeats bytes, whole or in part`() throws {
    let connection = try track(
      opened + """
             > P. 1:101(100) ack 1
        +0.2 > P. 1:101(100) ack 1      ! repeatsData
        +0.2 > P. 1:51(50) ack 1        ! repeatsData
        +0.2 > P. 51:151(100) ack 1     ! repeatsData
             < .  1:1(0) ack 151
        """)[0]
    #expect(connection[irregularities: .client].repeatedPackets == 3)
    #expect(connection[irregularities: .client].repeatedBytes == 200)
  }

  @Test func `a keep-alive repeats nothing`() throws {
    // RFC 9293 §3.8.4: with no byte, or with one.
    let connection = try track(
      opened + """
            > P. 1:101(100) ack 1
            < .  1:1(0) ack 101
        +75 > .  100:100(0) ack 1    ! probe
            < .  1:1(0) ack 101
        +75 > .  100:101(1) ack 1    ! probe
            < .  1:1(0) ack 101
        +75 > .  100:100(0) ack 1    ! probe
        """)[0]
    #expect(connection[irregularities: .client].repeatedPackets == 0)
  }

  @Test func `a keep-alive before any data repeats nothing`() throws {
    let connection = try track(
      opened + """
        +75 > . 0:0(0) ack 1         ! probe
            < . 1:1(0) ack 1
        """)[0]
    #expect(connection[irregularities: .client].repeatedPackets == 0)
  }

  @Test func `a window of zero is counted`() throws {
    let connection = try track(
      opened + """
             < .  1:1(0) ack 1 win 0      ! zeroWindow
        +0.2 > .  0:0(0) ack 1            ! probe
             < .  1:1(0) ack 1 win 0      ! zeroWindow
             < .  1:1(0) ack 1 win 1000
        """)[0]
    #expect(connection[irregularities: .server].zeroWindows == 2)
    #expect(connection[.server].window == 1000)
    #expect(connection[.server].windowMaximum == 65535)
  }

  @Test func `numbers from nowhere move nothing`() throws {
    let connection = try track(
      opened + """
        > P. 2000000001:2000000011(10) ack 1     ! outsideWindow
        < .  1:1(0) ack 2000000001               ! outsideWindow
        > F. 2000000011:2000000011(0) ack 1      ! outsideWindow
        > P. 1:11(10) ack 1
        """)[0]
    #expect(connection[.client].state == .established)
    #expect(connection[.server].state == .established)
  }

  // MARK: - Copies

  @Test func `a copy of a frame is no retransmission`() throws {
    let connection = try track(
      opened + """
                 > P. 1:101(100) ack 1
                 dup                       ! duplicateFrame
        +0.0001  < .  1:1(0) ack 101
        +0.0001  dup                       ! duplicateFrame
                 > F. 101:101(0) ack 1     ! client FIN-WAIT-1, server CLOSE-WAIT
                 dup                       ! duplicateFrame
        """)[0]
    #expect(connection[irregularities: .client].duplicateFrames == 2)
    #expect(connection[irregularities: .server].duplicateFrames == 1)
    #expect(connection[irregularities: .client].repeatedPackets == 0)
    #expect(connection[.client].packets == 6)
  }

  @Test func `the same bytes with another identification are sent again`() throws {
    let connection = try track(
      opened + """
               > P. 1:101(100) ack 1 <TS val 1 ecr 0> id 500
        +0.001 > P. 1:101(100) ack 1 <TS val 2 ecr 0> id 501   ! repeatsData
        """)[0]
    #expect(connection[irregularities: .client].duplicateFrames == 0)
  }

  @Test func `without a name, the same after more than ten milliseconds was sent again`() throws {
    let connection = try track(
      opened + """
              > P. 1:101(100) ack 1 id 0
        +0.02 dup                          ! repeatsData
        """)[0]
    #expect(connection[irregularities: .client].duplicateFrames == 0)
  }

  @Test func `segments that differ in their number alone are no copies`() throws {
    // The checksum makes up for the number in a plain sum of both.
    let connection = try track(
      opened + """
                 > P. 1:4(3) ack 1
                 < .  1:1(0) ack 4
                 > R  1:1(0) id 0          ! client CLOSED, ignoredReset
        +0.00001 > R  2:2(0) id 0          ! ignoredReset
        +0.00001 > R  3:3(0) id 0          ! ignoredReset
        +0.00001 > R  4:4(0) id 0          ! server CLOSED, acceptableReset
        """)[0]
    #expect(connection[irregularities: .client].duplicateFrames == 0)
  }

  @Test func `a copy of an empty segment is known beyond a gap too`() throws {
    let connection = try track(
      opened + """
                 > .  101:101(0) ack 1     ! gapBefore
                 dup                       ! duplicateFrame
        """)[0]
    #expect(connection[irregularities: .client].duplicateFrames == 1)
  }

  @Test func `a copy is known however many segments came before it`() throws {
    let acknowledgments = (0..<270).map { "< . 1:1(0) ack \($0 * 10 + 11)" }
    let data = (0..<270).map { "> P. \($0 * 10 + 1):\($0 * 10 + 11)(10) ack 1" }
    let lines = zip(data, acknowledgments).flatMap { [$0, $1, "dup ! duplicateFrame"] }
    let run = TrackedRun(try Script(opened + lines.joined(separator: "\n")).segments)
    #expect(run.connections[0][irregularities: .server].duplicateFrames == 270)
  }

  @Test func `acknowledgments that repeat a number are no copies`() throws {
    let connection = try track(
      opened + """
        > .  101:201(100) ack 1        ! gapBefore
        < .  1:1(0) ack 1 <TS val 1 ecr 0,sack 101:201> id 1
        < .  1:1(0) ack 1 <TS val 2 ecr 0,sack 101:201> id 2
        < .  1:1(0) ack 1 <TS val 3 ecr 0,sack 101:201> id 3
        """)[0]
    #expect(connection[irregularities: .server].duplicateFrames == 0)
  }

  @Test func `every byte counts once, however often it comes`() throws {
    let connection = try track(
      opened + """
        > P. 1:101(100) ack 1
        dup                             ! duplicateFrame
        > P. 51:151(100) ack 1          ! repeatsData
        > P. 1:151(150) ack 1           ! repeatsData
        < .  1:1(0) ack 151
        > .  150:151(1) ack 1           ! probe
        """)[0]
    let redundant = connection[irregularities: .client].redundantBytes
    #expect(connection[.client].payload - redundant == 150)
  }

  @Test func `what brings something new is no copy, wherever its identification stands`() throws {
    let connection = try track(
      opened + """
        > P. 1:11(10) ack 1 id 30000 <TS val 10 ecr 1>
        > P. 11:21(10) ack 1 id 30001 <TS val 10 ecr 1>
        > P. 21:31(10) ack 1 id 30002 <TS val 10 ecr 1>
        < P. 1:11(10) ack 31 <TS val 10 ecr 10>
        > P. 31:41(10) ack 11 id 29000 <TS val 10 ecr 10>
        """)[0]
    #expect(connection[irregularities: .client].duplicateFrames == 0)
    #expect(connection[.client].next == connection[history: .client].initialSequence + 41)
  }

  @Test func `a window is shut from the first segment that says so to the first that does not`()
    throws
  {
    let shut = try track(
      opened + """
             > P. 1:101(100) ack 1
             < .  1:1(0) ack 101 win 0    ! zeroWindow
        +2   < .  1:1(0) ack 101 win 0    ! zeroWindow
        +1   < .  1:1(0) ack 101 win 500
             > P. 101:201(100) ack 1
        +0.5 < .  1:1(0) ack 201 win 0    ! zeroWindow
        +4   > .  200:200(0) ack 1        ! probe
        """)[0][irregularities: .server].shutWindow
    #expect(shut.spells == 2)
    #expect(shut.longestNanoseconds == 4_000_000_000)
    #expect(shut.totalNanoseconds == 7_000_000_000)
  }

  @Test func `one byte that nobody has acknowledged is no keep-alive when it comes again`() throws {
    _ = try track(
      opened + """
             > P. 1:2(1) ack 1
        +0.3 > P. 1:2(1) ack 1          ! repeatsData
        """)
  }

  @Test func `without identification and timestamps only haste tells a copy`() throws {
    var settings = ScriptSettings()
    settings.ipVersion = .v6
    let script = try Script(
      opened + """
        > P. 1:101(100) ack 1
        < .  1:1(0) ack 1
        > P. 1:101(100) ack 1
        """, settings: settings)
    let facts = try #require(TrackedRun(script.segments).steps.last?.facts)
    #expect(facts.contains(.repeatsData) && !facts.contains(.duplicateFrame))
  }
}
