import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// Frames that are decoded in one place and taken in in another, as two threads do it.
struct DecodedFramesTests {
  /// Connections in two tunnels, among them what is no segment, an ICMP error that ends a wait, fragments of
  /// which some are missing, and a segment that is cut within its header.
  private static func frames() throws -> [(time: Timestamp, bytes: [UInt8])] {
    var settings = ScriptSettings()
    settings.variesInitialSequences = false
    var client = settings.client()
    client.port = 3
    let scripts = [
      FindingExample.opening + FindingExample.request + FindingExample.closed,
      "> S 0:0(0) <mss 1460> port 1 vlan 7\n< S. 0:0(0) ack 1 <mss 1460> port 1 vlan 7",
      "> S 0:0(0) <mss 1460> port 2 vlan 8", "> S 0:0(0) <mss 1460> port 3",
    ]
    var frames = try scripts.flatMap { try Script($0, settings: settings).frames.map(\.bytes) }
    frames.append(
      icmpError(
        about: client, to: settings.server,
        sequence: settings.clientInitialSequence))
    var builder = FrameBuilder(from: .version4(1, port: 40000), to: .version4(2, port: 80))
    builder.payload = Array(1...80)
    frames.append(
      builder.ethernetFrame(
        carrying: builder.ipv4Packet(
          carrying: Array(builder.tcp[..<40]), protocolNumber: 6, moreFragments: true),
        type: builder.etherType))
    frames.insert([UInt8](repeating: 0xff, count: 60), at: 2)
    frames.append(Array(builder.ethernet.prefix(40)))
    // Later, and then earlier than what came before.
    return frames.enumerated().map { index, bytes in
      (Timestamp(nanoseconds: Int64(index) * 2_000_000 - (index == 5 ? 7_000_000 : 0)), bytes)
    }
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func `all is told that is told where they are decoded one by one`(batch: Int) throws {
    let frames = try Self.frames()
    let expected = Analysis(frames)
    #expect(Analysis(frames, decodedBy: batch).text == expected.text)
    #expect(expected.findings.contains { $0.rule.id == "fragment-incomplete" })
    #expect(expected.findings.contains { $0.rule.id == "time-backwards" })
    #expect(expected.connections.contains { $0.handshake.outcome == .rejected })
    #expect(expected.connections.contains { !$0.encapsulation.isEmpty })
  }

  @Test(arguments: FindingExample.examples)
  func `every finding is found`(example: FindingExample) throws {
    let frames = try Script(example.script).frames.map {
      (time: Timestamp(seconds: $0.seconds, nanoseconds: $0.nanoseconds), bytes: $0.bytes)
    }
    #expect(Analysis(frames, decodedBy: 4).text == Analysis(frames).text)
  }
}
