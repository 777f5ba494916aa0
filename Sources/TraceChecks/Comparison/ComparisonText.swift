import FlowAnalysis
import FlowReports
import FlowTracker
import PacketParser

/// A comparison as people read it: what was compared, what differs in which connection, and what it comes
/// to.
struct ComparisonText {
  /// So many segments of a connection are told one by one.
  private static let segmentsTold = 20

  private let comparison: Comparison
  private let style: TextStyle

  init(_ comparison: Comparison, _ style: TextStyle) {
    self.comparison = comparison
    self.style = style
  }

  func render() -> String {
    var text = heading
    if let path = comparison.path { text += PathText(path, style).render() }
    text += "\n"
    for connection in comparison.connections.prefix(style.limit) { text += render(connection) }
    let rest = comparison.connections.count - style.limit
    if rest > 0 { text += "… and \(Quantity.count(rest)) more; --limit shows them\n\n" }
    return text + style.wrap(totals)
  }

  private var heading: String {
    let (a, b) = (comparison.names.a.printable, comparison.names.b.printable)
    let (first, second) =
      comparison.mode == .beforeAndAfter
      ? ("Before (A): ", "After (B): ") : ("The same traffic at A: ", "and at B: ")
    return style.paint(first, .heading) + a + "\n" + style.paint(second, .heading) + b + "\n"
  }

  // MARK: - A connection

  private func render(_ compared: ComparedConnection) -> String {
    var text = style.wrap(title(of: compared)) + "\n"
    if !compared.differences.isEmpty { text += table(of: compared.differences).render(indented) }
    for finding in compared.findings { text += line(for: finding) }
    if !compared.segments.isEmpty { text += render(compared.segments) }
    return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { $0.offset == 0 || $0.element.isEmpty ? String($0.element) : "  " + $0.element }
      .joined(separator: "\n") + "\n"
  }

  /// What stands below a title has two columns less.
  private var indented: TextStyle {
    var style = style
    style.columns = style.columns.map { max(20, $0 - 2) }
    return style
  }

  private func title(of compared: ComparedConnection) -> String {
    var title: String
    switch (compared.a, compared.b) {
    case (let one?, let other?):
      title = style.paint("Connection #\(one.number) of A, #\(other.number) of B", .heading)
      title += ": client \(one.client), server \(one.server)"
      if (one.client, one.server) != (other.client, other.server) {
        title += "; in B client \(other.client), server \(other.server)"
      }
    case (let report?, nil), (nil, let report?):
      let name = compared.a == nil ? "B" : "A"
      title = style.paint("Connection #\(report.number) of \(name)", .heading)
      title += ", which is in \(name) only: client \(report.client), server \(report.server)"
      title += ", handshake \(report.handshake.outcome.name), close \(report.close.kind.name)"
    case (nil, nil): title = ""
    }
    return title
  }

  private func table(of differences: [ConnectionDifference]) -> TextTable {
    var table = TextTable(columns: [
      .init("differs"), .init("A", isElidable: true), .init("B", isElidable: true),
      .init("frames", dispensability: 1),
    ])
    for difference in differences {
      table.append([
        .init(difference.aspect), .init(difference.a.text), .init(difference.b.text),
        .init(frames(difference.frames), .faint),
      ])
    }
    return table
  }

  /// `A 1, 2; B 3`.
  private func frames(_ frames: (a: [Int], b: [Int])) -> String {
    let named = [("A", frames.a), ("B", frames.b)].filter { !$0.1.isEmpty }
    return named.map { "\($0) \($1.map(String.init).joined(separator: ", "))" }
      .joined(separator: "; ")
  }

  private func line(for difference: FindingDifference) -> String {
    let finding = difference.finding
    let tone: TextStyle.Tone? =
      difference.isNew ? (finding.severity == .note ? .faint : .bad) : .good
    let word = difference.isNew ? "new" : "gone"
    let frames =
      finding.frames.isEmpty
      ? ""
      : "; frame\(finding.frames.count == 1 ? "" : "s") "
        + finding.frames.map(String.init).joined(separator: ", ")
        + " of \(difference.isNew ? "B" : "A")"
    return indented.wrap(
      style.paint("\(word) \(finding.severity.name):", tone)
        + " \(finding.message) [\(finding.rule.id)\(frames)]") + "\n"
  }

  // MARK: - Segments

  private func render(_ segments: [SegmentDifference]) -> String {
    var table = TextTable(columns: [
      .init("segment"), .init("from"), .init("A", alignsRight: true), .init("B", alignsRight: true),
      .init("what", dispensability: 1), .init("how", isElidable: true),
    ])
    let (told, rest) = selection(of: segments)
    for segment in told {
      table.append([
        .init(segment.kind.rawValue, segment.tone), .init(segment.sender.name),
        .init(segment.frames.a.map(String.init) ?? "–"),
        .init(segment.frames.b.map(String.init) ?? "–"),
        .init(segment.label), .init(segment.explanation, .faint),
      ])
    }
    var text = table.render(indented)
    if !rest.isEmpty {
      let kinds = SegmentDifference.Kind.allCases.compactMap { kind -> String? in
        let count = rest.count { $0.kind == kind }
        return count == 0 ? nil : "\(Quantity.count(count)) \(kind.rawValue)"
      }
      text += "… and \(kinds.joined(separator: ", ")); --format ndjson has them all\n"
    }
    return text
  }

  /// Those that are told one by one, in order of time: where there are many, what is worse rather than what
  /// is not.
  private func selection(
    of segments: [SegmentDifference]
  ) -> (told: [SegmentDifference], rest: [SegmentDifference]) {
    guard segments.count > Self.segmentsTold else { return (segments, []) }
    let order = segments.indices.sorted {
      (segments[$0].kind.rank, $0) < (segments[$1].kind.rank, $1)
    }
    let told = Set(order.prefix(Self.segmentsTold))
    return (
      told.sorted().map { segments[$0] },
      segments.indices.filter { !told.contains($0) }.map { segments[$0] }
    )
  }

  // MARK: - Totals

  private var totals: String {
    let counts = comparison.counts
    var text = "\(Quantity.count(comparison.pairs, "connection")) in both"
    text +=
      counts.differing == 0
      ? (comparison.pairs == 0 ? "" : ", all alike")
      : ": \(Quantity.count(comparison.pairs - counts.differing)) alike,"
        + " \(Quantity.count(counts.differing)) not"
    if counts.onlyInA > 0 { text += "; \(Quantity.count(counts.onlyInA)) in A only" }
    if counts.onlyInB > 0 { text += "; \(Quantity.count(counts.onlyInB)) in B only" }
    text += ".\n"
    if let path = comparison.path {
      let kinds = SegmentDifference.Kind.allCases.filter { comparison.count($0) > 0 }
        .map { "\(Quantity.count(comparison.count($0))) \($0.rawValue)" }
      let common = path.properties.common
      text += common == 0 ? "No segment" : Quantity.count(common, "segment")
      text += " at both places"
      text +=
        kinds.isEmpty
        ? (common == 0 || path.undirected.a + path.undirected.b > 0 ? ".\n" : ", all as sent.\n")
        : "; \(kinds.joined(separator: ", ")).\n"
    }
    for (name, omitted) in [("A", comparison.omitted.a), ("B", comparison.omitted.b)] {
      if omitted.connections > 0 {
        text +=
          "\(Quantity.count(omitted.connections, "connection")) of \(name) "
          + "\(omitted.connections == 1 ? "was" : "were") beyond the limit and not compared.\n"
      }
      if omitted.segments > 0, comparison.path != nil {
        text +=
          "\(Quantity.count(omitted.segments, "segment")) of \(name) "
          + "\(omitted.segments == 1 ? "was" : "were") beyond the limit and not compared.\n"
      }
    }
    return text
  }
}

extension ConnectionDifference.Value {
  /// As tables have it.
  var text: String {
    switch self {
    case .none: "–"
    case .word(let word): word
    case .words(let words): words.isEmpty ? "–" : words.joined(separator: ", ")
    case .number(let number): Quantity.count(number)
    case .bytes(let number): Quantity.bytes(number)
    case .duration(let nanoseconds): Quantity.duration(nanoseconds: nanoseconds)
    }
  }
}

extension SegmentDifference.Kind {
  /// The worst is the least.
  fileprivate var rank: Int {
    switch self {
    case .lost, .altered, .injected: 0
    case .duplicated, .missed: 1
    case .reordered: 2
    case .delayed: 3
    }
  }
}

extension SegmentDifference {
  var tone: TextStyle.Tone {
    switch kind {
    case .lost, .altered, .injected: .bad
    case .duplicated, .reordered, .delayed: .warning
    case .missed: .faint
    }
  }

  /// `PSH,ACK 1:1449`.
  var label: String {
    let start = relativeSequence ?? sequence.rawValue
    let range = payloadLength == 0 ? "\(start)" : "\(start):\(start &+ payloadLength)"
    return "\(flags) \(range)"
  }

  /// How it is so, in a few words.
  var explanation: String {
    let (here, there) = travel == .aToB ? ("A", "B") : ("B", "A")
    switch kind {
    case .lost:
      let part = missingBytes.map { "\(Quantity.count($0)) of its bytes never " } ?? "never "
      return "\(part)seen at \(there)"
    case .duplicated: return "again after frame \(otherFrame ?? 0) of \(there)"
    case .reordered:
      let late = excessNanoseconds.map {
        $0 > 0 ? ", \(Quantity.duration(nanoseconds: $0)) late" : ""
      }
      return "behind frame \(otherFrame ?? 0) of \(there)\(late ?? "")"
    case .delayed:
      return "\(Quantity.duration(nanoseconds: excessNanoseconds ?? 0)) later than usual"
    case .altered: return alterations.map(\.text).joined(separator: "; ")
    case .injected: return "never seen at \(here)"
    case .missed:
      let place = (frames.a == nil) ? "A" : "B"
      return "missed by the capture at \(place): it was acknowledged there"
    }
  }
}

extension Alteration {
  fileprivate var text: String {
    let name =
      switch field {
      case .sequence: "sequence number"
      case .acknowledgment: "acknowledgment number"
      case .flags: "flags"
      case .window: "window"
      case .maximumSegmentSize: "MSS"
      case .windowScale: "window scale"
      case .options: "options"
      case .payload: "payload"
      }
    return a.isEmpty && b.isEmpty ? "other \(name)" : "\(name) \(a) in A, \(b) in B"
  }
}
