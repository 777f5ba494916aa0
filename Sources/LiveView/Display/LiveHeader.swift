import FlowAnalysis
import FlowReports
import FlowTracker
import PacketParser

/// The lines above the table: what the whole capture comes to.
struct LiveHeader {
  static let mostLines = 4

  private let snapshot: LiveSnapshot
  private let rates: Rates
  private let isPaused: Bool

  init(_ snapshot: LiveSnapshot, _ rates: Rates, isPaused: Bool) {
    self.snapshot = snapshot
    self.rates = rates
    self.isPaused = isPaused
  }

  /// Puts as many of the lines onto a screen as there is room for.
  func draw(on screen: inout Screen, height: Int) {
    let lines = [title, traffic, connections, findings]
    for (row, line) in lines.prefix(height).enumerated() { line.draw(on: &screen, row: row) }
  }

  private var title: Items {
    var items = Items()
    items.append(snapshot.interface.printable, .heading)
    if isPaused { items.append("PAUSED", .warning) }
    if let notice = snapshot.notice { items.append(notice.printable, .bad) }
    let time = CalendarTime(snapshot.time)
    let clock = [time.hour, time.minute, time.second].map { ($0 < 10 ? "0" : "") + String($0) }
    items.append(clock.joined(separator: ":") + " UTC", .faint)
    if !snapshot.captureFilter.isEmpty { items.append(snapshot.captureFilter.printable) }
    return items
  }

  private var traffic: Items {
    var items = Items()
    let frames = rates.framesPerSecond.map { Quantity.count($0) } ?? "–"
    items.append("\(frames) packets/s")
    // What is lost is told before what is not.
    if let statistics = snapshot.statistics {
      let drops = [
        (statistics.droppedByKernel, "kernel"), (statistics.droppedByInterface, "interface"),
      ].filter { $0.0 > 0 }
      if drops.isEmpty { items.append("no drops", .good) }
      for (count, place) in drops {
        items.append("\(Quantity.count(count)) dropped by \(place)", .bad)
      }
    }
    items.append((rates.bytesPerSecond.map { Quantity.bytes($0) } ?? "– B") + "/s")
    items.append("\(Quantity.count(snapshot.frames)) packets")
    items.append(Quantity.bytes(snapshot.bytes))
    if let statistics = snapshot.statistics {
      items.append("\(Quantity.count(statistics.received)) received", .faint)
    }
    return items
  }

  private var connections: Items {
    var items = Items()
    let open = max(0, snapshot.connectionsOpened - snapshot.connectionsEnded)
    items.append("\(Quantity.count(open)) open", .heading)
    items.append("\(Quantity.count(snapshot.connectionsEnded)) ended")
    // Those of the same count always stand in the same order.
    let states = snapshot.states.filter { $0.count > 0 }.sorted {
      ($1.count, $0.rank) < ($0.count, $1.rank)
    }
    for state in states { items.append("\(state.name) \(Quantity.count(state.count))") }
    return items
  }

  private var findings: Items {
    var items = Items()
    guard !snapshot.findings.isEmpty else {
      items.append("no findings", .faint)
      return items
    }
    for finding in snapshot.findings.sorted(by: { $1.severity < $0.severity }) {
      items.append(
        "\(finding.id.printable) \(Quantity.count(finding.count))", finding.severity.tone)
    }
    return items
  }
}

extension LiveSnapshot.StateCount {
  /// `ESTABLISHED`, or the states of client and server.
  fileprivate var name: String {
    let (client, server) = (client?.name ?? "–", server?.name ?? "–")
    return client == server ? client : "\(client)/\(server)"
  }

  fileprivate var rank: Int {
    Int(client?.rawValue ?? .max) * 256 + Int(server?.rawValue ?? .max)
  }
}
