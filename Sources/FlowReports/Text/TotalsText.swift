import FlowAnalysis
import FlowTracker
import PacketParser

/// The sentences below a table: what a capture came to, and what was left out of it.
enum TotalsText {
  /// The lines of one capture.
  ///
  /// If it is the only one (`isAlone`), a file that could not be opened leaves nothing to say beside
  /// the error message.
  static func lines(of summary: TraceSummary, isAlone: Bool) -> String {
    if summary.error != nil, !summary.isInterrupted, summary.framesRead == 0 {
      return isAlone ? "" : "Not read.\n"
    }
    var text = sentences(of: [summary])
    let full = summary.endReasons[Int(EndReason.tableFull.rawValue)]
    if full > 0 {
      text += "\(Quantity.count(full, "connection")) put away early: the table was full.\n"
    }
    let halfOpen = summary.endReasons[Int(EndReason.tooManyHalfOpen.rawValue)]
    if halfOpen > 0 {
      text +=
        "\(Quantity.count(halfOpen, "half-open connection")) put away early: there were too many.\n"
    }
    if summary.untoldFindings > 0 {
      let findings = Quantity.count(summary.untoldFindings, "finding")
      text += "\(findings) across connections more than are told.\n"
    }
    if summary.loss.total > 0 { text += lost(summary.loss) + "\n" }
    let isUndecoded = summary.framesByFate[Int(FrameFate.unsupportedLink.rawValue)] > 0
    if let error = summary.error, summary.isInterrupted {
      text += "Incomplete: \(error.prefix { $0 != "\n" }).\n"
    } else if summary.error != nil, !isUndecoded {
      text += "Incomplete: packet \(Quantity.count(summary.framesRead + 1)) could not be read.\n"
    }
    return text
  }

  /// What a capture says that it has lost.
  static func lost(_ loss: CaptureLoss) -> String {
    "Lost: \(Quantity.count(loss.droppedByKernel, "frame")) dropped by the kernel, "
      + "\(Quantity.count(loss.droppedByInterface)) by the interface."
  }

  /// The last lines of a report of many captures.
  static func lines(of summaries: [TraceSummary]) -> String {
    let unread = summaries.count { $0.error != nil && $0.framesRead == 0 }
    let incomplete = summaries.count { $0.error != nil && $0.framesRead > 0 }
    let troubles = list([(unread, "not read"), (incomplete, "incomplete")], of: summaries.count)
    let captures = Quantity.count(summaries.count, "capture")
    if unread == summaries.count { return "\n\(captures), none read.\n" }
    let heading = troubles.isEmpty ? captures : "\(captures), \(troubles.joined(separator: ", "))"
    return "\n\(heading). In all:\n" + sentences(of: summaries)
  }

  private static func sentences(of summaries: [TraceSummary]) -> String {
    connections(of: summaries) + packets(of: summaries)
  }

  // MARK: - Connections

  // 24 connections: 20 opened, 1 already open, 3 refused.
  // Of the 21 open, 20 closed, 1 still open.
  private static func connections(of summaries: [TraceSummary]) -> String {
    let count = summaries.reduce(0) { $0 + $1.connections }
    guard count > 0 else { return "No TCP connections.\n" }
    let openings = list(
      openingOrder.map { (sum(summaries, \.handshakes, at: $0.rawValue), phrase($0)) },
      of: count)
    let text = "\(Quantity.count(count, "connection")): \(openings.joined(separator: ", "))"

    let closeCounts = Closing.Outcome.allCases.map {
      sum(summaries, \.closesOfOpened, at: $0.rawValue)
    }
    let opened = closeCounts.reduce(0, +)
    let closes = list(Array(zip(closeCounts, Closing.Outcome.allCases.map(phrase))), of: opened)
      .joined(separator: ", ")
    if opened == 0 { return "\(text).\n" }
    if opened == count, openings.count == 1 { return "\(text), \(closes).\n" }
    return opened == count
      ? "\(text).\nOf these, \(closes).\n"
      : "\(text).\nOf the \(Quantity.count(opened)) open, \(closes).\n"
  }

  private static let openingOrder: [Handshake.Outcome] = [
    .complete, .unseen, .halfOpen, .unanswered, .refused, .rejected, .aborted,
  ]

  private static func phrase(_ outcome: Handshake.Outcome) -> String {
    switch outcome {
    case .complete: "opened"
    case .unseen: "already open"
    case .halfOpen: "half-open"
    case .unanswered: "unanswered"
    case .refused: "refused"
    case .rejected: "rejected by ICMP"
    case .aborted: "aborted while opening"
    }
  }

  private static func phrase(_ outcome: Closing.Outcome) -> String {
    switch outcome {
    case .complete: "closed"
    case .lastACKMissing: "closed but for the last ACK"
    case .finUnacknowledged: "with a FIN unacknowledged"
    case .open: "still open"
    case .reset: "reset"
    }
  }

  // MARK: - Packets

  // 246 packets in 12.3 s: 240 TCP, 6 not IP.
  private static func packets(of summaries: [TraceSummary]) -> String {
    let count = summaries.reduce(0) { $0 + $1.framesRead }
    guard count > 0 else { return "No packets.\n" }
    var text = Quantity.count(count, "packet")
    if summaries.count == 1, count > 1, let first = summaries[0].firstTime,
      let last = summaries[0].lastTime
    {
      text += " in \(Quantity.duration(nanoseconds: last.nanoseconds(since: first)))"
    }
    var parts = FrameFate.allCases.map {
      (count: sum(summaries, \.framesByFate, at: $0.rawValue), phrase: phrase($0))
    }
    parts.append((summaries.reduce(0) { $0 + $1.framesFiltered }, "filtered out"))
    return "\(text): \(list(parts, of: count).joined(separator: ", ")).\n"
      + checksums(of: summaries)
  }

  // TCP checksums: 2 wrong, 14 left to the network card.
  private static func checksums(of summaries: [TraceSummary]) -> String {
    let parts = [
      (ChecksumStatus.wrong, "wrong"), (.offloaded, "left to the network card"),
    ].map { (count: sum(summaries, \.segmentsByChecksum, at: $0.rawValue), phrase: $1) }
    guard parts.contains(where: { $0.count > 0 }) else { return "" }
    let segments = summaries.reduce(0) { $0 + $1.segmentsByChecksum.reduce(0, +) }
    return "TCP checksums: \(list(parts, of: segments).joined(separator: ", ")).\n"
  }

  private static func phrase(_ fate: FrameFate) -> String {
    switch fate {
    case .tcp: "TCP"
    case .notIP: "not IP"
    case .notTCP: "not TCP"
    case .fragment: "incomplete fragments"
    case .truncated: "cut short by the snap length"
    case .malformed: "malformed"
    case .nestedTooDeep: "in too many tunnels"
    case .unsupportedLink: "of a link type that cannot be decoded"
    }
  }

  // MARK: - Lists

  private static func sum(
    _ summaries: [TraceSummary], _ counts: KeyPath<TraceSummary, [Int]>, at index: UInt8
  ) -> Int {
    summaries.reduce(0) { $0 + $1[keyPath: counts][Int(index)] }
  }

  // "20 opened", "1 refused"; "all opened" if there is nothing else, and "opened" of a single one.
  private static func list(_ parts: [(count: Int, phrase: String)], of total: Int)
    -> [String]
  {
    parts.filter { $0.count > 0 }
      .map { part in
        guard part.count == total else { return "\(Quantity.count(part.count)) \(part.phrase)" }
        return total == 1 ? part.phrase : "all \(part.phrase)"
      }
  }
}
