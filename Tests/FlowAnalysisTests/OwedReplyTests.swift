import FlowAnalysis
import FlowTracker
import Testing
import TraceScript

/// Replies that were due and never came: which they are, and how sure it is.
struct OwedReplyTests {
  private func missing(_ script: String) throws -> [Finding] {
    try Analysis(script: script).connections.flatMap(\.findings)
      .filter { $0.rule.id == "owed-reply-missing" }
  }

  @Test func `every duty has an example, and its finding names it`() throws {
    let findings = try FindingExample.replies.flatMap { try missing($0.script) }
    #expect(Set(findings.compactMap(\.missingReply)) == Set(ReplyDuty.allCases))
    #expect(Set(ReplyDuty.allCases.map(\.name)).count == ReplyDuty.allCases.count)
    for finding in findings {
      #expect(finding.missingReply != nil)
      #expect(finding.message.contains("RFC 9293 §3."), "\(finding.message)")
    }
  }

  @Test func `where the capture was taken at the silent end, it is proven`() throws {
    let script =
      FindingExample.atServer + """
        +9 > P. 1:101(100) ack 1
        +9 > P. 101:201(100) ack 1
           < .  1:1(0) ack 201 offloaded
        """
    let finding = try #require(try missing(script).first)
    #expect(finding.certainty == .proven)
    #expect(finding.severity == .warning)
    #expect(finding.blame == .server)
    #expect(finding.missingReply == .unacceptableSegment)
  }

  @Test func `a challenge ACK may be held back even there: its rate is limited`() throws {
    let script =
      FindingExample.atServer + """
           > R  111:111(0)
        +9 > P. 101:201(100) ack 1
           < .  1:1(0) ack 201 offloaded
        """
    let finding = try #require(try missing(script).first)
    #expect(finding.certainty == .likely)
    #expect(finding.missingReply == .inexactReset)
  }

  @Test(arguments: [(1, Finding.Certainty.possible), (2, .possible), (3, .likely)])
  func `what is lost by chance is not lost each time`(
    times: Int, certainty: Finding.Certainty
  ) throws {
    let old = (0..<times).map { _ in "+9 > P. 1:101(100) ack 51\n" }.joined()
    let script =
      FindingExample.opening + FindingExample.request + old + """
        +9 > P. 101:201(100) ack 51
           < .  51:51(0) ack 201
        """
    #expect(try missing(script).map(\.certainty) == [certainty])
  }

  @Test func `what comes in one burst is due one reply`() throws {
    let script =
      FindingExample.opening + FindingExample.request + """
        +9 > P. 1:101(100) ack 51
           > P. 1:101(100) ack 51
           > P. 1:101(100) ack 51
        +9 > P. 101:201(100) ack 51
           < .  51:51(0) ack 201
        """
    let finding = try #require(try missing(script).first)
    #expect(finding.certainty == .possible)
    #expect(finding.frames == [7, 9])
  }

  @Test func `a gap of the capture may have had the reply`() throws {
    let script =
      FindingExample.atServer + """
        +9 > P. 1:101(100) ack 1
        +9 > P. 101:201(100) ack 51
           < .  51:51(0) ack 201 offloaded
        """
    let finding = try #require(try missing(script).first)
    #expect(finding.isCensored)
    #expect(finding.severity == .note)
    #expect(finding.certainty == .likely)
  }

  @Test func `of an end that was not captured nobody knows what it has sent`() throws {
    let script = """
         > .  1:1(0) ack 1
         > R. 1:1(0) ack 1
         > P. 1:11(10) ack 1
      +9 > S  0:0(0) <mss 1460> port 40001
      """
    #expect(try missing(script).isEmpty)
  }

  @Test func `a probe that is answered when it comes again tells nothing`() throws {
    let script =
      FindingExample.opening + FindingExample.request + """
           < .  51:51(0) ack 101 win 0
        +9 > .  100:100(0) ack 51
        +9 > .  100:100(0) ack 51
           < .  51:51(0) ack 101 win 0
        """
    #expect(try missing(script).isEmpty)
  }
}
