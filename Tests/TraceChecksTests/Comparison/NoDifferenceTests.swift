import FlowTracker
import PacketParser
import Testing
import TraceChecks
import TraceScript

/// What two captures at two places lack of each other without anything having happened on the path.
struct NoDifferenceTests {
  @Test func `segments that a network card cuts up are the same`() throws {
    let whole = try Script(
      PathTests.conversation.replacing("> .  1001:2001(1000) ack 1\n", with: ""))
    let joined = try Script(
      PathTests.conversation.replacing(
        "> .  1:1001(1000) ack 1\n> .  1001:2001(1000) ack 1\n", with: "> . 1:2001(2000) ack 1\n"))
    let pieces = try Script(PathTests.conversation).frames[3...4]
    #expect(whole.frames.count == joined.frames.count)
    let comparison = TwoPlaces(joined, [4: .replaced(Array(pieces))]).compared()
    #expect(!comparison.hasDifferences)
    #expect(comparison.path?.properties.resegmented == 1)
    let partly = TwoPlaces(joined, [4: .replaced([pieces[3]])]).compared()
    #expect(partly.segmentsTold == ["lost client A 4 B –"])
    #expect(partly.connections.first?.segments.first?.missingBytes == 1000)
  }

  @Test(arguments: [0..<10, 3..<13, 5..<9])
  func `what a capture did not run for is not lost`(frames: Range<Int>) throws {
    let places = TwoPlaces(try Script(PathTests.conversation))
    let comparison = Comparison(recording(of: places.a), recording(of: Array(places.b[frames])))
    #expect(comparison.mode == .sameTraffic)
    #expect(comparison.segmentsTold.isEmpty)
    let path = try #require(comparison.path)
    #expect(path.properties.common == frames.count)
    #expect(path.uncompared.a == 13 - frames.count && path.uncompared.b == 0)
  }

  @Test func `a direction that was not recorded is not lost`() throws {
    let places = TwoPlaces(try Script(PathTests.conversation))
    func oneWay(_ frames: [CapturedFrame], port: UInt16) -> [CapturedFrame] {
      // The ports of an Ethernet frame with IPv4 and no options.
      frames.filter { $0.bytes[34] == UInt8(port >> 8) && $0.bytes[35] == UInt8(port & 0xff) }
    }
    let comparison = Comparison(
      recording(of: places.a), recording(of: oneWay(places.bWithClockOfA, port: 80)))
    #expect(comparison.segmentsTold.isEmpty)
    #expect(!comparison.hasDifferences)
    #expect(comparison.path?.uncompared.a == 8)
    // Neither has anything that the other has, but for what is acknowledged.
    let disjoint = Comparison(
      recording(of: oneWay(places.a, port: 40000)), recording(of: oneWay(places.b, port: 80)))
    #expect(disjoint.mode == .sameTraffic)
    #expect(!disjoint.hasDifferences)
    #expect(disjoint.path?.properties.common == 0)
  }

  @Test func `a connection of which nothing came was lost, unless its answers came by`() throws {
    let attempt = "> S 0:0(0) <mss 1460> port 7\n+1 > S 0:0(0) <mss 1460> port 7\n"
    let script = try Script(attempt + PathTests.conversation)
    let lost = TwoPlaces(script, [1: .lost, 2: .lost]).compared()
    #expect(lost.segmentsTold == ["lost client A 1 B –", "lost client A 2 B –"])
    #expect(lost.counts.onlyInA == 1)
    // The answer was sent at the other place, which shows nothing of it.
    let answered = try Script(attempt + "< S. 0:0(0) ack 1 port 7\n" + PathTests.conversation)
    let places = TwoPlaces(answered)
    let filtered = Comparison(
      recording(of: places.a),
      recording(of: places.b.filter { $0.bytes[35] != 7 && $0.bytes[37] != 7 }))
    #expect(filtered.segmentsTold.isEmpty)
    #expect(filtered.path?.uncompared.a == 3)
  }

  @Test func `a capture that holds all twice tells nothing of copies`() throws {
    let places = TwoPlaces(try Script(PathTests.conversation))
    let comparison = Comparison(
      recording(of: places.a), recording(of: places.b.flatMap { [$0, $0] }))
    #expect(comparison.segmentsTold.isEmpty)
    #expect(comparison.path?.repeatsItself.b == true)
  }

  @Test func `what was too much to keep is counted and not lost`() throws {
    let places = TwoPlaces(try Script(PathTests.conversation))
    let comparison = places.compared(limits: ComparisonLimits(connections: 1, segments: 6))
    #expect(comparison.segmentsTold.isEmpty)
    #expect(comparison.omitted.a.segments == 7)
    #expect(comparison.omitted.b.segments == 7)
    #expect(comparison.path?.properties.common == 6)
  }

  @Test func `where nothing tells which way segments go, none is lost`() throws {
    // They go one way, and the clocks do not agree.
    let script = try Script(
      (0..<9).map { "> P. \(1 + $0):\(2 + $0)(1) ack 1\n" }.joined())
    let comparison = TwoPlaces(script, [3: .lost]).compared()
    #expect(comparison.segmentsTold.isEmpty)
    #expect(comparison.path?.properties.common == 8)
    #expect(comparison.path?.undirected.a == 1)
    #expect(comparison.hasDifferences)
    // As if they did, if they nearly do.
    let places = TwoPlaces(script, [3: .lost])
    let guess = Comparison(recording(of: places.a), recording(of: places.bWithClockOfA))
    #expect(guess.segmentsTold == ["lost client A 3 B –"])
  }

  @Test func `what is altered, late or in another order is told whichever way it went`() throws {
    let frames = try Script(PathTests.conversation).frames
    let index = try #require(
      frames.indices.last { frames[$0].bytes.count > 60 && frames[$0].bytes.last != 0 })
    func told(_ change: (inout [CapturedFrame]) -> Void) -> [String] {
      var changed = frames
      change(&changed)
      let comparison = Comparison(
        recording(of: frames), recording(of: changed), mode: .sameTraffic)
      return comparison.segmentsTold
    }
    #expect(told { _ in } == [])
    #expect(
      told { $0[index].bytes[$0[index].bytes.count - 1] ^= 0xff }.contains {
        $0.hasPrefix("altered")
      })
    #expect(
      told { $0.insert($0[index], at: index + 1) }.contains { $0.hasPrefix("duplicated") })
  }

  @Test func `a flow whose few delays say the contrary goes where its hosts' others go`() throws {
    let other = """
      > S  0:0(0) port 9
      +0.02 < S. 0:0(0) ack 1 port 9
      > .  1:1(0) ack 1 port 9
      """
    let script = try Script(PathTests.conversation + "\n" + other)
    // Both came sooner than they can.
    let comparison = TwoPlaces(
      script, [14: .delayed(by: -8_000_000), 15: .delayed(by: -8_000_000), 16: .lost]
    ).compared()
    #expect(comparison.segmentsTold == ["lost client A 16 B –"])
  }

  @Test func `what a capture has missed is not lost, nor forged`() throws {
    let places = TwoPlaces(try Script(PathTests.conversation))
    // The server acknowledges it, so it was there.
    let withoutData = places.b.enumerated().filter { $0.offset != 4 }.map(\.element)
    let comparison = Comparison(recording(of: places.a), recording(of: withoutData))
    #expect(comparison.segmentsTold == ["missed client A 5 B –"])
    let back = Comparison(recording(of: withoutData), recording(of: places.a))
    #expect(back.segmentsTold == ["missed client A – B 5"])
    // So was this one, of which the other capture shows that it came.
    let withoutAnswer = places.b.enumerated().filter { $0.offset != 7 }.map(\.element)
    let answer = Comparison(recording(of: places.a), recording(of: withoutAnswer))
    #expect(answer.segmentsTold == ["missed server A 8 B –"])
  }

  @Test func `data that were sent later were forged before`() throws {
    // Somebody else sends the second segment before its sender does.
    let script = try Script(
      PathTests.conversation.replacing(
        "> .  1001:2001(1000) ack 1\n",
        with: "> .  1001:2001(1000) ack 1 id 999\n> .  1001:2001(1000) ack 1\n"))
    #expect(
      TwoPlaces(script, [5: .injected]).compared().segmentsTold == ["injected client A – B 5"])
  }
}
