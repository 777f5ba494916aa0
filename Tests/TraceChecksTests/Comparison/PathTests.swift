import FlowTracker
import PacketParser
import Testing
import TraceChecks
import TraceScript

/// The same traffic at two places of its path.
struct PathTests {
  /// A request of three segments, an answer of two, and a close.
  static let conversation = """
    > S  0:0(0) <mss 1460,nop,wscale 7,sackOK>
    +0.02 < S. 0:0(0) ack 1 <mss 1460,nop,wscale 7,sackOK>
    > .  1:1(0) ack 1
    > .  1:1001(1000) ack 1
    > .  1001:2001(1000) ack 1
    > P. 2001:3001(1000) ack 1
    +0.02 < .  1:1(0) ack 3001
    < .  1:1001(1000) ack 3001
    < P. 1001:1501(500) ack 3001
    > .  3001:3001(0) ack 1501
    > F. 3001:3001(0) ack 1501
    +0.02 < F. 1501:1501(0) ack 3002
    > .  3002:3002(0) ack 1502
    """

  /// The same with what is sent again where segments 5 and 11 do not come.
  static let repeated = """
    > S  0:0(0) <mss 1460,nop,wscale 7,sackOK>
    +0.02 < S. 0:0(0) ack 1 <mss 1460,nop,wscale 7,sackOK>
    > .  1:1(0) ack 1
    > .  1:1001(1000) ack 1
    > .  1001:2001(1000) ack 1
    > P. 2001:3001(1000) ack 1
    +0.02 < .  1:1(0) ack 1001
    +0.3 > .  1001:2001(1000) ack 1
    +0.02 < .  1:1(0) ack 3001
    < .  1:1001(1000) ack 3001
    < P. 1001:1501(500) ack 3001
    > .  3001:3001(0) ack 1001
    +0.3 < P. 1001:1501(500) ack 3001
    > .  3001:3001(0) ack 1501
    > F. 3001:3001(0) ack 1501
    +0.02 < F. 1501:1501(0) ack 3002
    > .  3002:3002(0) ack 1502
    """

  private func compared(
    _ mishaps: [Int: TwoPlaces.Mishap], far: String? = nil
  ) throws -> Comparison {
    let other = try far.map { try Script($0) }
    return TwoPlaces(try Script(Self.conversation), far: other, mishaps).compared()
  }

  @Test func `where all segments come, nothing differs, and the way is measured`() throws {
    let comparison = try compared([:])
    #expect(comparison.mode == .sameTraffic)
    #expect(!comparison.hasDifferences)
    #expect(comparison.pairs == 1)
    let path = try #require(comparison.path)
    #expect(path.properties.common == 13)
    #expect(path.delays.clockOffsetNanoseconds == TwoPlaces.clockOffset)
    #expect(path.delays.leastNanoseconds == TwoPlaces.way)
    #expect(path.delays.usualNanoseconds(.aToB) == TwoPlaces.way)
    #expect(path.delays.usualNanoseconds(.bToA) == TwoPlaces.way)
  }

  @Test func `it is the same seen from the other place`() throws {
    let places = TwoPlaces(try Script(Self.repeated), [5: .lost, 11: .lost])
    let comparison = Comparison(recording(of: places.b), recording(of: places.a))
    #expect(comparison.segmentsTold == ["lost client A – B 5", "lost server A 10 B –"])
    #expect(comparison.path?.delays.clockOffsetNanoseconds == -TwoPlaces.clockOffset)
  }

  @Test func `a segment that is seen at one place only was lost`() throws {
    let script = try Script(Self.repeated)
    #expect(TwoPlaces(script, [5: .lost]).compared().segmentsTold == ["lost client A 5 B –"])
    #expect(TwoPlaces(script, [11: .lost]).compared().segmentsTold == ["lost server A – B 11"])
    // Near the end nothing behind it shows that the other capture went on; it did all the same.
    #expect(try compared([13: .lost]).segmentsTold == ["lost client A 13 B –"])
  }

  @Test func `of a segment that was lost and sent again, the first is named`() throws {
    let script = try Script(
      Self.conversation.replacing(
        "+0.02 < .  1:1(0) ack 3001\n",
        with: "+0.3 > .  1001:2001(1000) ack 1\n+0.02 < .  1:1(0) ack 3001\n"))
    #expect(TwoPlaces(script, [5: .lost]).compared().segmentsTold == ["lost client A 5 B –"])
    #expect(TwoPlaces(script, [7: .lost]).compared().segmentsTold == ["lost client A 7 B –"])
  }

  @Test func `what stacks do not number is told apart by its time`() throws {
    // IPv6 has no identification, and these segments have no timestamps.
    var settings = ScriptSettings()
    settings.ipVersion = .v6
    let repeats = (0..<5).map { _ in "+0.2 > P. 2001:3001(1000) ack 1\n" }.joined()
    let script = try Script(
      Self.conversation.replacing(
        "+0.02 < .  1:1(0) ack 3001\n", with: repeats + "+0.02 < . 1:1(0) ack 3001\n"),
      settings: settings)
    for lost in 6...11 {
      let comparison = TwoPlaces(script, [lost: .lost]).compared()
      #expect(comparison.segmentsTold == ["lost client A \(lost) B –"])
    }
  }

  @Test func `what comes twice was duplicated`() throws {
    #expect(
      try compared([5: .copied(after: 300_000)]).segmentsTold == ["duplicated client A 5 B 6"])
    let comparison = try compared([9: .copied(after: 700_000_000)])
    #expect(comparison.segmentsTold == ["duplicated server A 14 B 9"])
    #expect(comparison.connections.first?.segments.first?.otherFrame == 9)
  }

  @Test func `what comes behind a later one was reordered, by how much is told`() throws {
    let comparison = try compared([4: .delayed(by: 1_500_000)])
    #expect(comparison.segmentsTold == ["reordered client A 4 B 5"])
    let segment = try #require(comparison.connections.first?.segments.first)
    #expect(segment.otherFrame == 4)
    #expect(segment.excessNanoseconds == 1_500_000)
  }

  @Test func `what is late and yet in order was delayed`() throws {
    let late = try compared([13: .delayed(by: 20_000_000)])
    #expect(late.segmentsTold == ["delayed client A 13 B 13"])
    #expect(late.connections.first?.segments.first?.excessNanoseconds == 20_000_000)
    #expect(!(try compared([13: .delayed(by: 9_000_000)]).hasDifferences))
    let strict = TwoPlaces(try Script(Self.conversation), [13: .delayed(by: 9_000_000)])
      .compared(tolerance: try #require(Tolerance("1ms")))
    #expect(strict.segmentsTold == ["delayed client A 13 B 13"])
  }

  // MARK: - Altered

  /// What is told to have changed of which segment.
  private func alterations(_ comparison: Comparison) -> [String] {
    comparison.connections.flatMap(\.segments).flatMap { segment in
      segment.alterations.map { "\(segment.frames.a ?? 0) \($0.field.rawValue) \($0.a) \($0.b)" }
    }
  }

  @Test(arguments: [
    (4, "ack 1", "ack 1 altered 7", "4 payload  "),
    (4, "ack 1", "ack 1 altered 900", "4 payload  "),
    (1, "mss 1460", "mss 1380", "1 mss 1460 1380"),
    (1, "wscale 7", "wscale 2", "1 window-scale 7 2"),
    (1, ",sackOK", "", "1 options MSS, window scale, SACK permitted MSS, window scale"),
    (4, "ack 1", "ack 1 win 100", "4 window 65535 100"),
    (4, ".  1:", "P. 1:", "4 flags ACK PSH,ACK"),
    (7, "ack 3001", "ack 2001", "7 acknowledgment 1003001 1002001"),
  ])
  func `what is changed of a segment is told`(
    frame: Int, old: String, new: String, alteration: String
  ) throws {
    var lines = Self.conversation.split(separator: "\n").map(String.init)
    lines[frame - 1] = lines[frame - 1].replacing(old, with: new)
    let far = lines.joined(separator: "\n")
    let comparison = try compared([:], far: far)
    #expect(alterations(comparison).first?.hasPrefix(alteration) == true)
    #expect(comparison.segmentsTold.count == 1)
    #expect(comparison.count(.altered) == 1)
  }

  @Test func `sequence numbers that are all shifted are told of the path`() throws {
    var settings = ScriptSettings()
    // The payload of scripts follows from the low bytes of its numbers: they stay.
    settings.clientInitialSequence = 320
    settings.serverInitialSequence = 4_294_967_040
    let shifted = try Script(Self.repeated, settings: settings)
    let places = TwoPlaces(try Script(Self.repeated), far: shifted, [5: .lost])
    let comparison = Comparison(
      recording(of: places.a), recording(of: places.b), mode: .sameTraffic)
    #expect(comparison.segmentsTold == ["lost client A 5 B –"])
    #expect(comparison.path?.properties.shiftedConnections == 1)
  }

  @Test func `hop limits are told of the path, and say where segments go`() throws {
    let far = Self.conversation.split(separator: "\n").map {
      $0.hasPrefix(">") ? $0 + " ttl 61" : $0
    }.joined(separator: "\n")
    let comparison = try compared([:], far: far)
    #expect(!comparison.hasDifferences)
    let limits = try #require(comparison.path?.properties.hopLimits)
    #expect(limits[0].map { [$0.a, $0.b] } == [[64, 61]])
    #expect(limits[1].map { [$0.a, $0.b] } == [[64, 64]])
    #expect(limits[0].first?.segments == 8)
  }

  @Test func `addresses may be rewritten on the way`() throws {
    // Of the client all, as a NAT does.
    let far = Self.repeated.split(separator: "\n").map { $0 + " client 99 port 5555" }
      .joined(separator: "\n")
    var settings = ScriptSettings()
    settings.variesInitialSequences = false
    let places = TwoPlaces(
      try Script(Self.repeated), far: try Script(far, settings: settings), [5: .lost])
    #expect(places.compared().mode == .beforeAndAfter)
    let forced = Comparison(
      recording(of: places.a), recording(of: places.b), mode: .sameTraffic)
    #expect(forced.segmentsTold == ["lost client A 5 B –"])
    #expect(forced.pairs == 1)
    let addresses = try #require(forced.path?.properties.addresses)
    #expect(addresses.map { "\($0.a) \($0.b)" } == ["192.0.2.1:40000 192.0.2.99:5555"])
  }

  @Test func `a forged RST was never sent`() throws {
    let script = try Script(
      Self.conversation.replacing(
        "+0.02 < .  1:1(0) ack 3001\n",
        with: "+0.02 < R. 1:1(0) ack 3001 ttl 200\n< .  1:1(0) ack 3001\n"))
    let comparison = TwoPlaces(script, [7: .injected]).compared()
    #expect(comparison.segmentsTold == ["injected server A 7 B –"])
  }

  // MARK: - Clocks

  /// Requests and answers, a second apart.
  private static let longConversation =
    "> S 0:0(0)\n< S. 0:0(0) ack 1\n> . 1:1(0) ack 1\n"
    + (0..<400).map {
      "+1 > P. \(1 + $0):\(2 + $0)(1) ack \(1 + $0)\n< P. \(1 + $0):\(2 + $0)(1) ack \(2 + $0)\n"
    }.joined()

  @Test func `a clock that goes faster delays nothing`() throws {
    let places = TwoPlaces(try Script(Self.longConversation))
    let start = places.b[0].seconds
    let fast = places.b.map { frame in
      var frame = frame
      // 50 µs a second.
      frame.nanoseconds += 50_000 * (frame.seconds - start)
      frame.seconds += frame.nanoseconds / 1_000_000_000
      frame.nanoseconds %= 1_000_000_000
      return frame
    }
    let comparison = Comparison(recording(of: places.a), recording(of: fast))
    #expect(!comparison.hasDifferences)
    let drift = try #require(comparison.path?.delays.driftPartsPerMillion)
    #expect(abs(drift - 50) < 1)
    let back = Comparison(recording(of: fast), recording(of: places.a))
    #expect(abs((back.path?.delays.driftPartsPerMillion ?? 0) + 50) < 1)
  }

  @Test func `a queue that builds up does`() throws {
    let mishaps = (0..<400).map {
      (4 + 2 * $0, TwoPlaces.Mishap.delayed(by: 100_000 * Int64($0)))
    }
    let comparison = TwoPlaces(
      try Script(Self.longConversation), Dictionary(uniqueKeysWithValues: mishaps)
    ).compared()
    #expect(comparison.count(.delayed) > 50)
    #expect(comparison.path?.delays.driftPartsPerMillion == 0)
  }

  // MARK: - Anything

  /// Segments in no order, of few open connections and with few numbers, so that much is alike.
  private static func anything(_ count: Int, _ randomness: inout Randomness) -> [CapturedFrame] {
    var settings = ScriptSettings()
    let kinds: [TCPFlags] = [.ack, [.ack, .psh], [.ack, .ece]]
    var time = 1_700_000_000_000_000_000
    return (0..<count).map { _ in
      settings.ipVersion = Bool.random(using: &randomness) ? .v4 : .v6
      let (client, server) = (
        settings.client(port: .random(in: 1...3, using: &randomness)), settings.server
      )
      let isAnswer = Bool.random(using: &randomness)
      var frame = FrameBuilder(from: isAnswer ? server : client, to: isAnswer ? client : server)
      frame.flags = randomness.pick(kinds)
      frame.sequence = UInt32.random(in: 0...2, using: &randomness) &- 1
      frame.acknowledgment = .random(in: 0...2, using: &randomness)
      frame.payload = [UInt8](
        repeating: .random(in: 0...1, using: &randomness),
        count: .random(in: 0...2, using: &randomness))
      frame.identification = .random(in: 0...1, using: &randomness)
      frame.hopLimit = .random(in: 63...64, using: &randomness)
      time += .random(in: -1_000_000...3_000_000, using: &randomness)
      return CapturedFrame(
        seconds: time / 1_000_000_000, nanoseconds: time % 1_000_000_000, frame.ethernet)
    }
  }

  @Test(arguments: 0..<60)
  func `whatever a capture holds, it does not differ from itself`(seed: UInt64) {
    var randomness = Randomness(seed: seed)
    let frames = Self.anything(Int(seed) * 3, &randomness)
    let same = Comparison(recording(of: frames), recording(of: frames), mode: .sameTraffic)
    #expect(!same.hasDifferences)
    #expect(same.path?.properties.common == frames.count)
    // From any other it may, in frames that are there.
    let others = Self.anything(100, &randomness)
    let comparison = Comparison(
      recording(of: frames), recording(of: others), mode: .sameTraffic)
    #expect((comparison.path?.properties.common ?? 0) <= min(frames.count, others.count))
    for segment in comparison.connections.flatMap(\.segments) {
      #expect(segment.frames.a.map { 1...frames.count ~= $0 } ?? true)
      #expect(segment.frames.b.map { 1...others.count ~= $0 } ?? true)
      #expect(segment.frames.a != nil || segment.frames.b != nil)
    }
  }

  @Test func `captures of years apart are compared all the same`() throws {
    let places = TwoPlaces(try Script(Self.conversation))
    var early = places.a
    for index in early.indices { early[index].seconds = index.isMultiple(of: 2) ? .min : .max }
    _ = Comparison(recording(of: early), recording(of: places.b))
    _ = Comparison(recording(of: places.b), recording(of: early))
    let whole = Comparison(recording(of: places.a), recording(of: []), mode: .sameTraffic)
    #expect(whole.counts.onlyInA == 1)
  }
}
