import FlowReports

/// One line on the terminal that says how far a long reading has come.
struct ProgressLine {
  private let isShown: Bool
  private let name: String
  private let start = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?

  init(isShown: Bool, name: String) {
    self.isShown = isShown
    self.name = name.printable
  }

  /// Shows the line if the reading takes longer than a second, and at most ten times a second.
  mutating func update(frames: Int, bytes: Int, totalBytes: Int?) {
    guard isShown else { return }
    let now = ContinuousClock.now
    let elapsed = now - start
    guard elapsed >= .seconds(1), lastShown.map({ now - $0 >= .milliseconds(100) }) ?? true else {
      return
    }
    lastShown = now
    let seconds = elapsed / .seconds(1)
    var text = megabytes(bytes)
    if let totalBytes, totalBytes > 0 {
      let share = min(1, Double(bytes) / Double(totalBytes))
      text += " of \(megabytes(totalBytes)) (\(Int(share * 100)) %)"
      if share > 0 { text += ", \(Int(seconds / share - seconds) + 1) s left" }
    }
    text += ", \(Int(Double(frames) / seconds / 1000)) thousand packets/s  \(name)"
    // A line that breaks could not be wiped away.
    StandardStreams.writeError("\r\u{1b}[K" + text.prefix((Terminal.errorColumns ?? 80) - 1))
  }

  mutating func clear() {
    guard lastShown != nil else { return }
    StandardStreams.writeError("\r\u{1b}[K")
    lastShown = nil
  }

  private func megabytes(_ bytes: Int) -> String {
    "\(bytes / 1_000_000) MB"
  }
}
