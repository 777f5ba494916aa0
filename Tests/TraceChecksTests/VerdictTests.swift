import Testing
import TraceChecks

struct VerdictTests {
  @Test func `the most serious verdict is the capture's`() {
    func capture(_ verdicts: [Verdict]) -> CheckedCapture {
      CheckedCapture(
        capture: "trace.pcap", expectations: nil,
        results: verdicts.map {
          ExpectationResult(name: "", verdict: $0, expected: "", mismatches: [])
        })
    }
    #expect(capture([.pass, .fail, .undetermined]).verdict == .fail)
    #expect(capture([.pass, .undetermined]).verdict == .undetermined)
    #expect(capture([]).verdict == .pass)
    #expect(capture([.fail, .fail, .pass]).count(.fail) == 2)
  }
}
