import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceChecks
import TraceScript

/// The register of what RFCs demand and captures show.
struct ConformanceProfileTests {
  @Test(arguments: ConformanceProfile.all)
  func `a profile is found by its name`(profile: ConformanceProfile) {
    #expect(ConformanceProfile.named(profile.name)?.title == profile.title)
    #expect(ConformanceProfile.named(profile.name + " ") == nil)
    #expect(!profile.requirements.isEmpty)
  }

  @Test(arguments: ConformanceProfile.all.flatMap(\.requirements))
  func `what shows a breach is in the catalogue of findings`(requirement: Requirement) {
    let ids = Set(FindingCatalogue.rules.map(\.id))
    #expect(!requirement.breaches.isEmpty)
    for breach in requirement.breaches {
      #expect(ids.contains(breach.finding), "\(requirement.reference): \(breach.finding)")
      #expect((breach.finding == "owed-reply-missing") == (breach.reply != nil))
    }
  }

  @Test(arguments: ConformanceProfile.all)
  func `no requirement is there twice`(profile: ConformanceProfile) {
    let requirements = profile.requirements
    #expect(Set(requirements.map(\.duty)).count == requirements.count)
    let labels = requirements.compactMap(\.label)
    #expect(Set(labels).count == labels.count)
    let breaches = requirements.flatMap(\.breaches)
    #expect(Set(breaches).count == breaches.count, "a finding shows the breach of one requirement")
  }

  @Test func `every reply that an end can owe is required`() {
    let replies = ConformanceProfile.rfc9293.requirements.flatMap(\.breaches).compactMap(\.reply)
    #expect(Set(replies) == Set(ReplyDuty.allCases))
  }

  @Test(arguments: ConformanceProfile.all.flatMap(\.requirements))
  func `what it demands stands in the words of the RFC, under its number`(requirement: Requirement)
    throws
  {
    #expect(requirement.duty.last == "." && requirement.quote.last == ".")
    let quote = requirement.quote.uppercased()
    switch requirement.strength {
    case .must: #expect(quote.contains("MUST"))
    case .should: #expect(quote.contains("SHOULD"))
    case .rule: #expect(!quote.contains("MUST") && !quote.contains("SHOULD"))
    }
    // Only RFC 9293 has numbers for its requirements.
    guard let label = requirement.label else { return }
    #expect(requirement.rfc == 9293)
    let parts = label.split(separator: "-")
    #expect(parts.first == (requirement.strength == .must ? "MUST" : "SHLD"))
    let number = try #require(parts.last.flatMap { Int($0) })
    #expect((1...69).contains(number))
    #expect(requirement.reference == "RFC 9293 §\(requirement.section) (\(label))")
  }

  @Test(arguments: [
    ("> R 201:201(0)\n+9 > P. 101:201(100) ack 1", "5961 3.2"),
    ("+9 > P. 1:101(100) ack 1\n+9 > P. 101:201(100) ack 1", "9293 3.10.7.4"),
    ("> . 101:101(0) ack 1 reserved", "9293 3.1"),
    ("> - 101:111(10)", "9293 3.8"),
  ])
  func `the finding of a capture leads to its requirement`(lines: String, place: String) throws {
    let script = """
      > S  0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      > .  1:1(0) ack 1
      > P. 1:101(100) ack 1
      < .  1:1(0) ack 101

      """
    let findings = try Findings(of: script + lines + "\n< . 1:1(0) ack 201").all
    let places = findings.flatMap(ConformanceProfile.rfc9293.requirements(breachedBy:))
      .map { "\($0.rfc) \($0.section)" }
    #expect(places.contains(place), "\(findings.map(\.message))")
  }

  @Test func `a clean connection breaches nothing`() throws {
    let script = """
      > S  0:0(0) <mss 1460>
      < S. 0:0(0) ack 1 <mss 1460>
      > .  1:1(0) ack 1
      > F. 1:1(0) ack 1
      < F. 1:1(0) ack 2
      > .  2:2(0) ack 2
      """
    let findings = try Findings(of: script).all
    #expect(findings.flatMap(ConformanceProfile.rfc9293.requirements(breachedBy:)).isEmpty)
  }
}

/// The findings of the connections of a script.
private final class Findings: AnalysisSink {
  private(set) var all: [Finding] = []

  init(of script: String) throws {
    var analyzer = TraceAnalyzer(linkType: .ethernet, sink: self)
    for (index, frame) in try Script(script).frames.enumerated() {
      let info = FrameInfo(
        number: index + 1,
        time: Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds),
        wireLength: frame.bytes.count)
      withBytes(of: frame.bytes) { analyzer.ingest($0, info) }
    }
    _ = analyzer.finish()
  }

  func connectionEnded(_ report: ConnectionReport) {
    all += report.findings
  }

  func captureEnded(_ summary: TraceSummary) {}
}
