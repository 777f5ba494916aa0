import PacketParser
import Testing
import TraceScript

struct ScriptTests {
  private static let everything = """
    // A comment, and an empty line.

           > S  0:0(0) win 1000 <mss 1460,nop,wscale 7,sackOK,TS val 1 ecr 0>
    +0.2   < S. 0:0(0) ack 1 <mss 1400,FO 0102030405060708> id 9 ttl 55 offloaded
           > .  1:1(0) ack 1 vlan 12
           > P.UEWe 1:101(100) ack 1 urg 3 port 4000
    +0.001 dup
           < .  1:1(0) ack 101 <nop,nop,sack 201:301 401:501>
    +1
           < -  1:3(2)
    """

  @Test(arguments: [IPVersion.v4, .v6])
  func `the segments of a script are those that its frames decode to`(version: IPVersion) throws {
    var settings = ScriptSettings()
    settings.ipVersion = version
    settings.clientInitialSequence = .max
    let script = try Script(Self.everything, settings: settings)
    var decoder = FrameDecoder(linkType: .ethernet)
    for (index, (frame, segment)) in zip(script.frames, script.segments).enumerated() {
      var decoded = Segment()
      let info = FrameInfo(
        number: index + 1,
        time: Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds),
        wireLength: frame.wireLength)
      let result = withBytes(of: frame.bytes) { decoder.decode($0, info, into: &decoded) }
      guard case .segment = result else {
        Issue.record("frame \(index + 1) holds no segment")
        continue
      }
      #expect("\(decoded)" == "\(segment)")
    }
    #expect(script.segments.count == 7)
  }

  @Test func `times are sums of what the lines say`() throws {
    let script = try Script(Self.everything)
    let start = script.lines[0].time
    let sinceStart = script.lines.map { $0.time.nanoseconds(since: start) / 1_000_000 }
    #expect(sinceStart == [0, 200, 201, 202, 203, 204, 1204, 1205])
  }

  @Test func `a side counts its packets`() throws {
    let script = try Script(
      "> S 0:0(0)\n< S. 0:0(0) ack 1\n> . 1:1(0) ack 1\n< . 1:1(0) ack 1\ndup")
    #expect(script.segments.map(\.identification) == [1, 0, 2, 1, 1])
  }

  @Test func `expectations are read as they stand`() throws {
    let script = try Script(
      "+1 ! client SYN-SENT ESTABLISHED, connection 2, repeatsData, zero-window note by server")
    #expect(
      script.lines[0].expectations == [
        .states(end: "client", names: ["SYN-SENT", "ESTABLISHED"]), .connection(2),
        .fact("repeatsData"), .finding(id: "zero-window", severity: "note", blame: "server"),
      ])
  }

  @Test(arguments: [
    ("> S 0:1(0)", 1, 5, "from 0 to 1 are not 0 bytes"),
    ("> S. 0:0(0)", 1, 3, "the flag '.' and 'ack' go together"),
    ("> S 0:0(0)\n< X 0:0(0)", 2, 3, "'X' is not one of the flags S F R P . U E W e"),
    ("> S 0:0(0) win 65536", 1, 16, "a number up to 65535 expected, not '65536'"),
    ("> S 0:0(0) <mss>", 1, 16, "a number up to 65535 expected"),
    (
      "> S 0:0(0) <maximum 1>", 1, 13,
      "mss, wscale, sackOK, sack, TS, FO, malformed or nop expected"
    ),
    ("> S 0:0 0", 1, 9, "'(' expected"),
    ("S 0:0(0)", 1, 1, "'>', '<' or 'dup' expected"),
    ("dup", 1, 1, "there is no frame to repeat"),
    ("+x", 1, 2, "seconds expected, with nine decimals at most"),
    ("> S 0:0(0) ! client", 1, 20, "the client enters which state?"),
    ("> S 0:0(0) ! a b", 1, 16, "not understood"),
    ("> S 0:0(0) ! a-b c", 1, 18, "a severity or 'by' expected"),
    (
      "> S 0:0(0) ! a-b by peer", 1, 18,
      "by client, server, network, capture or unknown expected"
    ),
  ])
  func `an error says where it is`(text: String, line: Int, column: Int, message: String) {
    let error = #expect(throws: ScriptError.self) { _ = try Script(text) }
    #expect(error == ScriptError(line: line, column: column, message: message))
  }
}
