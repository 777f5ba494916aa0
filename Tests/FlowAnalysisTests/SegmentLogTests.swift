import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// What is kept of a connection's segments: enough, and not too much.
struct SegmentLogTests {
  private static let client = SocketAddress.version4(201, port: 50000)
  private static let server = SocketAddress.version4(202, port: 8080)

  /// A connection that sends `count` segments, each of them `copies` times.
  private func transfer(_ count: Int, copies: Int = 1) -> [[UInt8]] {
    var list = FrameList()
    list.segment(from: Self.client, to: Self.server, .syn, 1000)
    list.segment(from: Self.server, to: Self.client, [.syn, .ack], 5000, ack: 1001)
    for index in 0..<count {
      for _ in 0..<copies {
        list.segment(
          from: Self.client, to: Self.server, .ack, 1001 + UInt32(index) * 10, ack: 5001,
          payload: 10)
      }
    }
    list.segment(
      from: Self.client, to: Self.server, [.fin, .ack], 1001 + UInt32(count) * 10, ack: 5001)
    return list.frames
  }

  private func report(
    _ frames: [[UInt8]], _ request: LadderRequest, interval: Int64 = 1_000_000
  ) throws -> ConnectionReport {
    let analysis = Analysis(frames, interval: interval, ladder: request)
    return try #require(analysis.connections.first { $0.number == request.connection })
  }

  @Test(arguments: [1, 2])
  func `however long a transfer is, few segments are kept and the rest is counted`(
    copies: Int
  ) throws {
    let frames = transfer(20_000, copies: copies)
    let report = try report(frames, LadderRequest(connection: 1))
    let log = try #require(report.segments)
    #expect(log.segments.count < 2_000)
    let folded = log.folds.reduce(0) { $0 + $1.packets[0] + $1.packets[1] }
    #expect(log.segments.count + Int(folded) == frames.count)
    let repeated = log.folds.reduce(0) { $0 + $1.count(of: .retransmission) }
    let kept = log.segments.count { $0.labels.contains(.retransmission) }
    #expect(repeated + kept == (copies - 1) * 20_000)
    #expect(log.segments.first?.mark.frame == 1)
    #expect(log.segments.last?.mark.frame == frames.count)
  }

  @Test func `a short transfer is not folded`() throws {
    let log = try #require(try report(transfer(14), LadderRequest(connection: 1)).segments)
    #expect(log.folds.isEmpty)
    #expect(log.segments.map(\.mark.frame) == Array(1...17))
    let longer = try #require(try report(transfer(15), LadderRequest(connection: 1)).segments)
    #expect(longer.folds.map { $0.packets[0] } == [8])
    #expect(longer.segments.map(\.mark.frame) == [1, 2, 3, 4, 5, 6, 15, 16, 17, 18])
  }

  @Test func `all segments are kept when they are asked for`() throws {
    let request = LadderRequest(connection: 1, unfolds: true)
    let log = try #require(try report(transfer(500), request).segments)
    #expect(log.folds.isEmpty)
    #expect(log.segments.count == 503)
  }

  @Test func `frames that were not asked for are counted on either side`() throws {
    let request = LadderRequest(connection: 1, frames: 100...200)
    let log = try #require(try report(transfer(500), request).segments)
    #expect(log.segments.map(\.mark.frame) == Array(100...200))
    #expect(log.folds.map(\.isOutside) == [true, true])
    #expect(log.folds.map(\.position) == [0, 101])
    #expect(log.folds.map { $0.packets[0] + $0.packets[1] } == [99, 303])
  }

  @Test func `a pause is remarkable`() throws {
    var frames = transfer(100)
    frames = Array(frames[..<50])
    let log = try #require(
      try report(frames, LadderRequest(connection: 1), interval: 1_000_000_000).segments)
    #expect(log.segments.count == 50)
    #expect(log.segments.dropFirst().allSatisfy { $0.followsPause })
  }

  @Test func `only the connection that is asked for has its segments`() throws {
    var list = FrameList()
    for port in 1...3 as ClosedRange<UInt16> {
      list.connection(from: .version4(201, port: port), to: Self.server)
    }
    let reports = Analysis(list.frames, interval: 0, ladder: LadderRequest(connection: 2))
      .connections
    #expect(reports.map { $0.segments?.segments.count } == [nil, 9, nil])
  }

  private static let opened = """
    > S  0:0(0)
    < S. 0:0(0) ack 1
    > .  1:1(0) ack 1

    """

  /// Which frames each of two connections has.
  private func frames(_ script: String) throws -> [[Int]] {
    let frames = try Script(Self.opened + script).frames
      .map { (Timestamp(seconds: $0.seconds, nanoseconds: $0.nanoseconds), $0.bytes) }
    return [1, 2].map { number in
      let request = LadderRequest(connection: number, unfolds: true)
      let report = Analysis(frames, ladder: request).connections.first { $0.number == number }
      for side in Side.allCases {
        let sent = report?.segments?.segments.count { $0.sender == side }
        #expect(sent == report.map { Int($0[side].packets) })
      }
      return report?.segments?.segments.map(\.mark.frame) ?? []
    }
  }

  @Test func `a SYN stands in the connection that it turns out to begin`() throws {
    // It is answered.
    #expect(
      try frames("> S 700000:700000(0)\n< S. 900000:900000(0) ack 700001") == [[1, 2, 3], [4, 5]])
    // It comes twice, and an old segment comes between.
    #expect(
      try frames(
        """
        > S  700000:700000(0)
        < P. 1:11(10) ack 1
        +1 > S 700000:700000(0)
        < S. 900000:900000(0) ack 700001
        """) == [[1, 2, 3, 5], [4, 6, 7]])
    // Nobody answers it.
    #expect(try frames("> S 700000:700000(0)") == [[1, 2, 3], [4]])
    #expect(try frames("> S 700000:700000(0)\n+9000 > S 0:0(0) port 9") == [[1, 2, 3], [4]])
  }

  @Test func `a SYN that comes a thousand times stands where it was answered`() throws {
    let syns = Array(repeating: "+0.1 > S 700000:700000(0)", count: 1_000)
    let answer = "< S. 900000:900000(0) ack 700001"
    let (first, second) = (Array(1...3), Array(4...1_004))
    #expect(try frames((syns + [answer]).joined(separator: "\n")) == [first, second])
  }

  @Test func `a SYN that begins nothing stays where it strayed`() throws {
    #expect(try frames("> S 700000:700000(0)\n< . 1:1(0) ack 1\n> . 1:1(0) ack 1")[0].count == 6)
    // A first one that began nothing, and a second one that did.
    #expect(
      try frames(
        """
        > S 700000:700000(0)
        < . 1:1(0) ack 1
        > P. 1:11(10) ack 1
        > S 800000:800000(0)
        < S. 900000:900000(0) ack 800001
        """) == [[1, 2, 3, 4, 5, 6], [7, 8]])
  }
}
