import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

struct TraceAnalyzerTests {
  private static let client = SocketAddress.version4(1, port: 50000)
  private static let server = SocketAddress.version4(2, port: 80)

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `every frame has one fate, whatever the frames are`(seed: UInt64) throws {
    var random = Generator(state: seed)
    let frames = (0..<500).map { _ in mixedFrame(&random) }
    let analysis = Analysis(frames)
    let summary = try #require(analysis.summary)
    #expect(summary.framesRead == 500)
    #expect(summary.framesByFate.reduce(0, +) == 500)
    #expect(summary.connections == analysis.connections.count)
    #expect(summary.handshakes.reduce(0, +) == summary.connections)
    #expect(summary.closes.reduce(0, +) == summary.connections)
    #expect(summary.endReasons.reduce(0, +) == summary.connections)
    let packets = analysis.connections.reduce(0) { $0 + $1[.client].packets + $1[.server].packets }
    #expect(packets == UInt64(summary.framesByFate[Int(FrameFate.tcp.rawValue)]))
    #expect(Analysis(frames).text == analysis.text)
    // Where nobody looks at single segments, SYNs wait in the cache.
    #expect(Analysis(frames, labelsFrames: false).summary.map { "\($0)" } == "\(summary)")
  }

  @Test func `a SYN in a large packet, behind long extension headers, is a SYN like others`() throws
  {
    var syn = FrameBuilder(
      from: SocketAddress(address: IPAddress(v6: 0x2001_0db8_0000_0000, 1), port: 50000),
      to: SocketAddress(address: IPAddress(v6: 0x2001_0db8_0000_0000, 2), port: 80))
    (syn.flags, syn.acknowledgment, syn.options) = (.syn, 0, FrameBuilder.maximumSegmentSize(1440))
    // Destination options of 1,608 bytes (RFC 8200 §4.6), all of them padding.
    let padding = (0..<6).flatMap { _ in [1, 252] + [UInt8](repeating: 0, count: 252) }
    let options = [6, 200] + padding + [1, 80] + [UInt8](repeating: 0, count: 80)
    let packet = syn.ipPacket(carrying: options + syn.tcp, protocolNumber: 60)
    let frames = (0..<3).map { _ in syn.ethernetFrame(carrying: packet, type: syn.etherType) }
    for labelsFrames in [true, false] {
      let connection = try #require(Analysis(frames, labelsFrames: labelsFrames).connections.first)
      #expect(connection[.client].packets == 3)
      #expect(connection.handshake.outcome == .unanswered)
    }
  }

  /// A debug build sees whether a detector finds what it has not asked for.
  @Test(arguments: 0..<300 as Range<UInt64>)
  func `detectors find what they look for, whatever a connection does`(seed: UInt64) throws {
    var random = Generator(state: seed)
    let kinds: [TCPFlags] = [
      .syn, [.syn, .ack], .ack, [.psh, .ack], [.fin, .ack], .rst, [.rst, .ack], .fin,
    ]
    let frames = (0..<60).map { _ in
      let ends = [Self.client, Self.server]
      let sender = Int.random(in: 0...1, using: &random)
      var frame = FrameBuilder(from: ends[sender], to: ends[1 - sender])
      frame.flags = kinds[.random(in: 0..<kinds.count, using: &random)]
      frame.sequence = .random(in: 0...4, using: &random)
      frame.acknowledgment = frame.flags.contains(.ack) ? .random(in: 0...4, using: &random) : 0
      frame.payload = [UInt8](repeating: 7, count: .random(in: 0...2, using: &random))
      return frame.ethernet
    }
    #expect(Analysis(frames, interval: 100_000_000).summary?.framesRead == 60)
  }

  @Test func `a connection whose SYNs were cut is none of which there is nothing to say`() throws {
    let script = """
      > S 0:0(0) <mss 1460,sackOK,nop,wscale 7>
      < S. 0:0(0) ack 1 <mss 1460,sackOK,nop,wscale 7>
      > . 1:1(0) ack 1
      > F. 1:1(0) ack 1
      < F. 1:1(0) ack 2
      > . 2:2(0) ack 2
      """
    let frames = try Script(script).frames.map {
      (Timestamp(seconds: $0.seconds, nanoseconds: $0.nanoseconds), $0.bytes)
    }
    // Ethernet, IPv4 and TCP are 54 bytes, so 6 bytes of options are left.
    let cut = Analysis(frames, captured: 60).connections
    #expect(cut.map { $0.findings.map(\.rule.id) } == [["window-scale-unknown"]])
    #expect(Analysis(frames).connections.map(\.findings.count) == [0])
  }

  @Test func `checksums are counted, and never a reason to drop`() throws {
    var frame = FrameBuilder(from: Self.client, to: Self.server)
    frame.payload = [1, 2, 3]
    let correct = frame.ethernet
    var wrong = correct
    wrong[wrong.count - 1] ^= 0xff
    var offloaded = correct
    // Behind 14 bytes of Ethernet and 20 of IPv4, the checksum is at byte 16 of the TCP header.
    offloaded.replaceSubrange(50..<52, with: bigEndian(frame.offloadedChecksum))
    let analysis = Analysis([correct, wrong, wrong, offloaded], interval: 1_000_000_000)
    let counts = try #require(analysis.summary).segmentsByChecksum
    #expect(counts[Int(ChecksumStatus.correct.rawValue)] == 1)
    #expect(counts[Int(ChecksumStatus.wrong.rawValue)] == 2)
    #expect(counts[Int(ChecksumStatus.offloaded.rawValue)] == 1)
    #expect(analysis.connections.first?[.client].packets == 4)
  }

  @Test func `a connection names so many frames and counts the others`() throws {
    var frame = FrameBuilder(from: Self.client, to: Self.server)
    frame.payload = [1, 2, 3]
    // The first is new, the others are repeats: later than any copy.
    let frames = Array(repeating: frame.ethernet, count: FrameLabels.limit + 6)
    let labels = try #require(Analysis(frames, interval: 20_000_000).connections.first?.frames)
    #expect(labels.frames.count == FrameLabels.limit)
    #expect(labels.omitted == 5)
  }

  @Test func `filtered frames count as read`() {
    let analysis = Analysis([])
    var analyzer = TraceAnalyzer(linkType: .ethernet, sink: analysis)
    let summary = analyzer.finish(framesFiltered: 7, error: "cut")
    #expect(summary.framesRead == 7)
    #expect(summary.framesFiltered == 7)
    #expect(summary.firstTime == nil)
    #expect(summary.error == "cut")
  }

  @Test(arguments: [0, 1, 9, 10, 11, 29, 30, 31, 32, 33, 64, 65])
  func `a queue gives what single segments give`(count: Int) {
    var list = FrameList()
    for index in 0..<20 {
      list.connection(from: .version4(UInt8(index % 5), port: 50000), to: Self.server)
    }
    let segments = Array(list.frames.prefix(count))
    // An ICMP error about nothing that is known: whatever waits is to be taken in before it.
    let error = icmpError(
      about: .version4(99, port: 1), to: Self.server, sequence: 0)
    let queued = Analysis(segments)
    let single = Analysis(segments.flatMap { [$0, error] }, interval: 500_000)
    // Of two frames each, the first is the segment.
    let renumbered = Analysis(segments.flatMap { [$0, []] }, interval: 500_000)
    #expect(single.connections.map(story(of:)) == renumbered.connections.map(story(of:)))
    #expect(
      queued.connections.map(\.handshake.outcome) == single.connections.map(\.handshake.outcome))
    #expect(
      queued.connections.reduce(0) { $0 + $1[.client].packets + $1[.server].packets } == count)
  }

  @Test func `an ICMP error takes its place between the segments`() {
    let syn = segment(.syn, 100)
    let synACK = segment([.syn, .ack], 300, ack: 101, fromServer: true)
    let error = icmpError(about: Self.client, to: Self.server, sequence: 100)
    let outcomes = [[syn, error], [syn, synACK, error], [error, syn], [syn, syn, error]]
      .map { Analysis($0).connections.map(\.handshake.outcome) }
    #expect(outcomes == [[.rejected], [.halfOpen], [.unanswered], [.rejected]])
    let rejection = Analysis([syn, error]).connections[0].handshake.rejection
    #expect(rejection?.frame == 2)
  }

  @Test func `the summary adds up what the connections came to`() throws {
    var list = FrameList()
    list.connection(from: Self.client, to: Self.server)
    list.segment(from: .version4(3, port: 1), to: Self.server, .syn, 1)
    let summary = try #require(Analysis(list.frames).summary)
    #expect(summary.handshakes[Int(Handshake.Outcome.complete.rawValue)] == 1)
    #expect(summary.handshakes[Int(Handshake.Outcome.unanswered.rawValue)] == 1)
    #expect(summary.closes[Int(Closing.Outcome.complete.rawValue)] == 1)
    #expect(summary.closes[Int(Closing.Outcome.open.rawValue)] == 1)
    #expect(summary.closesOfOpened.reduce(0, +) == 1)
    #expect(summary.firstTime == Timestamp(nanoseconds: 0))
    #expect(summary.lastTime == Timestamp(nanoseconds: 9_000_000))
  }

  @Test func `TIME-WAIT ends by a timer`() throws {
    var list = FrameList()
    list.connection(from: Self.client, to: Self.server)
    list.connection(from: .version4(3, port: 1), to: Self.server)
    let connections = Analysis(list.frames, interval: 10_000_000_000).connections
    #expect(connections.map(\.number) == [1, 2])
    let last = try #require(connections[0][.client].states.last)
    #expect(last.state == .closed)
    #expect(last.evidence == .timer)
    #expect(last.frame == 0)
    #expect(last.time == Timestamp(nanoseconds: 140_000_000_000))
    #expect(connections[1][.client].states.last?.state == .timeWait)
  }

  @Test func `times that go backwards still give the earliest and the latest`() {
    let analyzed = Analysis([segment(.syn, 1), segment(.syn, 1), segment(.syn, 1)], interval: -1)
    #expect(analyzed.summary?.firstTime == Timestamp(nanoseconds: -2))
    #expect(analyzed.summary?.lastTime == Timestamp(nanoseconds: 0))
    #expect(analyzed.connections[0].durationNanoseconds == nil)
  }

  // MARK: - Frames

  private func segment(
    _ flags: TCPFlags, _ sequence: UInt32, ack: UInt32 = 0, fromServer: Bool = false
  ) -> [UInt8] {
    var list = FrameList()
    let (source, destination) =
      fromServer ? (Self.server, Self.client) : (Self.client, Self.server)
    list.segment(from: source, to: destination, flags, sequence, ack: ack)
    return list.frames[0]
  }

  private func mixedFrame(_ random: inout Generator) -> [UInt8] {
    var frame = FrameBuilder(
      from: .version4(
        UInt8.random(in: 1...3, using: &random), port: .random(in: 1...3, using: &random)),
      to: .version4(
        UInt8.random(in: 1...3, using: &random), port: .random(in: 1...3, using: &random)))
    frame.flags = TCPFlags(rawValue: .random(in: 0...31, using: &random))
    frame.sequence = .random(in: 0...200, using: &random)
    frame.acknowledgment = .random(in: 0...200, using: &random)
    frame.payload = [UInt8](repeating: 0, count: .random(in: 0...50, using: &random))
    let whole = frame.ethernet
    switch Int.random(in: 0..<10, using: &random) {
    case 0: return Array(whole.prefix(.random(in: 0...whole.count, using: &random)))
    case 1: return whole.map { _ in UInt8.random(in: 0...255, using: &random) }
    case 2: return frame.ethernetFrame(carrying: frame.packet, type: 0x0806)
    case 3:
      let packet = frame.ipPacket(carrying: frame.tcp, protocolNumber: 17)
      return frame.ethernetFrame(carrying: packet, type: 0x0800)
    case 4:
      let fragment = frame.ipv4Packet(
        carrying: Array(frame.tcp.prefix(16)), protocolNumber: 6, moreFragments: true)
      return frame.ethernetFrame(carrying: fragment, type: 0x0800)
    case 5: return icmpError(about: frame.source, to: frame.destination, sequence: frame.sequence)
    default: return whole
    }
  }
}

/// Numbers that are the same for a seed, every time (SplitMix64).
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }
}
