import FlowAnalysis
import FlowTracker
import PacketParser
import Testing
import TraceScript

/// Who tries many ports or hosts, and who only looks as if it did.
struct ScanTests: TrafficScripts {
  // MARK: - By SYN

  @Test func `many closed ports of one host and some broken handshakes are a SYN scan`() throws {
    let script =
      Self.lines(1..<201) { Self.refused("service \($0)", Self.crafted) }
      + [Self.brokenOff("service 443"), Self.brokenOff("service 222")].joined(separator: "\n")
      + "\n"
      + Self.lines(301..<305) { Self.unanswered("service \($0)", Self.crafted) } + Self.later
    let finding = try #require(try Self.findings(script).first)
    #expect(finding.rule.id == "scan-syn")
    #expect(finding.severity == .warning)
    #expect(finding.portCount == 206)
    #expect(finding.targets.count == 1)
    #expect(finding.replies.map(\.meaning) == ["open", "closed", "filtered"])
    #expect(finding.replies.map(\.count) == [2, 200, 4])
    #expect(Set(finding.open.map(\.port)) == [222, 443])
    #expect(finding.first.frame == 1)
    #expect(finding.connections == Array(1...8))
    #expect(
      finding.displayFilter
        == "ip.src == 192.0.2.1 && tcp.flags.syn == 1 && tcp.flags.ack == 0")
    #expect(
      finding.message
        == "192.0.2.1 scanned 206 ports of 192.0.2.2 with handshakes that it broke off in 409 ms: "
        + "2 open (222, 443), 200 closed, 4 filtered.")
  }

  @Test func `fourteen targets are no scan, the fifteenth makes one`() throws {
    #expect(try Self.ids(Self.lines(1..<15) { Self.refused("service \($0)") }) == [])
    #expect(try Self.ids(Self.lines(1..<16) { Self.refused("service \($0)") }) == ["scan-connect"])
  }

  @Test func `the same target again is no other target`() throws {
    let script = Self.lines(0..<100) { Self.refused("service \(1 + $0 % 14) port \(1000 + $0)") }
    #expect(try Self.ids(script) == [])
  }

  @Test func `fifteen targets that take longer than a minute are no scan`() throws {
    #expect(try Self.ids(Self.lines(1..<40) { "+5\n" + Self.refused("service \($0)") }) == [])
    #expect(
      try Self.ids(Self.lines(1..<40) { "+4\n" + Self.refused("service \($0)") }) == [
        "scan-connect"
      ])
  }

  @Test func `a host that opens one in five connections in good order does not scan`() throws {
    let script = Self.lines(1..<80) {
      $0.isMultiple(of: 4) ? Self.used("service \($0)") : Self.refused("service \($0)")
    }
    #expect(try Self.ids(script) == [])
  }

  @Test func `connections that are made and closed without a byte are a scan`() throws {
    let script =
      Self.lines(1..<6) { Self.connected("service \($0)") }
      + Self.lines(6..<30) { Self.refused("service \($0)") }
    let finding = try #require(try Self.findings(script).first)
    #expect(finding.rule.id == "scan-connect")
    #expect(finding.replies.map(\.count) == [5, 24])
  }

  @Test func `one port of many hosts is a horizontal scan`() throws {
    let script = Self.lines(3..<43) {
      $0 < 6 ? Self.brokenOff("server \($0) service 22") : Self.refused("server \($0) service 22")
    }
    let finding = try #require(try Self.findings(script).first)
    #expect(finding.rule.id == "scan-horizontal")
    #expect(finding.targets.count == 40)
    #expect(finding.targets.addresses.count == 8)
    #expect(finding.ports == [22])
    #expect(finding.message.contains("scanned port 22 of 40 hosts"))
    #expect(finding.message.contains("3 open (192.0.2.3:22, 192.0.2.4:22, 192.0.2.5:22)"))
  }

  @Test func `a host whose network is down is not said to scan for sure`() throws {
    let script = Self.lines(3..<33) { Self.unanswered("server \($0) service 443") } + Self.later
    let finding = try #require(try Self.findings(script).first)
    #expect(finding.rule.id == "scan-horizontal")
    #expect(finding.severity == .note)
    #expect(finding.certainty == .possible)
  }

  @Test func `silence says nothing where the capture ends`() throws {
    #expect(try Self.ids(Self.lines(3..<33) { Self.unanswered("server \($0)") }) == [])
  }

  @Test func `what was used before anything failed counts in favour of a host`() throws {
    // A handshake that nothing answers is over long after one that was used.
    let script =
      Self.lines(0..<30) { Self.used("server \(3 + $0) service 443") }
      + Self.lines(40..<60) { Self.unanswered("server \($0) service 443") }
      + "+200\n" + Self.later
    #expect(try Self.ids(script) == [])
  }

  @Test func `a host that also opens connections in good order scans when most of all fails`()
    throws
  {
    func ids(failures: Int) throws -> [String] {
      try Self.ids(
        Self.lines(0..<8) { Self.used("server \(3 + $0) service 443") }
          + Self.lines(0..<failures) { Self.refused("service \(1 + $0)") })
    }
    #expect(try ids(failures: 31) == [])
    #expect(try ids(failures: 32) == ["scan-connect"])
    #expect(try ids(failures: 60) == ["scan-connect"])
  }

  // MARK: - What looks like a scan

  @Test func `a monitor that looks whether servers are up does not scan`() throws {
    let script = Self.lines(0..<90) {
      let place = "server \(3 + $0 % 30) port \(2000 + $0)"
      return $0 % 30 == 7 ? Self.refused(place) : Self.connected(place)
    }
    #expect(try Self.ids(script) == [])
  }

  @Test func `a program whose peers are gone does not scan`() throws {
    let script = Self.lines(3..<63) { Self.refused("server \($0) service \(20_000 + 7 * $0)") }
    #expect(try Self.ids(script) == [])
  }

  @Test func `a client that opens many connections at once does not scan`() throws {
    let places = (3..<63).map { "server \($0) port \(3000 + $0)" }
    let script =
      (places.map(Self.opened)
      + places.map {
        "> P. 1:101(100) ack 1 \($0)\n< . 1:1(0) ack 101 \($0)\n" + Self.closed($0, sent: 100)
      }).joined(separator: "\n")
    #expect(try Self.ids(script) == [])
  }

  @Test func `many hosts behind one address that fail now and then do not scan`() throws {
    let script = Self.lines(0..<200) {
      let place = "server \(3 + $0 % 50) service \(443 + $0 / 50) port \(4000 + $0)"
      return $0 % 10 == 3 ? Self.refused(place) : Self.used(place)
    }
    #expect(try Self.ids(script) == [])
  }

  // MARK: - Segments outside any connection

  @Test(arguments: [
    ("-", "", "scan-null"), ("F", "", "scan-fin"), ("FPU", "", "scan-xmas"),
    (".", "ack 1", "scan-ack"), ("F.", "ack 1", "scan-maimon"),
  ])
  func `three stray segments of one shape are a scan, two are not`(
    flags: String, ack: String, id: String
  ) throws {
    let script = { (count: Int) in
      Self.lines(1..<count + 1) { port in
        let probe = "> \(flags) 0:0(0) \(ack) service \(port)"
        let answer = flags.contains(".") ? "< R 1:1(0)" : "< R. 0:0(0) ack 0"
        return port == 1 ? probe : "\(probe)\n\(answer) service \(port)"
      }
    }
    #expect(try Self.ids(script(2)).filter { $0 != "illegal-flags" } == [])
    let findings = try Self.findings(script(3))
    #expect(findings.map(\.rule.id) == [id])
    #expect(findings[0].replies.map(\.count) == [2, 1])
    #expect(findings[0].blameAddress == "192.0.2.1")
    let meanings = id == "scan-ack" ? ["unfiltered", "filtered"] : ["closed", "open or filtered"]
    #expect(findings[0].replies.map(\.meaning) == meanings)
  }

  @Test func `what connections leave behind them is no scan`() throws {
    // A server was restarted: the last words of its clients, each from a port of its own, draw RSTs.
    let script = Self.lines(0..<20) {
      let place = "server \(3 + $0) port \(5000 + $0)"
      return "> F. 0:0(0) ack 1 \(place)\n< R 1:1(0) \(place)"
    }
    #expect(try Self.ids(script) == [])
  }
}
