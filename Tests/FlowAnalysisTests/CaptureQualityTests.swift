import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// What the capture did to what it shows.
struct CaptureQualityTests: TrafficScripts {
  /// What is found of Ethernet frames, of which so many bytes were captured.
  private func findings(
    _ frames: [[UInt8]], captured: Int = .max, error: String? = nil
  ) -> [CaptureFinding] {
    let timed = frames.enumerated().map { index, bytes in
      (Timestamp(nanoseconds: Int64(index) * 1_000_000), bytes)
    }
    return Analysis(timed, captured: captured, error: error).findings
  }

  private static let request: [[UInt8]] = {
    var list = FrameList()
    list.connection(from: .version4(1, port: 40000), to: .version4(2, port: 80))
    return list.frames
  }()

  // MARK: - Connections

  @Test func `connections that were open when the capture began are counted together`() throws {
    func script(_ lines: String) throws -> [CaptureFinding] { try Analysis(script: lines).findings }
    let older = """
      > P. 1:11(10) ack 1 port 1001
      > P. 1:11(10) ack 1 port 1002
      < .  1:1(0) ack 11 port 1001
      """
    let finding = try #require(script(older).first)
    #expect(finding.rule.id == "starts-before-capture")
    #expect(finding.count == 2)
    #expect(finding.connections == [1, 2])
    #expect(finding.displayFilter == "frame.number in {1,2}")
    #expect(finding.first.frame == 1 && finding.last.frame == 3)
    // One speaks for itself, a new one is none, and what answers or probes belongs to none.
    #expect(try script("> P. 1:11(10) ack 1 port 1001\n> S 0:0(0) <mss 1460> port 1002").isEmpty)
    #expect(try script("> R 1:1(0) port 1001\n> R 1:1(0) port 1002").isEmpty)
  }

  // MARK: - Frames

  @Test func `frames with a snap length are counted`() throws {
    // Ethernet, IPv4 and TCP headers take 54 bytes: one segment has 80 more, two have options.
    let found = try #require(findings(Self.request, captured: 64).first)
    #expect(found.rule.id == "frame-truncated")
    #expect(found.count == 1)
    #expect(found.frames == [4])
    #expect(found.first.frame == 4 && found.last.frame == 4)
    #expect(findings(Self.request, captured: 134).isEmpty)
  }

  @Test func `so are those that are cut within their headers`() {
    let found = findings(Self.request, captured: 50)
    #expect(found.map(\.rule.id) == ["frame-truncated"])
    #expect(found.first?.count == Self.request.count)
    #expect(found.first?.frames == Array(1...8))
  }

  @Test func `a data offset below the header is invalid, and beyond the segment too`() throws {
    for (offset, isInvalid) in [(4 as UInt8, true), (5, false), (6, true)] {
      var frame = FrameBuilder().ethernet
      frame[14 + 20 + 12] = offset << 4
      let found = findings([frame])
      #expect(found.contains { $0.rule.id == "header-invalid" } == isInvalid)
      #expect(!isInvalid || found.first?.frames == [1])
    }
  }

  @Test func `an IP length of 0 is told, and one beyond the frame`() throws {
    for (length, isWrong) in [(0 as UInt16, true), (40, false), (41, true)] {
      var frame = FrameBuilder().ethernet
      frame.replaceSubrange(16..<18, with: bigEndian(length))
      let ids = findings([frame]).map(\.rule.id)
      #expect(ids.contains("length-mismatch") == isWrong, "\(length): \(ids)")
    }
  }

  @Test func `time that runs backwards is told where it does so`() throws {
    // In milliseconds; each frame is one of the request.
    func backward(_ times: [Double]) -> [Int] {
      let frames = zip(times, Self.request).map {
        (Timestamp(nanoseconds: Int64($0 * 1_000_000)), $1)
      }
      return Analysis(frames).findings.filter { $0.rule.id == "time-backwards" }.flatMap(\.frames)
    }
    #expect(backward([1, 2, 3, 3, 4]).isEmpty)
    #expect(backward([10, 9.5, 9, 8.1]).isEmpty, "by a millisecond at most")
    #expect(backward([10, 11, 5, 6, 7, 12]) == [3], "what follows goes on from there")
    #expect(backward([10, 11, 5, 3, 12, 11.5, 2]) == [3, 4, 7])
    #expect(backward([5, 10, 8, 8]) == [3])
  }

  /// A connection as `tcpdump -i any` shows it, each segment on these interfaces.
  private func cooked(on interfaces: (Int) -> [UInt8]) throws -> [CaptureFinding] {
    let frames = try Script(Self.used("port 6000")).frames.enumerated().flatMap { index, frame in
      interfaces(index).map { interface in
        let header: [UInt8] = [
          8, 0, 0, 0, 0, 0, 0, interface, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0,
        ]
        return (
          Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds),
          header + frame.bytes.dropFirst(14)
        )
      }
    }
    return Analysis(frames, labelsFrames: false, linkType: .linuxCookedVersion2).findings
  }

  @Test func `what came on several interfaces is told, with their numbers`() throws {
    let found = try cooked { _ in [7, 2] }
    #expect(found.map(\.rule.id) == ["multi-interface"])
    #expect(found.first?.count == 8)
    #expect(found.first?.frames == [2, 4, 6, 8, 10, 12, 14, 16])
    #expect(
      found.first?.message
        == "8 segments came again on another interface of the capturing host (2, 7): they are copies, not "
        + "retransmissions.")
  }

  @Test func `copies on one interface and segments that came on one each are not`() throws {
    #expect(try cooked { _ in [2, 2] }.isEmpty)
    #expect(try cooked { [UInt8(2 + $0 % 2)] }.isEmpty)
    #expect(try cooked { $0 % 2 == 0 ? [2, 2] : [7] }.isEmpty)
  }

  // MARK: - Segments

  private func superframes(payload: Int, offer: Int) throws -> [CaptureFinding] {
    try Self.findings(
      """
      > S 0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss \(offer)>
      > . 1:1(0) ack 1
      > P. 1:\(payload + 1)(\(payload)) ack 1
      < . 1:1(0) ack \(payload + 1)
      """
    ).filter { $0.rule.id == "offload-superframe" }
  }

  @Test func `a segment that is larger than its receiver takes was not on the wire`() throws {
    let found = try #require(try superframes(payload: 2920, offer: 1460).first)
    #expect(found.count == 1)
    #expect(found.frames == [4])
    #expect(found.sources.addresses.map(\.description) == ["192.0.2.1"])
    #expect(found.message.contains("2,920 bytes where 1,460 are allowed"))
    #expect(try superframes(payload: 1460, offer: 1460).isEmpty)
    #expect(try superframes(payload: 8960, offer: 8960).isEmpty)
    #expect(try superframes(payload: 8961, offer: 8960).count == 1)
  }

  /// A connection that lacks so many segments of each end.
  private func gapped(_ place: String, client: Int, server: Int) -> String {
    var script = Self.opened(place) + "\n"
    for gap in 0..<client { script += "< . 1:1(0) ack \(101 + gap * 100) \(place)\n" }
    let sent = 1 + client * 100
    for gap in 0..<server {
      script += "> . \(sent):\(sent)(0) ack \(101 + gap * 100) \(place)\n"
    }
    return script
  }

  private func drops(_ connections: [(client: Int, server: Int)]) throws -> [CaptureFinding] {
    let script = connections.enumerated().map { index, gaps in
      gapped("port \(41000 + index)", client: gaps.client, server: gaps.server)
    }
    return try Self.findings(script.joined()).filter { $0.rule.id == "capture-drops" }
  }

  @Test func `gaps in many connections and both directions are the capture's`() throws {
    let found = try #require(try drops([(4, 0), (3, 1), (0, 2)]).first)
    #expect(found.count == 3)
    #expect(found.connections == [1, 2, 3])
    #expect(found.message.contains("10 places"))
    #expect(try drops([(4, 0), (3, 0), (0, 2)]).isEmpty, "too few places")
    #expect(try drops([(5, 0), (3, 2)]).isEmpty, "too few connections")
    #expect(try drops([(4, 0), (4, 0), (4, 0)]).isEmpty, "one direction")
  }

  // MARK: - Fragments

  /// Two fragments of a datagram that begins a TCP segment, or whatever the number of the protocol is.
  private func fragments(identification: UInt16, carrying protocolNumber: UInt8 = 6) -> [[UInt8]] {
    var builder = FrameBuilder(from: .version4(1, port: 40000), to: .version4(2, port: 80))
    builder.identification = identification
    builder.payload = Array(1...80)
    return [0..<40, 40..<100].map { range in
      builder.ethernetFrame(
        carrying: builder.ipv4Packet(
          carrying: Array(builder.tcp[range]), protocolNumber: protocolNumber,
          offset: range.lowerBound, moreFragments: range.upperBound < 100),
        type: builder.etherType)
    }
  }

  @Test func `first fragments without the rest are counted`() throws {
    let (one, two) = (fragments(identification: 1), fragments(identification: 2))
    let found = try #require(findings(Self.request + [one[0], two[0]]).first)
    #expect(found.rule.id == "fragment-incomplete")
    #expect(found.count == 2)
    #expect(found.frames == [Self.request.count + 1, Self.request.count + 2])
    #expect(found.message.hasPrefix("2 segments came in fragments"))
    #expect(findings([one[0], two[0], two[1]]).first?.frames == [1])
    // Complete, without its beginning, and of another protocol.
    #expect(findings(one).isEmpty)
    #expect(findings([one[1]]).isEmpty)
    #expect(findings([fragments(identification: 3, carrying: 17)[0]]).isEmpty)
  }

  @Test func `fragments that come too late do not complete a datagram`() throws {
    let parts = fragments(identification: 1)
    func found(after seconds: Int64) -> [CaptureFinding] {
      Analysis(
        parts.enumerated().map { index, bytes in
          (Timestamp(nanoseconds: Int64(index) * seconds * 1_000_000_000), bytes)
        }
      ).findings
    }
    #expect(found(after: 30).isEmpty)
    #expect(found(after: 31).map(\.rule.id) == ["fragment-incomplete"])
  }

  // MARK: - The file

  @Test func `a capture that ends in damage is an error at its last frame`() throws {
    let found = try #require(findings(Self.request, error: "packet 10: cut\n  Try this.").first)
    #expect(found.rule.id == "file-damaged")
    #expect(found.severity == .error)
    #expect(found.frames == [Self.request.count])
    #expect(found.message == "Something of the capture is missing: packet 10: cut.")
    #expect(findings(Self.request).isEmpty)
  }

  @Test func `every kind has a test here`() {
    #expect(
      FindingCatalogue.ofCaptures.map(\.id) == [
        "file-damaged", "capture-drops", "header-invalid", "frame-truncated", "length-mismatch",
        "multi-interface", "offload-superframe", "fragment-incomplete", "time-backwards",
        "starts-before-capture",
      ])
  }
}
