import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

/// When a connection is put away, and which ones make room.
struct ExpiryTests {
  /// A connection that has come to a stage, and how long it is kept there.
  struct Stage: CustomTestStringConvertible {
    var testDescription: String
    var script: String
    var stage: LifeStage
    var seconds: Int64
    var reason: EndReason
  }

  static let stages = [
    Stage(
      testDescription: "SYN-SENT", script: "> S 0:0(0)", stage: .opening, seconds: 180,
      reason: .idle),
    Stage(
      testDescription: "half open", script: "> S 0:0(0)\n< S. 0:0(0) ack 1", stage: .opening,
      seconds: 180, reason: .idle),
    Stage(
      testDescription: "established", script: opened, stage: .open, seconds: 7440, reason: .idle),
    Stage(
      testDescription: "mid-way", script: "> . 1:1(0) ack 1", stage: .open, seconds: 7440,
      reason: .idle),
    Stage(
      testDescription: "half closed",
      script: opened + "> F. 1:1(0) ack 1\n< . 1:1(0) ack 2", stage: .open, seconds: 7440,
      reason: .idle),
    Stage(
      testDescription: "last ACK missing",
      script: opened + "> F. 1:1(0) ack 1\n< F. 1:1(0) ack 2", stage: .closing, seconds: 180,
      reason: .idle),
    Stage(
      testDescription: "closed", script: openedAndClosed, stage: .closed, seconds: 60,
      reason: .closed),
    Stage(
      testDescription: "reset", script: opened + "> R. 1:1(0) ack 1", stage: .closed, seconds: 60,
      reason: .closed),
    Stage(
      testDescription: "refused", script: "> S 0:0(0)\n< R. 0:0(0) ack 1", stage: .closed,
      seconds: 60, reason: .closed),
  ]

  @Test(arguments: stages)
  func `a silent connection is over when its time is, and not before`(stage: Stage) throws {
    let segments = try Script(stage.script).segments
    let last = try #require(segments.last)
    for (nanoseconds, isOver) in [
      (stage.seconds * 1_000_000_000 - 1, false), (stage.seconds * 1_000_000_000, true),
    ] {
      // The same segment again belongs to it, or to the next one.
      var late = last
      late.time.nanoseconds += nanoseconds
      let run = TrackedRun(segments + [late])
      #expect(run.connections.count == (isOver ? 2 : 1))
      #expect(run.connections.first?.stage == stage.stage)
      if isOver { #expect(run.connections.first?.endReason == stage.reason) }
    }
  }

  @Test func `silent connections are put away while others go on`() throws {
    let script = try Script(
      opened + "> P. 1:11(10) ack 1 port 50000\n"
        + (1...20).map { _ in "+600 > . 11:11(0) ack 1 port 50000" }.joined(separator: "\n"))
    var table = ConnectionTable()
    var endedAfter: [Int] = []
    for (index, segment) in script.segments.enumerated() {
      _ = table.ingest(segment)
      while let id = table.takeEnded() {
        endedAfter.append(index)
        table.release(id)
      }
    }
    let live = table.liveCount
    #expect(live == 1)
    // 7440 seconds are over with the 13th of the segments that come every 600 seconds.
    #expect(endedAfter == [3 + 13])
  }

  @Test func `time that runs backwards ends nothing`() throws {
    var segments = try Script(opened).segments
    var earlier = segments[2]
    earlier.time.nanoseconds -= 100_000_000_000_000
    segments.append(earlier)
    #expect(TrackedRun(segments).connections.count == 1)
  }

  /// An open connection, then SYNs from so many ports.
  private func openedAndFlooded(by count: UInt16) throws -> [Segment] {
    var segments = try Script(opened).segments
    var flood = try #require(try Script("> S 0:0(0)").segments.first)
    for port in 1...count {
      flood.sourcePort = port
      flood.frame += 1
      flood.time.nanoseconds += 1000
      segments.append(flood)
    }
    return segments
  }

  @Test(arguments: [nil, 0, 50])
  func `a flood of SYNs displaces its own kind, oldest first`(uncached: Int?) throws {
    var limits = TrackerLimits()
    limits.maximumConnections = 100
    let segments = try openedAndFlooded(by: 1000)
    let run = TrackedRun(segments, limits, uncached: uncached)
    let evicted = run.connections.filter { $0.endReason == .tableFull }
    #expect(run.connections.count == 1001)
    #expect(evicted.map(\.client.port) == Array(1...901))
    #expect(run.connections.first?.endReason == .captureEnded)
    #expect(run.connections.first?.opened == "three-way complete")
  }

  @Test(arguments: [nil, 0, 50])
  func `of too many half-open connections the oldest goes early, and no open one does`(
    uncached: Int?
  ) throws {
    var limits = TrackerLimits()
    limits.maximumHalfOpenConnections = 100
    // An open connection waits with those that are opening until somebody looks.
    let segments = try openedAndFlooded(by: 1000)
    let run = TrackedRun(segments, limits, uncached: uncached)
    let early = run.connections.filter { $0.endReason == .tooManyHalfOpen }
    #expect(early.map(\.client.port) == Array(1...900))
    #expect(run.connections.count { $0.endReason == .captureEnded } == 101)
    #expect(run.connections.first?.endReason == .captureEnded)
  }

  @Test func `a SYN that nothing has followed takes little more than a cache line`() throws {
    var table = ConnectionTable(limits: .cachingAllSYNs, cachesSYNs: true)
    for segment in try openedAndFlooded(by: 1000) { _ = table.ingest(segment) }
    let opened = table.bytesInUse
    #expect(table.liveCount == 1001)
    // The entries in the index are counted with it.
    #expect(opened < 1000 * (64 + 40) + 1024)
    var version6 = try #require(try Script("> S 0:0(0)").segments.first)
    version6.ipVersion = .v6
    _ = table.ingest(version6)
    #expect(table.liveCount == 1002)
    #expect(table.bytesInUse - opened <= 64 + 40 + 32)
  }

  @Test func `the first half-open connections take whole places, those of a flood cache lines`()
    throws
  {
    var limits = TrackerLimits()
    limits.uncachedHalfOpenConnections = 10
    limits.maximumHalfOpenConnections = 100
    var table = ConnectionTable(limits: limits, cachesSYNs: true)
    let segments = try openedAndFlooded(by: 1000)
    // The handshake of one is complete.
    for segment in segments.prefix(3 + 10) { _ = table.ingest(segment) }
    let whole = table.bytesInUse / table.liveCount
    #expect(whole > 500)
    for segment in segments[13...] {
      let before = table.bytesInUse
      _ = table.ingest(segment)
      #expect(table.bytesInUse - before < 150)
      // Its place is free, but no other SYN gets it.
      while let id = table.takeEnded() { table.release(id) }
    }
    #expect(table.liveCount == 101)
    #expect(table.bytesInUse < whole + 100 * 150)
    // When nothing waits any more, they do again.
    table.pass(until: Timestamp(nanoseconds: segments[0].time.nanoseconds + 1_000_000_000_000))
    while let id = table.takeEnded() { table.release(id) }
    let before = table.bytesInUse
    var next = segments[0]
    next.time.nanoseconds += 1_000_000_000_000
    next.sourcePort = 2000
    _ = table.ingest(next)
    #expect(table.bytesInUse - before == whole)
  }

  @Test func `SYNs take whole places again when few handshakes are left, though some wait`() throws
  {
    var limits = TrackerLimits()
    limits.uncachedHalfOpenConnections = 10
    var table = ConnectionTable(limits: limits, cachesSYNs: true)
    let handshake = try Script(opened).segments
    /// What the next segments take, each of another port.
    func bytes(of segment: Segment, ports: ClosedRange<UInt16>) -> Int {
      let before = table.bytesInUse
      for port in ports {
        var segment = segment
        if segment.destinationPort == 80 {
          segment.sourcePort = port
        } else {
          segment.destinationPort = port
        }
        _ = table.ingest(segment)
      }
      return table.bytesInUse - before
    }
    let whole = bytes(of: handshake[0], ports: 1...10) / 10
    #expect(bytes(of: handshake[0], ports: 11...12) < whole)
    for segment in handshake[1...] { _ = bytes(of: segment, ports: 1...7) }
    // Three are opening and two wait: half of ten.
    #expect(bytes(of: handshake[0], ports: 13...13) < whole / 2)
    for segment in handshake[1...] { _ = bytes(of: segment, ports: 8...10) }
    #expect(bytes(of: handshake[0], ports: 14...14) == whole)
  }

  @Test func `after a leap in time those that are over end in portions, and all are told`() throws {
    var segments = try openedAndFlooded(by: 5000)
    var late = try #require(segments.first)
    late.time.nanoseconds += 1_000_000_000_000
    late.sourcePort = 1
    for step in 0..<8 {
      late.frame += 1
      late.time.nanoseconds += 1
      late.destinationPort = UInt16(40_000 + step)
      segments.append(late)
    }
    for cachesSYNs in [false, true] {
      var table = ConnectionTable(limits: .cachingAllSYNs, cachesSYNs: cachesSYNs)
      var (most, all) = (0, 0)
      for segment in segments {
        _ = table.ingest(segment)
        var ended = 0
        while let id = table.takeEnded() {
          #expect(table[id].endReason == .idle)
          table.release(id)
          ended += 1
        }
        most = max(most, ended)
        all += ended
      }
      #expect(all == 5000)
      #expect(most == 1024)
    }
  }

  @Test func `connections take no more memory than they may`() throws {
    let irregular = try Script(
      (1...200).map { port in
        """
        > S 0:0(0) port \(port)
        +0.3 > S 0:0(0) port \(port)

        """
      }.joined()
    ).segments
    var limits = TrackerLimits()
    var table = ConnectionTable(limits: limits)
    func take(_ segments: [Segment]) -> (most: Int, early: Int) {
      var (most, early) = (0, 0)
      for segment in segments {
        _ = table.ingest(segment)
        while let id = table.takeEnded() {
          early += table[id].endReason == .tableFull ? 1 : 0
          table.release(id)
        }
        most = max(most, table.bytesInUse)
      }
      return (most, early)
    }
    let free = take(irregular)
    #expect(free.early == 0)
    limits.maximumMemory = free.most / 2
    table = ConnectionTable(limits: limits)
    let bound = take(irregular)
    // What a connection that is there has beside it may still grow.
    #expect(bound.most < limits.maximumMemory + free.most / 50)
    #expect(90...110 ~= bound.early)
    #expect(table.liveCount + bound.early == 200)
  }

  @Test func `a connection that is open stays when memory is full, whenever others are released`()
    throws
  {
    var limits = TrackerLimits()
    limits.maximumMemory = 64 << 10
    var table = ConnectionTable(limits: limits)
    let segments = try openedAndFlooded(by: 200)
    for segment in segments { _ = table.ingest(segment) }
    #expect(table.liveCount > 50)
    var ended: [Int] = []
    while let id = table.takeEnded() {
      ended.append(table[id].number)
      table.release(id)
    }
    #expect(ended == Array(2..<2 + ended.count))
    #expect(ended.count + table.liveCount == 201)
  }

  @Test func `a full table gives up what is over before what is open`() throws {
    var limits = TrackerLimits()
    limits.maximumConnections = 2
    let script = try Script(
      """
      > P. 1:11(10) ack 1 port 1001
      > P. 1:11(10) ack 1 port 1002
      > R. 11:11(0) ack 1 port 1002
      > P. 1:11(10) ack 1 port 1003
      > P. 1:11(10) ack 1 port 1004
      """)
    let run = TrackedRun(script.segments, limits)
    let evicted = run.connections.filter { $0.endReason == .tableFull }.map(\.client.port)
    #expect(evicted.sorted() == [1001, 1002])
    #expect(run.connections.filter { $0.endReason == .captureEnded }.map(\.number) == [3, 4])
  }

  @Test func `of too many closed connections the oldest goes early, one that closes does not`()
    throws
  {
    var limits = TrackerLimits()
    limits.maximumClosedConnections = 2
    func closed(_ ports: ClosedRange<Int>) -> String {
      ports.map { "> P. 1:11(10) ack 1 port \($0)\n< R. 1:1(0) ack 11 port \($0)\n" }.joined()
    }
    func early(_ script: String) throws -> [UInt16] {
      let closing = """
        > F. 1:1(0) ack 1 port 1001
        < F. 1:1(0) ack 2 port 1001

        """
      let run = TrackedRun(try Script(closing + script).segments, limits)
      #expect(run.connections.first { $0.client.port == 1001 }?.endReason == .captureEnded)
      return run.connections.filter { $0.endReason == .closed }.map(\.client.port)
    }
    #expect(try early(closed(1002...1004) + "+2\n" + closed(1005...1005)) == [1002])
    // Those that closed within a second stay, as long as there are not very many.
    #expect(try early(closed(1002...1016)) == [])
    #expect(try early(closed(1002...1019)) == [1002, 1003, 1004])
  }
}
