import LiveView
import Testing

/// Rates as the table and the header show them.
struct RatesTests {
  private func snapshot(_ seconds: Double, payload: UInt64?, frames: UInt64 = 0) -> LiveSnapshot {
    var snapshot = Sample.many(payload == nil ? 0 : 1, at: seconds)
    snapshot.frames = frames
    snapshot.bytes = frames * 100
    if let payload { snapshot.rows[0].serverSent = .init(packets: 1, payload: payload) }
    return snapshot
  }

  private func rate(of snapshots: [LiveSnapshot]) -> Substring? {
    var display = LiveDisplay(columns: 80, rows: 24)
    for snapshot in snapshots { display.show(snapshot) }
    return display.lines().first { $0.contains(":50001") }?
      .firstMatch(of: /ESTABLISHED +([^ ]+( .?B\/s)?)$/)?.output.1
  }

  @Test func `a rate is the payload of a second`() {
    #expect(rate(of: [snapshot(1, payload: 0), snapshot(3, payload: 3_000)]) == "1.50 kB/s")
    #expect(rate(of: [snapshot(1, payload: 500), snapshot(2, payload: 500)]) == "0 B/s")
  }

  @Test func `of a single snapshot no rate is known`() {
    #expect(rate(of: [snapshot(1, payload: 100)]) == "–")
  }

  @Test func `snapshots that follow each other fast are taken together`() {
    let snapshots = (0...10).map { snapshot(1 + Double($0) / 10, payload: UInt64($0) * 100) }
    // Nine tenths of a second after the first.
    #expect(rate(of: snapshots) == "1.00 kB/s")
  }

  @Test func `a new connection has its first rate from its beginning`() {
    #expect(rate(of: [snapshot(-1, payload: nil), snapshot(1, payload: 1_000)]) == "500 B/s")
    // One that was older and not told before has none.
    #expect(rate(of: [snapshot(1, payload: nil), snapshot(2, payload: 1_000)]) == "–")
  }

  @Test func `when the clock runs backwards rates begin anew`() {
    let snapshots = [(5.0, UInt64(0)), (6, 100), (2, 200), (3, 1_200)].map {
      snapshot($0.0, payload: $0.1)
    }
    #expect(rate(of: Array(snapshots.prefix(3))) == "–")
    #expect(rate(of: snapshots) == "1.00 kB/s")
  }

  @Test func `the header tells packets and bytes a second`() {
    var display = LiveDisplay(columns: 80, rows: 24)
    display.show(snapshot(1, payload: 0, frames: 100))
    #expect(display.lines()[1].hasPrefix("– packets/s  – B/s"))
    display.show(snapshot(3, payload: 0, frames: 3_100))
    #expect(display.lines()[1].hasPrefix("1,500 packets/s  150 kB/s"))
  }
}
