import FlowAnalysis
import FlowTracker
import PacketParser

/// The ladder of a connection as text: who and when, a line a segment between the states of both
/// ends, and what it comes to.
struct LadderText {
  /// Where the terminal does not say how wide it is, remarks stand beside their segments.
  private static let unlimited = 1_000
  /// The least that is left for what an arrow says, and what the arrow itself takes.
  private static let leastLabel = 16
  private static let arrowExtra = 5

  private let ladder: Ladder
  private let style: TextStyle
  private let columns: Int
  private var frameWidth = 5
  private var timeWidth = 8
  private var stateWidths = [6, 6]
  private var labelWidth = 0
  /// Between frame, time and the client's state.
  private var gap = "  "
  /// Whether numbers are told by their names.
  private var isWordy = true

  init(_ ladder: Ladder, style: TextStyle) {
    self.ladder = ladder
    self.style = style
    columns = style.columns ?? Self.unlimited
    measure()
  }

  func render() -> String {
    var text = style.wrap(heading) + "\n"
    text += style.paint(titles, .heading) + "\n"
    for rung in ladder.rungs { text += line(for: rung) }
    text += "\n" + conclusion + "\n"
    let findings = ladder.report.findings
    if !findings.isEmpty { text += "\n" + style.wrap(FindingsText.render(findings, style)) }
    return text
  }

  // MARK: - Above

  private var heading: String {
    let report = ladder.report
    var text = style.paint("Connection \(report.number)", .heading)
    text += ": client \(report.client), server \(report.server)\n"
    text += "From \(CalendarTime(report.first.time).text)"
    if let duration = report.durationNanoseconds, duration > 0 {
      text += ", for \(Quantity.duration(nanoseconds: duration))"
    }
    text += "\n"
    if let vantage = report.vantage { text += "Captured \(vantage.words)\n" }
    if !report.encapsulation.isEmpty {
      text += "In \(report.encapsulation.map(\.words).joined(separator: ", "))\n"
    }
    return text
  }

  var titles: String {
    pad("frame", frameWidth, right: true) + gap + pad("time", timeWidth, right: true) + gap
      + pad("client", stateWidths[0], right: true) + " "
      + pad("", labelWidth + Self.arrowExtra) + " " + "server"
  }

  // MARK: - Below

  /// The sentences, in which no number leaves what it counts.
  private var conclusion: String {
    let space = "\u{a0}"
    let sentences = Conclusion(ladder).sentences.map {
      $0.replacing(/(\d) (ns|µs|ms|s|min|h|k?B|[MGT]B)\b/) { "\($0.1)\(space)\($0.2)" }
        .replacing(/frame (\d)/) { "frame\(space)\($0.1)" }
    }
    return style.wrap(sentences.joined(separator: "\n")).replacing(space, with: " ")
  }

  // MARK: - Widths

  private mutating func measure() {
    var labels = [0, 0]
    for rung in ladder.rungs {
      switch rung {
      case .segment(let segment, let states):
        frameWidth = max(frameWidth, String(segment.mark.frame).count)
        timeWidth = max(timeWidth, time(segment.mark.time).count)
        measure(states)
        labels[0] = max(labels[0], label(segment, isWordy: true).count)
        labels[1] = max(labels[1], label(segment, isWordy: false).count)
      case .fold(_, let states): measure(states)
      case .change(let transition, let states):
        timeWidth = max(timeWidth, time(transition.time).count)
        measure(states)
        let width = ladder.words(for: transition).count - Self.arrowExtra
        labels = labels.map { max($0, width) }
      }
    }
    isWordy = labels[0] <= room
    // What is narrow gets along with less air and fewer words.
    if !isWordy { gap = " " }
    labelWidth = min(room, isWordy ? labels[0] : labels[1])
  }

  /// The room for what an arrow says.
  private var room: Int {
    max(Self.leastLabel, columns - indentation - Self.arrowExtra - 1 - stateWidths[1])
  }

  /// Where the arrows begin.
  private var indentation: Int {
    frameWidth + timeWidth + 2 * gap.count + stateWidths[0] + 1
  }

  private mutating func measure(_ states: Ladder.States) {
    for side in Side.allCases {
      guard let transition = states[side] else { continue }
      let end = Int(side.rawValue)
      stateWidths[end] = max(stateWidths[end], transition.name.count)
    }
  }

  // MARK: - Lines

  func line(for rung: Ladder.Rung) -> String {
    switch rung {
    case .segment(let segment, let states):
      return line(
        String(segment.mark.frame), time(segment.mark.time), states, arrow(for: segment),
        remarks: ladder.remarks(on: segment).joined(separator: ", "),
        segment.isRemarkable || segment.hasWrongChecksum ? .warning : .faint)
    case .fold(let fold, let states):
      return below("… " + ladder.words(for: fold, states) + " …", .faint)
    case .change(let transition, let states):
      let words = pad(ladder.words(for: transition), labelWidth + Self.arrowExtra)
      return line("", time(transition.time), states, style.paint(words, .faint))
    }
  }

  private func line(
    _ frame: String, _ time: String, _ states: Ladder.States, _ middle: String,
    remarks: String = "", _ tone: TextStyle.Tone = .faint
  ) -> String {
    var line = pad(frame, frameWidth, right: true) + gap + pad(time, timeWidth, right: true) + gap
    line += state(.client, states) + " " + middle + " " + state(.server, states)
    let start = serverColumn + stateWidths[1] + 2
    if !remarks.isEmpty, start + remarks.count <= columns {
      return line + "  " + style.paint(remarks, tone) + "\n"
    }
    while line.last == " " { line.removeLast() }
    return line + "\n" + (remarks.isEmpty ? "" : below(remarks, tone))
  }

  /// A text of its own lines, from where the arrows say what they say.
  private func below(_ words: String, _ tone: TextStyle.Tone) -> String {
    let indentation = self.indentation + 3
    let narrow = TextStyle(columns: max(Self.leastLabel, columns - indentation))
    return narrow.wrap(words).split(separator: "\n").map {
      String(repeating: " ", count: indentation) + style.paint(String($0), tone) + "\n"
    }.joined()
  }

  /// Where the state of the server begins.
  private var serverColumn: Int { indentation + labelWidth + Self.arrowExtra + 1 }

  private func state(_ side: Side, _ states: Ladder.States) -> String {
    let width = stateWidths[Int(side.rawValue)]
    let isLeft = side == .client
    guard let transition = states[side] else { return pad("", width, right: isLeft) }
    guard states.isNew(side) else { return pad("│", width, right: isLeft) }
    let name = transition.name
    let padding = String(repeating: " ", count: width - name.count)
    let painted = style.paint(name, .heading)
    return isLeft ? padding + painted : painted + padding
  }

  private func arrow(for segment: LoggedSegment) -> String {
    var label = label(segment, isWordy: isWordy)
    if label.count > labelWidth { label = shortLabel(segment, within: labelWidth) }
    let shaft = String(repeating: "─", count: max(0, labelWidth - label.count))
    let tone: TextStyle.Tone? = segment.flags.contains(.rst) ? .bad : nil
    return segment.sender == .client
      ? "── \(style.paint(label, tone)) \(shaft)▶" : "◀─ \(style.paint(label, tone)) \(shaft)─"
  }

  // MARK: - What an arrow says

  private func label(_ segment: LoggedSegment, isWordy: Bool) -> String {
    var label = segment.flags.ladderName
    let range = ladder.range(of: segment)
    label += isWordy ? " seq \(range.start)" : " \(range.start)"
    if segment.payloadLength > 0 {
      label += isWordy ? " len \(segment.payloadLength)" : ":\(range.end)(\(segment.payloadLength))"
    }
    if let acknowledgment = ladder.relativeAcknowledgment(segment) {
      label += " ack \(acknowledgment)"
    }
    if !segment.flags.contains(.rst) { label += " win \(ladder.window(of: segment))" }
    return label
  }

  /// Without what can best be done without.
  private func shortLabel(_ segment: LoggedSegment, within width: Int) -> String {
    let flags = segment.flags.ladderName
    let range = ladder.range(of: segment)
    let acknowledgment = ladder.relativeAcknowledgment(segment).map { " ack \($0)" } ?? ""
    let length = segment.payloadLength > 0 ? "(\(segment.payloadLength))" : ""
    let choices = [
      "\(flags) \(range.start)\(length.isEmpty ? "" : ":\(range.end)")\(length)\(acknowledgment)",
      "\(flags) \(range.start)\(length)\(acknowledgment)", "\(flags) \(range.start)\(length)",
    ]
    return choices.first { $0.count <= width } ?? String(flags.prefix(width))
  }

  private func time(_ time: Timestamp) -> String {
    Quantity.seconds(nanoseconds: time.nanoseconds(since: ladder.report.first.time))
  }

  private func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
    let padding = String(repeating: " ", count: max(0, width - text.count))
    return right ? padding + text : text + padding
  }
}

extension Transition {
  /// `ESTABLISHED?` where its cause was seen on its way and no more, `(LISTEN)` where it must have
  /// been so.
  var name: String {
    switch evidence {
    case .presumed: state.name + "?"
    case .implied: "(\(state.name))"
    default: state.name
    }
  }
}

extension TCPFlags {
  /// `SYN,ACK`, `PSH,ACK`: as people say them, ACK last of those that are common.
  var ladderName: String {
    let order: [TCPFlags] = [.syn, .fin, .rst, .psh, .urg, .ack, .ece, .cwr, .ae]
    let names = order.filter { contains($0) }.map(\.description)
    return names.isEmpty ? "no flags" : names.joined(separator: ",")
  }
}

extension Ladder {
  /// The first sequence number of a segment and the one after its payload, as they are told.
  func range(of segment: LoggedSegment) -> (start: String, end: String) {
    // A SYN with other numbers than the one that counts has nothing to be relative to.
    let relative = relativeSequence(segment)
    guard let relative, !segment.flags.contains(.syn) || relative == 0 else {
      return (
        "\(segment.sequence.rawValue)", "\((segment.sequence + segment.payloadLength).rawValue)"
      )
    }
    return ("\(relative)", "\(relative + Int64(segment.payloadLength))")
  }

  /// The window in bytes as far as its scale is known, else as the field has it.
  func window(of segment: LoggedSegment) -> String {
    Quantity.count(windowBytes(segment) ?? Int(segment.window))
  }
}

extension Vantage {
  /// `at the client (likely)`.
  var words: String {
    let place =
      switch at {
      case .client: "at the client"
      case .server: "at the server"
      case .between: "between the two"
      case .loopback: "on the host that both ends are on"
      }
    return certainty == .certain ? place : "\(place) (\(certainty.name))"
  }
}

extension EncapsulationLayer {
  /// `VLAN 12`.
  var words: String {
    switch self {
    case .vlan(let identifier): "VLAN \(identifier)"
    case .backbone(let service): "backbone service \(service)"
    case .mpls(let label): "MPLS label \(label)"
    case .pppoe(let session): "PPPoE session \(session)"
    case .ip(let version): "IPv\(version.rawValue)"
    case .gre(let key): key.map { "GRE key \($0)" } ?? "GRE"
    case .erspan(let session): "ERSPAN session \(session)"
    case .vxlan(let network): "VXLAN \(network)"
    case .geneve(let network): "Geneve \(network)"
    case .gtp(let tunnel): "GTP-U tunnel \(tunnel)"
    case .teredo: "Teredo"
    case .ayiya: "AYIYA"
    case .capwap: "CAPWAP"
    }
  }
}
