import PacketParser

extension Conversation {
  /// The capture in the language of `Script`, beside each frame the true states that it shows or
  /// causes, and in a comment whether it was lost.
  ///
  /// Without the comments it is a script, with the seed's first initial sequence numbers left out.
  public var listing: String {
    let initial = [initialSequence(fromClient: true), initialSequence(fromClient: false)]
    var lines = ["// seed \(seed), captured at: \(point.rawValue)"]
    var before = segments.first?.time ?? Timestamp(nanoseconds: 0)
    for frame in captured {
      let segment = frame.segment
      let own = initial[frame.fromClient ? 0 : 1]
      let peer = initial[frame.fromClient ? 1 : 0]
      var line = "+\(Self.seconds(segment.time.nanoseconds(since: before)))"
      line += frame.fromClient ? " > " : " < "
      line += Self.letters(segment.flags)
      let start = UInt32(bitPattern: segment.sequence - own)
      line += " \(start):\(start &+ segment.payloadLength)(\(segment.payloadLength))"
      if segment.flags.contains(.ack) {
        line += " ack \(UInt32(bitPattern: segment.acknowledgment - peer))"
      }
      line += " win \(segment.window)"
      if segment.ipVersion == .v4 { line += " id \(segment.identification)" }
      line += Self.options(segment.options, peer)
      let states = states(at: segment.frame)
      if !states.isEmpty { line += "  ! \(states.joined(separator: ", "))" }
      line += "  // \(segment.frame)\(frame.hasArrived ? "" : ", lost")"
      lines.append(line)
      before = segment.time
    }
    for (end, transitions) in zip(["client", "server"], truth) {
      let path = transitions.map { "\($0.state.rawValue) \(frame(of: $0.cause) ?? 0)" }
      lines.append("// true \(end): \(path.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }

  private func states(at frame: Int) -> [String] {
    zip(["client", "server"], truth).compactMap { end, transitions in
      let names = transitions.filter { self.frame(of: $0.cause) == frame }.map(\.state.rawValue)
      return names.isEmpty ? nil : "\(end) \(names.joined(separator: " "))"
    }
  }

  /// Of the first SYN; of the first segment where none was captured.
  private func initialSequence(fromClient: Bool) -> SequenceNumber {
    let own = captured.filter { $0.fromClient == fromClient }
    let first = own.first { $0.segment.flags.contains(.syn) } ?? own.first
    return first?.segment.sequence ?? SequenceNumber(0)
  }

  private static func letters(_ flags: TCPFlags) -> String {
    let letters: [(TCPFlags, String)] = [
      (.syn, "S"), (.fin, "F"), (.rst, "R"), (.psh, "P"), (.ack, "."),
    ]
    return letters.filter { flags.contains($0.0) }.map(\.1).joined()
  }

  private static func options(_ options: TCPOptions, _ peer: SequenceNumber) -> String {
    var names: [String] = []
    if options.present.contains(.maximumSegmentSize) {
      names.append("mss \(options.maximumSegmentSize)")
    }
    if options.present.contains(.sackPermitted) { names.append("sackOK") }
    if options.present.contains(.timestamps) {
      names.append("TS val \(options.timestampValue) ecr \(options.timestampEcho)")
    }
    if options.present.contains(.windowScale) { names.append("wscale \(options.windowScale)") }
    if options.present.contains(.fastOpen) { names.append("FO 0102030405060708") }
    if options.present.contains(.sack) {
      let blocks = (0..<Int(options.sackBlockCount)).map { index in
        let block = options.sackBlocks[index]
        return "\(UInt32(bitPattern: block.left - peer)):\(UInt32(bitPattern: block.right - peer))"
      }
      names.append("sack \(blocks.joined(separator: " "))")
    }
    return names.isEmpty ? "" : " <\(names.joined(separator: ","))>"
  }

  private static func seconds(_ nanoseconds: Int64) -> String {
    let fraction = String(nanoseconds % 1_000_000_000)
    let zeros = String(repeating: "0", count: 9 - fraction.count)
    return "\(nanoseconds / 1_000_000_000).\(zeros)\(fraction)"
  }
}
