import FlowAnalysis
import FlowTracker
import Foundation
import PacketParser
import Testing
import TraceScript

/// What there is to say of a connection.
struct FindingTests {
  @Test func `payload behind a FIN that was acknowledged is counted to the last byte`() throws {
    let analysis = try Analysis(
      script: """
        > S  0:0(0) <mss 1460>
        < S. 0:0(0) ack 1 <mss 1460>
        > .  1:1(0) ack 1
        > F. 1:1(0) ack 1
        < .  1:1(0) ack 2
        > P. 2:5(3) ack 1
        +100 > S 0:0(0) port 9
        """)
    let finding = analysis.connections[0].findings.first { $0.rule.id == "data-never-acked" }
    #expect(finding?.message.contains("3 B") == true)
  }

  /// `id`, or `id severity` where it is not the rule's own.
  private func names(_ findings: [Finding]) -> [String] {
    findings.map {
      $0.severity == $0.rule.severity ? $0.rule.id : "\($0.rule.id) \($0.severity.name)"
    }
  }

  @Test(arguments: FindingExample.examples + FindingExample.nearMisses)
  func `a script shows its findings and no others`(example: FindingExample) throws {
    try FindingCheck(example.script, misses: example.misses).outcome.report(#_sourceLocation)
  }

  @Test(arguments: FindingExample.examples + FindingExample.nearMisses)
  func `who reads no report of ordinary connections misses no finding`(
    example: FindingExample
  ) throws {
    let frames = try Script(example.script).frames
    let reader = SummaryReader(frames)
    #expect(String(describing: reader.summary) == String(describing: Analysis(frames).summary))
  }

  @Test(arguments: [
    // A FIN that comes again, an answer to nothing, a SYN that is none, an abort, and bytes behind a FIN.
    "+0.3 < F. 51:51(0) ack 102", "> . 102:102(0) ack 52", "< . 40:40(0) ack 102",
    "> S 0:0(0) <mss 1460>", "> R. 102:102(0) ack 52", "< P. 52:62(10) ack 102",
  ])
  func `what comes after a close is not overlooked`(last: String) throws {
    let closing = """
      > F. 101:101(0) ack 51
      < F. 51:51(0) ack 102
      > . 102:102(0) ack 52

      """
    let script = FindingExample.opening + FindingExample.request + closing + last
    let frames = try Script(script).frames
    let reader = SummaryReader(frames)
    #expect(String(describing: reader.summary) == String(describing: Analysis(frames).summary))
  }

  @Test func `no finding is without an example and a near miss`() throws {
    let shown = Set(try FindingExample.examples.flatMap { try $0.findings })
    for nearMiss in FindingExample.nearMisses {
      #expect(
        try !nearMiss.findings.contains(nearMiss.misses ?? ""), "\(nearMiss.testDescription)")
    }
    let missed = Set(FindingExample.nearMisses.compactMap(\.misses))
    // An ICMP error is nothing that a script writes, nor is a wrong checksum, nor an address that no
    // host has: they have tests of their own.
    let ids = Set(FindingCatalogue.ofConnections.map(\.id))
    #expect(ids.subtracting(shown) == ["bad-checksum", "bad-source", "syn-rejected-by-icmp"])
    #expect(ids.subtracting(missed) == ["bad-source", "syn-rejected-by-icmp"])
    #expect(shown.union(missed).isSubset(of: ids))
  }

  @Test func `of unread data what the first RST acknowledges counts, not what still comes`() throws
  {
    let analysis = try Analysis(
      script: FindingExample.opening + """
        > P. 1:101(100) ack 1
        < .  1:1001(1000) ack 101
        > .  101:101(0) ack 1001
        < .  1001:2001(1000) ack 101
        < .  2001:3001(1000) ack 101
        > R. 101:101(0) ack 2001
        < .  3001:4001(1000) ack 101
        > R  101:101(0)
        < .  4001:5001(1000) ack 101
        > R  101:101(0)
        """)
    let finding = try #require(
      analysis.connections[0].findings.first { $0.rule.id == "reset-with-unread-data" })
    #expect(finding.frames == [9])
    #expect(finding.message.contains("1.00 kB had just come"))
    // Its request had been answered.
    #expect(finding.certainty == .possible)
  }

  @Test func `bytes that are new are not sent again, whatever stands before them`() throws {
    let analysis = try Analysis(
      script: FindingExample.opening + """
              > P. 1:11(10) ack 1
        +1    > P. 1:1401(1400) ack 1
              < .  1:1(0) ack 11
        +2    > .  11:1401(1390) ack 1
        +4    > .  11:1401(1390) ack 1
        +8    > .  11:1401(1390) ack 1
              < .  1:1(0) ack 1401
        """)
    let ids = analysis.connections[0].findings.map(\.rule.id)
    #expect(ids.contains("retransmission-timeout"))
    #expect(!ids.contains("excessive-retransmission"))
  }

  @Test func `who repeats a byte does not escape from the window`() throws {
    let script =
      FindingExample.opening + """
        > P. 1:51(50) ack 1
        < .  1:1(0) ack 1 win 1
        > P. 1:1051(1050) ack 1
        """
    let ids = try Analysis(script: script).connections[0].findings.map(\.rule.id)
    #expect(ids.contains("data-beyond-window"))
  }

  @Test func `a damaged window of a connection that was picked up mid-way says nothing`() throws {
    var frames = try Script(
      """
      > . 1:101(100) ack 1
      < . 1:1(0) ack 101
      > . 101:201(100) ack 1
      < . 1:1(0) ack 201 win 0
      > . 201:301(100) ack 1
      """
    ).frames
    frames[3].bytes[50] ^= 1
    let ids = Analysis(frames).connections[0].findings.map(\.rule.id)
    #expect(ids.contains("bad-checksum"))
    #expect(!ids.contains("zero-window"))
  }

  @Test func `a finding on another line than the script says is a fault of that line`() throws {
    let script = """
      > S 0:0(0) <mss 1460>  ! connection-refused
      < R. 0:0(0) ack 1
      """
    let complaint = try #require(try FindingCheck(script).outcome.complaint)
    let faults = complaint.split(separator: "\n").filter { $0.contains("<--") }
    #expect(faults.map { $0.prefix { $0 != ":" } } == ["    1", "    2"])
  }

  @Test(arguments: [
    "connection-refused by client", "connection-refused note", "refused-connection",
    "connection-refused, connection-refused", "connection-refused, acceptableReset",
  ])
  func `what a line says of a finding must be so`(expectation: String) throws {
    let right = "> S 0:0(0) <mss 1460>\n< R. 0:0(0) ack 1  ! connection-refused by server"
    #expect(try FindingCheck(right).outcome.complaint == nil)
    let wrong = "> S 0:0(0) <mss 1460>\n< R. 0:0(0) ack 1  ! \(expectation)"
    #expect(try FindingCheck(wrong).outcome.complaint != nil)
  }

  @Test func `the graver findings are told first`() throws {
    let script =
      FindingExample.opening + "< . 1:1(0) ack 1 win 0\n+61 > S 0:0(0) <mss 1460> port 40001"
    let findings = try Analysis(script: script).connections[0].findings
    #expect(names(findings) == ["zero-window-stuck", "zero-window", "never-closed"])
  }

  @Test func `a wrong checksum is the network's, and its segment is discarded`() throws {
    var frames = try Script(FindingExample.opening + FindingExample.request).frames
    frames[3].bytes[frames[3].bytes.count - 1] ^= 1
    let analysis = Analysis(frames)
    let finding = try #require(
      analysis.connections[0].findings.first { $0.rule.id == "bad-checksum" })
    #expect(finding.frames == [4])
    #expect(finding.blame == .network)
  }

  @Test func `a FIN with a wrong checksum comes before nothing`() throws {
    func ids(isDamaged: Bool) throws -> [String] {
      var frames = try Script(
        FindingExample.opening + FindingExample.request + "> F. 201:201(0) ack 51"
      ).frames
      if isDamaged { frames[6].bytes[frames[6].bytes.count - 1] ^= 1 }
      return names(Analysis(frames).connections[0].findings)
    }
    #expect(try ids(isDamaged: false).contains("fin-out-of-order"))
    #expect(try !ids(isDamaged: true).contains("fin-out-of-order"))
  }

  @Test func `a RST with a wrong checksum lies in no window and ends nothing`() throws {
    var frames = try Script(
      FindingExample.opening + FindingExample.request + "> R. 101:101(0) ack 51"
    ).frames
    frames[6].bytes[frames[6].bytes.count - 1] ^= 1
    let connection = Analysis(frames).connections[0]
    #expect(names(connection.findings) == ["bad-checksum", "ends-after-capture"])
    #expect(connection.close.kind == .none)
  }

  @Test func `what the options say that were cut off with a SYN is not known`() throws {
    let script = """
      > S  0:0(0) win 2000 <nop,nop,mss 1460,nop,wscale 7,sackOK>
      < S. 0:0(0) ack 1 win 2000 <nop,nop,mss 1460,nop,wscale 7,sackOK>
      > .  1:1(0) ack 1 win 20
      > P. 1:1001(1000) ack 1 win 20
      < .  1:1(0) ack 1 win 20 <sack 201:301>
      < .  1:1(0) ack 1001 win 12
      """
    let frames = try Script(script).frames.map {
      (time: Timestamp(seconds: $0.seconds, nanoseconds: $0.nanoseconds), bytes: $0.bytes)
    }
    // Ethernet, IPv4, TCP, and the first two of the options.
    let cut = Analysis(frames, captured: 14 + 20 + 20 + 2).connections[0].findings
    let places: Set = ["ends-after-capture", "duplicate-ack"]
    #expect(names(cut).filter { !places.contains($0) } == ["window-scale-unknown"])
    let whole = Analysis(frames).connections[0].findings
    #expect(!names(whole).contains("window-scale-unknown"))
  }

  @Test(arguments: [
    (IPAddress(v4: 0xe000_0001), true), (IPAddress(v4: 0xffff_ffff), true),
    (IPAddress(v4: 0), true), (IPAddress(v4: 0xdfff_fffe), false),
    (IPAddress(v4: 0x7f00_0001), false),
    (IPAddress(v6: 0xff02_0000_0000_0000, 1), true), (IPAddress(v6: 0, 0), true),
    (IPAddress(v6: 0xfe80_0000_0000_0000, 1), false),
  ])
  func `an address that no host has is told`(address: IPAddress, isBad: Bool) {
    var settings = ScriptSettings()
    settings.ipVersion = address.version
    var frame = FrameBuilder(
      from: SocketAddress(address: address, port: 40000), to: settings.server)
    frame.flags = .syn
    frame.acknowledgment = 0
    frame.options = FrameBuilder.maximumSegmentSize(1460)
    let found = names(Analysis([frame.ethernet]).connections[0].findings)
    #expect(found == (isBad ? ["bad-source"] : []))
  }

  @Test func `an ICMP error says why a SYN has no answer`() throws {
    let syn = try Script("> S 0:0(0) <mss 1460>").frames
    let settings = ScriptSettings()
    let error = icmpError(
      about: settings.client(), to: settings.server, sequence: settings.clientInitialSequence)
    let analysis = Analysis([syn[0].bytes, error])
    let findings = analysis.connections[0].findings
    #expect(names(findings) == ["syn-rejected-by-icmp"])
    #expect(findings.first?.frames == [1, 2])
  }

  @Test func `nothing is said of an ordinary connection`() throws {
    let script =
      FindingExample.opening + FindingExample.request + """
        > F. 101:101(0) ack 51
        < F. 51:51(0) ack 102
        > . 102:102(0) ack 52
        """
    #expect(try Analysis(script: script).connections[0].findings.isEmpty)
  }

  @Test func `what a gap of the capture may explain is said with care`() throws {
    let script =
      FindingExample.opening + "> P. 1:101(100) ack 1\n< . 1:1(0) ack 301\n> F. 301:301(0) ack 1\n"
      + "+2 > S 0:0(0) <mss 1460> port 40001"
    let finding = try #require(
      try Analysis(script: script).connections[0].findings.first { $0.rule.id == "fin-unacked" })
    #expect(finding.isCensored)
    #expect(finding.severity == .note)
    #expect(finding.certainty == .likely)
  }

  @Test func `a finding names its frames, as Wireshark finds them`() throws {
    let script = "> S 0:0(0) <mss 1460>\n< R. 0:0(0) ack 1"
    let finding = try #require(try Analysis(script: script).connections[0].findings.first)
    #expect(finding.frames == [1, 2])
    #expect(finding.displayFilter == "frame.number in {1,2}")
    #expect(finding.blame == .server)
  }

  @Test func `every detector is in the register`() throws {
    let folder = URL(fileURLWithPath: #filePath)
      .appendingPathComponent("../../../Sources/FlowAnalysis/Findings/Detectors").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.count == FindingCatalogue.ofConnections.count)
  }

  @Test func `the catalogue names each kind once, in the field's spelling`() {
    let ids = FindingCatalogue.rules.map(\.id)
    #expect(Set(ids).count == ids.count)
    for rule in FindingCatalogue.rules {
      #expect(rule.id.allSatisfy { $0.isLowercase || $0.isNumber || $0 == "-" }, "\(rule.id)")
      for text in [rule.condition, rule.advice] {
        #expect(text.last == ".", "\(rule.id)")
        #expect(!text.contains("  "), "\(rule.id)")
      }
    }
  }
}

/// Who reads the reports of remarkable connections alone, and the totals.
private final class SummaryReader: AnalysisSink {
  private(set) var summary: TraceSummary?

  func wantsReport(of number: Int) -> Bool { false }

  func wantsReport(ofUnanswered number: Int) -> Bool { false }

  func connectionEnded(_ report: ConnectionReport) {}

  func captureEnded(_ summary: TraceSummary) {
    self.summary = summary
  }

  init(_ frames: [CapturedFrame]) {
    var analyzer = TraceAnalyzer(linkType: .ethernet, sink: self)
    for (index, frame) in frames.enumerated() {
      let info = FrameInfo(
        number: index + 1,
        time: Timestamp(seconds: frame.seconds, nanoseconds: frame.nanoseconds),
        wireLength: frame.bytes.count)
      withBytes(of: frame.bytes) { analyzer.ingest($0, info) }
    }
    _ = analyzer.finish()
  }
}
