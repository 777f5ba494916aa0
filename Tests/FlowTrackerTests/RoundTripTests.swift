import FlowTracker
import PacketParser
import Testing
import TrackerProperties
import TraceScript

/// How long payload takes to be acknowledged, by Karn's rule, and how much of it is under way.
struct RoundTripTests {
  /// `samples shortest-longest mean`, in milliseconds, of the client's payload.
  private func trips(_ script: String) throws -> String {
    let run = TrackedRun(try Script(opened + script).segments)
    let trips = try #require(run.connections[0].roundTrips(of: .client))
    let times = [trips.minimumNanoseconds, trips.maximumNanoseconds, trips.meanNanoseconds]
      .map { $0.map { "\($0 / 1_000_000)" } ?? "-" }
    return "\(trips.samples) \(times[0])-\(times[1]) \(times[2])"
  }

  private func inFlight(_ script: String) throws -> UInt32? {
    try TrackedRun(Script(opened + script).segments).connections[0].roundTrips(of: .client)?
      .mostInFlight
  }

  @Test func `a segment is timed to the acknowledgment that covers it`() throws {
    #expect(
      try trips(
        """
              > P. 1:101(100) ack 1
        +0.02 < .  1:1(0) ack 101
              > P. 101:201(100) ack 1
        +0.04 < .  1:1(0) ack 201
        """) == "2 20-40 30")
  }

  @Test func `an acknowledgment of less does not end it`() throws {
    #expect(
      try trips(
        """
               > P. 1:101(100) ack 1
        +0.02  < .  1:1(0) ack 51
        +0.01  < .  1:1(0) ack 101
        """) == "1 30-30 30")
  }

  @Test func `one segment is timed at a time`() throws {
    #expect(
      try trips(
        """
              > P. 1:101(100) ack 1
              > P. 101:201(100) ack 1
        +0.02 < .  1:1(0) ack 201
        """) == "1 21-21 21")
  }

  @Test func `what was sent again is not timed`() throws {
    // Karn's rule: the acknowledgment may be of either (RFC 6298 §3).
    #expect(
      try trips(
        """
              > P. 1:101(100) ack 1
        +0.3  > P. 1:101(100) ack 1
        +0.02 < .  1:1(0) ack 101
        """) == "0 --- -")
  }

  @Test func `a copy that the capture made changes nothing`() throws {
    #expect(
      try trips(
        """
              > P. 1:101(100) ack 1
        dup
        +0.02 < .  1:1(0) ack 101
        """) == "1 20-20 20")
  }

  @Test func `what follows a hole waits for that, and is not timed`() throws {
    #expect(
      try trips(
        """
              > P. 101:201(100) ack 1
        +0.02 < .  1:1(0) ack 1
        +0.3  > P. 1:101(100) ack 1
        +0.02 < .  1:1(0) ack 201
        """) == "0 --- -")
  }

  @Test func `a repeat of something later takes nothing back`() throws {
    #expect(
      try trips(
        """
              > P. 1:101(100) ack 1
              > P. 101:201(100) ack 1
              > P. 101:201(100) ack 1
        +0.02 < .  1:1(0) ack 101
        """) == "1 22-22 22")
  }

  @Test func `what is sent again with new bytes behind it is not timed`() throws {
    #expect(
      try trips(
        """
             > P. 1:101(100) ack 1
        +0.2 > P. 1:201(200) ack 1
             < .  1:1(0) ack 201
             > P. 201:301(100) ack 1
             < .  1:1(0) ack 301
        """) == "1 1-1 1")
  }

  @Test func `a clock that runs backwards times nothing`() throws {
    var segments = try Script(
      opened + """
        > P. 1:101(100) ack 1
        < .  1:1(0) ack 101
        """
    ).segments
    segments[segments.count - 1].time.nanoseconds -= 5_000_000
    #expect(TrackedRun(segments).connections[0].roundTrips(of: .client)?.samples == 0)
  }

  @Test func `what is sent and not acknowledged is under way`() throws {
    #expect(
      try inFlight(
        """
        > P. 1:101(100) ack 1
        > P. 101:301(200) ack 1
        < .  1:1(0) ack 301
        > P. 301:401(100) ack 1
        """) == 300)
  }

  @Test func `new bytes are under way though old ones stand before them`() throws {
    #expect(
      try inFlight(
        """
             > P. 1:11(10) ack 1
        +0.2 > P. 1:501(500) ack 1
             < .  1:1(0) ack 501
        """) == 500)
  }

  @Test func `the next connection of the tuple begins anew`() throws {
    let run = TrackedRun(
      try Script(
        opened + """
               > P. 1:101(100) ack 1
               < .  1:1(0) ack 101
               > R. 101:101(0) ack 1
          +400 > S  9000:9000(0)
               < S. 9000:9000(0) ack 9001
               > .  9001:9001(0) ack 9001
          """
      ).segments)
    #expect(run.connections.map { $0.roundTrips(of: .client)?.samples } == [1, 0])
    #expect(run.connections.map { $0.roundTrips(of: .client)?.mostInFlight } == [100, 0])
  }
}
