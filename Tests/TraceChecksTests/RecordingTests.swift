import Testing
import TraceChecks
import TraceScript

/// What is recorded of a capture is fulfilled by it, whatever part of its connections it has.
struct RecordingTests {
  /// Two connections of a kind, one that is refused, and one that stays half-open.
  private static let script = """
    \(Checking.whole)\
    +1 > S 0:0(0) <mss 1460> client 7 server 8 service 9
    +0.010 < R. 0:0(0) ack 1 client 7 server 8 service 9
    +1 > S 0:0(0) <mss 1460> client 5 server 8 service 9
    +0.010 < S. 0:0(0) ack 1 <mss 1460> client 5 server 8 service 9
    +1 < S. 0:0(0) ack 1 <mss 1460> client 5 server 8 service 9
    +1 > S 0:0(0) <mss 1460> client 6 server 8 service 9
    +0.010 < R. 0:0(0) ack 1 client 6 server 8 service 9

    """
  private static let lines = script.split(separator: "\n").map(String.init)

  @Test(arguments: 0..<lines.count)
  func `a part fulfils what was recorded of it`(start: Int) throws {
    for end in (start + 1)...Self.lines.count {
      let part = Self.lines[start..<end].joined(separator: "\n") + "\n"
      let recorder = ExpectationRecorder()
      try Checking.run(part, into: recorder)
      let results = try Checking.results(recorder.text(capture: nil), part)
      #expect(!results.isEmpty)
      let open = results.filter { $0.verdict != .pass }
      #expect(open.isEmpty, "frames \(start + 1) to \(end): \(open)")
    }
  }

  @Test func `what is recorded of a whole capture another one does not fulfil`() throws {
    let recorder = ExpectationRecorder()
    try Checking.run(Checking.whole, into: recorder)
    let text = recorder.text(capture: "trace.pcap")
    #expect(text.hasPrefix("capture: trace.pcap\nquality: complete\n"))
    for other in [
      Checking.opened, Checking.opened + Checking.closed, Checking.whole + Checking.later,
      Checking.whole.replacing("100(100)", with: "101(100)").replacing(
        "1:101(100)", with: "1:31(30)"),
    ] {
      let results = try Checking.results(text, other)
      #expect(results.contains { $0.verdict != .pass })
    }
  }
}
