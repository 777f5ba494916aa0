import Testing
import TraceChecks

/// What conditions hold for, on one connection: a handshake of 10 and 1 ms, 100 bytes there and 2,000 back.
struct ConditionTests {
  @Test(arguments: [
    "handshake.outcome: complete", "handshake.outcome: [half-open, complete]",
    "handshake.outcome: not half-open", "handshake.outcome: any",
    "handshake.rtt.server: < 11ms", "handshake.rtt.server: <= 10 ms", "handshake.rtt.server: 10ms",
    "handshake.rtt.server: = 10ms", "handshake.rtt.server: 5..15 ms",
    "handshake.rtt.server: 5000 us..0.015s", "handshake.rtt.server: \"> 9.999ms\"",
    "handshake.rtt.client: 1ms", "handshake.options.client.mss: 1460",
    "handshake.options.client.sack_permitted: true",
    "handshake.options.server.sack_permitted: false",
    "handshake.options.server.window_scale: none", "handshake.options.client.window_scale: 7",
    "traffic.client.payload: 100", "traffic.client.payload: not 99", "traffic.server.payload: 2 kB",
    "traffic.server.payload: \">= 1.5 kB\"", "traffic.server.payload: < 2 KiB",
    "traffic.server.payload: [1, 2000, 3]", "traffic.client.retransmitted.share: <= 2 %",
    "traffic.client.retransmitted.share: 0", "client.address: any", "client.port: 1024..65535",
    "close.first: client", "close.kind: orderly", "close.reset.by: none", "first_sender: client",
    "states.client: [SYN-SENT, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT]",
    "states.server.through: [SYN-RECEIVED, LAST-ACK]", "states.client.never: [CLOSE-WAIT]",
    "states.client.last: TIME-WAIT", "states.server.last: [CLOSED, LAST-ACK]",
    "findings: []", "severity: none", "encapsulation: []",
    "order: client FIN before server FIN", "order: SYN before SYN-ACK before ACK",
    "order: server CLOSE-WAIT before client TIME-WAIT", "peers.wireshark.completeness: 31",
    "traffic.server.rtt.max: < 50ms", "traffic.client.in_flight.max: 100",
  ])
  func `what is so passes`(line: String) throws {
    let result = try #require(try Checking.results("each:\n  \(line)\n", Checking.whole).first)
    #expect(result.verdict == .pass, "\(result)")
  }

  @Test(arguments: [
    "handshake.outcome: half-open", "handshake.outcome: [half-open, refused]",
    "handshake.outcome: not complete", "handshake.outcome: null",
    "handshake.rtt.server: < 10ms", "handshake.rtt.server: 11..15 ms", "handshake.rtt.server: 0",
    "handshake.options.client.mss: 1461", "handshake.options.client.sack_permitted: false",
    "handshake.options.server.window_scale: any", "handshake.options.server.window_scale: 7",
    "traffic.client.payload: 101", "traffic.client.payload: not 100",
    "traffic.client.payload: not [99, 100]", "close.first: server", "close.reset.by: client",
    "client.address: 203.0.113.0/24", "client.address: \"2001:db8::/32\"",
    "client.address: not 0.0.0.0/0",
    "states.client: [SYN-SENT, ESTABLISHED, FIN-WAIT-1, FIN-WAIT-2]",
    "states.server.through: [FIN-WAIT-1, TIME-WAIT]", "states.client.never: [FIN-WAIT-2]",
    "findings: [keep-alive]", "severity: any", "encapsulation: [vlan]", "require: [keep-alive]",
    "order: server FIN before client FIN", "order: client RST before client FIN",
  ])
  func `what is not so fails`(line: String) throws {
    let result = try #require(try Checking.results("each:\n  \(line)\n", Checking.whole).first)
    #expect(result.verdict == .fail, "\(result)")
    #expect(result.position?.line == 2)
    #expect(result.mismatches.count == 1)
    #expect(result.mismatches.first?.connection?.number == 1)
    #expect(result.mismatches.first?.displayFilter != nil)
  }
}
