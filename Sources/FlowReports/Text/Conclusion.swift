import FlowAnalysis
import FlowTracker
import PacketParser

/// What a connection comes to, in sentences: how it was opened, where both ends were for how long,
/// how it ended, what is missing.
///
/// They claim no more than the record has.
struct Conclusion {
  private let ladder: Ladder
  private let report: ConnectionReport

  init(_ ladder: Ladder) {
    self.ladder = ladder
    report = ladder.report
  }

  var sentences: [String] {
    roles + opening + options + traffic + Side.allCases.compactMap(stay) + ending + missing + legend
  }

  // MARK: - Beginning

  private var roles: [String] {
    var sentences: [String] = []
    if report.incarnation > 1 {
      sentences.append(
        "It is connection \(report.incarnation) of the same two addresses and ports.")
    }
    switch report.rolesEvidence {
    case .syn, .synACK: break
    case .port: sentences.append("The server is taken for the server because of its port.")
    case .firstSender:
      sentences.append("Nothing tells which end is the client; the first to send is taken for it.")
    }
    return sentences
  }

  private var opening: [String] {
    let handshake = report.handshake
    let syn = frame(handshake.syn) ?? "not captured"
    let synACK = frame(handshake.synACK) ?? "not captured"
    switch handshake.outcome {
    case .complete: return completeOpening
    case .halfOpen where handshake.kind == .simultaneous || handshake.kind == .split:
      return ["Both ends sent a SYN, and the handshake was not completed: it is half-open."]
    case .halfOpen:
      return [
        "Half-open: the server answered the SYN (\(syn)) with a SYN-ACK (\(synACK)), and no "
          + "acknowledgment of that was captured."
      ]
    case .unanswered:
      let count = report[.client].packets
      let often = count > 1 ? ", sent \(Quantity.count(count)) times," : ""
      return ["Unanswered: nothing came back to the SYN (\(syn))\(often) in this capture."]
    case .refused:
      let reset = frame(report.close.reset?.mark)
      return ["Refused: a RST\(reset.map { " (\($0))" } ?? "") answered the SYN (\(syn))."]
    case .rejected:
      let error = frame(handshake.rejection) ?? "not captured"
      return ["Rejected: an ICMP error (\(error)) answered the SYN (\(syn))."]
    case .aborted: return ["A RST ended it before the handshake was complete."]
    case .unseen:
      return [
        "The capture shows nothing of how it was opened. Sequence numbers count from the first that "
          + "was captured, and windows stand as they are in the header, not scaled."
      ]
    }
  }

  private var completeOpening: [String] {
    let handshake = report.handshake
    let frames = [("SYN", handshake.syn), ("SYN-ACK", handshake.synACK), ("ACK", handshake.ack)]
      .map { "\($0) \(frame($1) ?? "not captured")" }.joined(separator: ", ")
    var sentences: [String] = []
    switch handshake.kind {
    case .threeWay: sentences.append("Opened by a three-way handshake: \(frames).")
    case .fastOpen:
      sentences.append("Opened by TCP Fast Open, with data on the SYN: \(frames).")
    case .simultaneous where report.isOneSocket:
      sentences.append("A socket connected to itself: its own SYN came back to it.")
    case .simultaneous: sentences.append("Opened from both ends at once: two SYNs crossed.")
    case .split:
      sentences.append("Opened by a split handshake: the server answered the SYN by its own SYN.")
    case .unseen: break
    }
    let trips = [
      handshake.serverRoundTripNanoseconds.map {
        "\(Quantity.duration(nanoseconds: $0)) to the server and back"
      },
      handshake.clientRoundTripNanoseconds.map {
        "\(Quantity.duration(nanoseconds: $0)) to the client and back"
      },
    ].compactMap { $0 }
    if !trips.isEmpty {
      sentences.append(
        "From where the capture was taken it was \(trips.joined(separator: ", ")).")
    }
    // Where both ends sent one, the second is no repeat.
    guard handshake.kind == .threeWay || handshake.kind == .fastOpen else { return sentences }
    if let syn = handshake.syn, let last = handshake.lastSYN, last.frame != syn.frame {
      sentences.append("The SYN was repeated, last in frame \(last.frame).")
    }
    if let synACK = handshake.synACK, let last = handshake.lastSYNACK, last.frame != synACK.frame {
      sentences.append("The SYN-ACK was repeated, last in frame \(last.frame).")
    }
    return sentences
  }

  /// What the SYNs agreed on.
  private var options: [String] {
    guard report.handshake.outcome == .complete else { return [] }
    guard let client = report[.client].offer, let server = report[.server].offer else {
      guard report.handshake.kind != .unseen else { return [] }
      return ["Only one SYN was captured, so what both agreed on is not known."]
    }
    var sentences: [String] = []
    let segmentSizes = [(Side.client, client), (.server, server)].compactMap { side, offer in
      offer.present.contains(.maximumSegmentSize)
        ? "\(Quantity.count(offer.maximumSegmentSize)) to the \(side.name)" : nil
    }
    if !segmentSizes.isEmpty {
      sentences.append(
        "Largest payload of a segment (MSS), in bytes: \(segmentSizes.joined(separator: ", ")).")
    }
    var agreed: [String] = []
    var declined: [String] = []
    let names: [(TCPOptionSet, String)] = [
      (.windowScale, "window scaling"), (.sackPermitted, "selective acknowledgment (SACK)"),
      (.timestamps, "timestamps"), (.multipath, "Multipath TCP"),
    ]
    for (option, name) in names {
      switch (client.present.contains(option), server.present.contains(option)) {
      case (true, true):
        let scale = option == .windowScale
        agreed.append(
          scale
            ? "\(name) (client ×\(1 << Int(min(client.windowScale, 14))), "
              + "server ×\(1 << Int(min(server.windowScale, 14))))" : name)
      case (true, false): declined.append("\(name) was offered by the client alone")
      case (false, true): declined.append("\(name) was offered by the server alone")
      case (false, false): break
      }
    }
    if !agreed.isEmpty { sentences.append("Agreed on: \(list(agreed)).") }
    if !declined.isEmpty {
      sentences.append("Not agreed on: \(declined.joined(separator: "; ")).")
    }
    return sentences
  }

  // MARK: - Between

  /// How fast an end's payload came, each byte counted once (goodput), where there was enough of it.
  private func rate(of side: Side) -> String? {
    let sent = report[side]
    guard sent.uniquePayload >= Self.leastForRate, let duration = report.durationNanoseconds,
      duration > 0
    else { return nil }
    let bytes = Double(sent.uniquePayload) * 1e9 / Double(duration)
    return "the \(side.name)'s data came at \(Quantity.bytes(UInt64(bytes))) a second"
  }

  /// So many bytes have to come until their rate says anything.
  private static let leastForRate: UInt64 = 10_000

  /// How long an end's payload took to be acknowledged, and how much of it was under way.
  private func roundTrips(of side: Side) -> String? {
    guard let trips = report[side].roundTrips, let shortest = trips.minimumNanoseconds,
      let mean = trips.meanNanoseconds, let longest = trips.maximumNanoseconds
    else { return nil }
    let times =
      trips.samples == 1
      ? Quantity.duration(nanoseconds: mean)
      : "\(Quantity.duration(nanoseconds: shortest)) to \(Quantity.duration(nanoseconds: longest)), "
        + "on average \(Quantity.duration(nanoseconds: mean)),"
    return "\(times) to the \(side.peer.name) and back "
      + "(\(Quantity.count(trips.samples, "sample")), "
      + "at most \(Quantity.bytes(UInt64(trips.mostInFlight))) under way)"
  }

  private var traffic: [String] {
    // One socket sends as the client; what that end sends, the other one has sent too.
    let senders = report.isOneSocket ? [Side.client] : Side.allCases
    let parts = senders.map { side in
      let sent = report[side]
      guard sent.packets > 0 else { return "the \(side.name) sent nothing" }
      let data =
        sent.payload == 0 ? "without data" : "with \(Quantity.bytes(sent.uniquePayload)) of data"
      return "the \(side.name) sent \(Quantity.count(sent.packets, "segment")) \(data)"
    }
    var sentences = ["In all \(list(parts))."]
    let rates = senders.compactMap { rate(of: $0) }
    if !rates.isEmpty { sentences.append("On average \(list(rates)).") }
    let trips = senders.compactMap { roundTrips(of: $0) }
    if !trips.isEmpty {
      sentences.append("Data took \(trips.joined(separator: "; ")).")
    }
    for side in Side.allCases {
      let sent = report[side]
      var troubles: [String] = []
      if sent.repeatedPackets > 0 {
        troubles.append(
          "\(Quantity.count(sent.repeatedPackets)) retransmitted "
            + "(\(Quantity.bytes(sent.repeatedBytes)))")
      }
      if sent.outOfOrderPackets > 0 {
        troubles.append("\(Quantity.count(sent.outOfOrderPackets)) out of order")
      }
      if sent.duplicateFrames > 0 {
        troubles.append(Quantity.count(sent.duplicateFrames, "duplicate frame"))
      }
      if !troubles.isEmpty {
        sentences.append("Of the \(side.name)'s segments, \(list(troubles)).")
      }
      if sent.zeroWindows > 0 {
        let spells = sent.shutWindow.spells
        sentences.append(
          "The \(side.name)'s window was shut "
            + (spells == 1 ? "" : "\(Quantity.count(spells)) times, ")
            + "for \(Quantity.duration(nanoseconds: sent.shutWindow.totalNanoseconds))"
            + (spells == 1 ? "." : " in all."))
      }
    }
    return sentences
  }

  /// The states of one end, each with the time it stayed.
  private func stay(_ side: Side) -> String? {
    let states = report[side].states
    guard !states.isEmpty else { return "Nothing tells the state of the \(side.name)." }
    var parts: [String] = []
    for index in states.indices {
      let isPresumed = states[index].evidence == .presumed
      let name = states[index].state.name + (isPresumed ? "?" : "")
      guard index + 1 < states.endIndex else {
        parts.append(index == 0 ? "\(name) as long as it was seen" : "\(name) in the end")
        break
      }
      if states.dropped > 0, index + 1 == Timeline.capacity / 2 {
        parts.append("(\(Quantity.count(states.dropped, "change")) left out here)")
        continue
      }
      let nanoseconds = states[index + 1].time.nanoseconds(since: states[index].time)
      // What it must have been in, it was in before.
      if index == 0, states[index].evidence == .implied, nanoseconds <= 0 {
        parts.append(name)
        continue
      }
      if nanoseconds == 0 {
        parts.append("\(name) briefly")
        continue
      }
      let atLeast = states[index].evidence == .implied ? "at least " : ""
      parts.append("\(name) \(atLeast)\(Quantity.duration(nanoseconds: nanoseconds))")
    }
    return "The \(side.name) was in \(list(parts))."
  }

  // MARK: - End

  private var ending: [String] {
    let close = report.close
    let hasOpened = [.complete, .unseen].contains(report.handshake.outcome)
    switch close.kind {
    case .reset: return resetEnding
    case .none:
      return hasOpened ? ["Neither end closed it: it was open when \(lastSeen)."] : []
    case .half, .orderly, .simultaneous: break
    }
    guard let first = close.first else { return [] }
    let second = first.peer
    let fins = "\(first.name) \(frame(report[first].fin) ?? "")"
    var sentences: [String] = []
    switch close.kind {
    case .simultaneous:
      let other = frame(report[second].fin).map { ", \(second.name) \($0)" } ?? ""
      sentences.append(
        report.isOneSocket
          ? "Its FIN came back to it: \(fins)."
          : "Both ends closed at once, their FINs crossed: \(fins)\(other).")
    case .orderly:
      let combined = finAcknowledgesFirst ? ", which also acknowledges the first" : ""
      let other = frame(report[second].fin).map { " (FIN in \($0)\(combined))" } ?? ""
      sentences.append(
        "The \(first.name) closed first (FIN in \(frame(report[first].fin) ?? "a lost frame")), "
          + "the \(second.name) after it\(other).")
    default:
      sentences.append(
        "Only the \(first.name) closed its direction "
          + "(FIN in \(frame(report[first].fin) ?? "a lost frame")); "
          + "the \(second.name) sent no FIN before \(lastSeen).")
    }
    switch close.outcome {
    case .complete:
      sentences.append("Both FINs were acknowledged: the close was orderly and complete.")
    case .lastACKMissing:
      sentences.append(
        "No acknowledgment of the \(second.name)'s FIN, the last one, was captured.")
    case .finUnacknowledged:
      sentences.append("No acknowledgment of the \(first.name)'s FIN was captured.")
    case .open: sentences.append("Its FIN was acknowledged: the connection was half-closed.")
    case .reset: break
    }
    return sentences
  }

  /// The second FIN acknowledged the first, as nothing had before: three segments made the close.
  private var finAcknowledgesFirst: Bool {
    guard let first = report.close.first, let fin = report[first.peer].fin else { return false }
    let states = report[first].states
    return states.indices.dropFirst().contains {
      states[$0].state == .timeWait && states[$0].frame == fin.frame
        && states[$0 - 1].state == .finWait1
    }
  }

  private var resetEnding: [String] {
    // The reset of a SYN has been told.
    guard report.handshake.outcome != .refused, let reset = report.close.reset else { return [] }
    var sentences = [
      "It ended by a RST of the \(reset.by.name) in frame \(reset.mark.frame), "
        + "which the \(reset.by.peer.name) must accept."
    ]
    if let first = report.close.first {
      sentences.append(
        "The \(first.name) had closed its direction before "
          + "(FIN in \(frame(report[first].fin) ?? "a lost frame")).")
    }
    return sentences
  }

  private var lastSeen: String {
    switch report.endReason {
    case .captureEnded: "the capture ended"
    case .idle: "it fell silent for so long that it was put away"
    case .replaced: "the same addresses and ports were used for a new connection"
    case .tableFull: "it was put away early, the table being full"
    case .tooManyHalfOpen: "it was put away early, there being too many half-open ones"
    case .closed: "it was put away"
    }
  }

  // MARK: - What is missing

  private var missing: [String] {
    var sentences: [String] = []
    for side in Side.allCases where report[side].gaps > 0 {
      sentences.append(
        "The capture lacks \(Quantity.bytes(report[side].gapBytes)) of the \(side.name)'s, "
          + "which the \(side.peer.name) acknowledged.")
    }
    for side in Side.allCases where report[side].packets == 0 && report[side.peer].packets > 1 {
      if report.handshake.outcome != .unanswered, report.handshake.outcome != .rejected,
        !report.isOneSocket
      {
        sentences.append("Nothing that the \(side.name) sent was captured.")
      }
    }
    if report.handshake.outcome == .complete {
      let frames = [("SYN", report.handshake.syn), ("SYN-ACK", report.handshake.synACK)]
      for (name, mark) in frames where mark == nil {
        sentences.append(
          "The \(name) was not captured; it must have been sent, since the rest followed.")
      }
    }
    if !ladder.isWhole {
      sentences.append("The capture could not be read to its end, so there may have been more.")
    }
    return sentences
  }

  private var legend: [String] {
    let evidence = Side.allCases.flatMap { report[$0].states.map(\.evidence) }
    var parts: [String] = []
    if evidence.contains(.presumed) {
      parts.append(
        "? marks a presumed state: the segment that causes it was seen on its way, no more")
    }
    if evidence.contains(.implied) {
      parts.append("(…) an implied one: it must have been so, though nothing shows since when")
    }
    return parts.isEmpty ? [] : [parts.joined(separator: "; ") + "."]
  }

  // MARK: - Words

  private func frame(_ mark: FrameMark?) -> String? { mark.map { "frame \($0.frame)" } }

  /// `a, b and c`.
  private func list(_ parts: [String]) -> String {
    guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }
}
