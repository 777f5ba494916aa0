import FlowAnalysis
import FlowTracker
import LiveView
import PacketParser

/// Snapshots and rows to show.
enum Sample {
  static let start = Timestamp(seconds: 1_700_000_000, nanoseconds: 0)

  static func time(_ seconds: Double) -> Timestamp {
    Timestamp(nanoseconds: start.nanoseconds + Int64(seconds * 1e9))
  }

  static func address(_ text: String, _ port: UInt16) -> SocketAddress {
    SocketAddress(address: IPAddress(text[...]) ?? IPAddress(v4: 0), port: port)
  }

  /// An established connection without traffic.
  static func row(
    _ number: Int, client: String = "192.0.2.10", server: String = "198.51.100.20",
    port: UInt16 = 8080, at seconds: Double = 0
  ) -> LiveRow {
    var row = LiveRow(
      number: number, client: address(client, UInt16(50000 + number % 10000)),
      server: address(server, port), firstTime: time(seconds))
    (row.clientState, row.serverState) = (.established, .established)
    (row.handshake, row.handshakeKind) = (.complete, .threeWay)
    return row
  }

  /// So many connections of which each changed after the one before it.
  static func many(_ count: Int, at seconds: Double = 0) -> LiveSnapshot {
    var snapshot = LiveSnapshot(time: time(seconds), interface: "eth0")
    snapshot.rows = (0..<count).map { row($0 + 1, at: Double($0) / 1000) }
    snapshot.connectionsOpened = count
    return snapshot
  }

  /// A second of a host with a bit of everything, and the second before it.
  static var story: (before: LiveSnapshot, after: LiveSnapshot) {
    var before = LiveSnapshot(time: time(1), interface: "eth0")
    before.rows = [row(1)]
    before.frames = 1_000
    before.bytes = 600_000

    var after = LiveSnapshot(time: time(2), interface: "eth0")
    after.captureFilter = "tcp port 443 or tcp port 8080"
    after.frames = 2_204
    after.bytes = 1_834_000
    after.statistics = .init(received: 2_300, droppedByKernel: 96, droppedByInterface: 0)
    (after.connectionsOpened, after.connectionsEnded) = (7, 2)
    after.states = [
      .init(client: .synSent, server: .listen, count: 1),
      .init(client: .established, server: .established, count: 2),
      .init(client: .finWait2, server: .closeWait, count: 1),
      .init(client: .established, server: nil, count: 1),
    ]
    after.findings = [
      .init(id: "synack-retransmitted", severity: .note, count: 4),
      .init(id: "half-open-handshake", severity: .warning, count: 1),
      .init(id: "zero-window-stuck", severity: .error, count: 2),
    ]

    var transfer = row(1)
    transfer.clientSent = .init(packets: 340, payload: 812)
    transfer.serverSent = .init(packets: 812, payload: 1_204_000)
    transfer.lastTime = time(1.9)
    var attempt = row(2, server: "198.51.100.21", port: 443, at: 1.25)
    (attempt.clientState, attempt.serverState) = (.synSent, .listen)
    (attempt.handshake, attempt.handshakeKind) = (.unanswered, .threeWay)
    attempt.clientSent = .init(packets: 2)
    var halfOpen = row(3, client: "203.0.113.77", at: 0.5)
    halfOpen.serverState = .synReceived
    halfOpen.handshake = .halfOpen
    (halfOpen.severity, halfOpen.findings) = (
      .warning, ["half-open-handshake", "synack-retransmitted"]
    )
    halfOpen.clientSent = .init(packets: 1)
    halfOpen.serverSent = .init(packets: 4)
    halfOpen.lastChange = time(1.5)
    var half = row(4, at: 0.75)
    (half.clientState, half.serverState) = (.finWait2, .closeWait)
    (half.closeKind, half.closedFirst) = (.half, .client)
    half.lastChange = time(1.75)
    var reset = row(5, client: "2001:db8::10", server: "2001:db8:1::20", port: 443, at: 0.25)
    (reset.clientState, reset.serverState) = (.closed, .closed)
    (reset.closeKind, reset.close, reset.resetBy) = (.reset, .reset, .server)
    (reset.severity, reset.findings) = (.error, ["zero-window-stuck"])
    (reset.isEnded, reset.lastTime, reset.lastChange) = (true, time(1.125), time(1.125))
    var refused = row(6, port: 81, at: 1)
    (refused.clientState, refused.serverState) = (.closed, .closed)
    (refused.handshake, refused.closeKind, refused.close) = (.refused, .reset, .reset)
    (refused.resetBy, refused.isEnded) = (.server, true)
    var midstream = row(7, at: 1.5)
    (midstream.handshake, midstream.handshakeKind) = (.unseen, .unseen)
    midstream.serverState = nil
    after.rows = [transfer, attempt, halfOpen, half, reset, refused, midstream]
    return (before, after)
  }

  /// A display that has seen the story.
  static func display(columns: Int, rows: Int) -> LiveDisplay {
    var display = LiveDisplay(columns: columns, rows: rows)
    display.show(story.before)
    display.show(story.after)
    return display
  }
}

extension LiveDisplay {
  mutating func press(_ keys: [Key]) {
    for key in keys { press(key) }
  }

  mutating func type(_ text: String) {
    for character in text { press(.character(character)) }
  }

  /// The lines of the screen.
  mutating func lines() -> [String] {
    let screen = draw()
    return (0..<screen.rows).map { screen.text(row: $0) }
  }

  /// The ports of the clients from the top of the screen, by which samples are told apart.
  mutating func numbers() -> [Int] {
    lines().compactMap { line in
      line.firstMatch(of: #/:5(\d{4}) /#).flatMap { Int($0.output.1) }
    }
  }

  /// The row of the screen that is selected.
  mutating func selectedLine() -> Int? {
    let bytes = draw().changes(from: nil, usesColor: false)
    let text = String(decoding: bytes, as: UTF8.self)
    return text.firstMatch(of: /\e\[(\d+);1H\e\[0;7m/).flatMap { Int($0.output.1) }.map { $0 - 1 }
  }
}
