import PacketParser

/// Reads scripts line by line; keeps the clock and the counters that lines share.
struct ScriptReader {
  private(set) var lines: [ScriptLine] = []

  private let settings: ScriptSettings
  private var time: Timestamp
  private var frameCount = 0
  /// The identification of the latest IPv4 packet of each side.
  private var identifications: [UInt16] = [0, 0]
  /// VLANs in the order in which they were met, which is how a decoder names them.
  private var vlans: [UInt16] = []

  init(settings: ScriptSettings) {
    self.settings = settings
    time = settings.start
  }

  mutating func read(_ text: Substring, number: Int) throws(ScriptError) {
    var cursor = ScriptCursor(text, line: number)
    guard cursor.next != nil else { return }
    let pause = cursor.take("+") ? try cursor.seconds() : nil
    let frame = try readFrame(&cursor, pause)
    let said = cursor.textRead
    let expectations = cursor.take("!") ? try readExpectations(&cursor) : []
    guard cursor.next == nil else { throw cursor.error("not understood") }
    lines.append(
      ScriptLine(
        number: number, text: said, time: time, frame: frame, expectations: expectations))
  }

  /// Reads the frame of a line, if it has one, and lets time pass.
  private mutating func readFrame(
    _ cursor: inout ScriptCursor, _ pause: Int64?
  ) throws(ScriptError) -> ScriptFrame? {
    switch cursor.next {
    case nil, "!":
      guard let pause else { throw cursor.error("a frame or a time expected") }
      pass(pause)
      return nil
    case ">":
      _ = cursor.take(">")
      pass(lines.isEmpty ? pause ?? 0 : pause ?? 1_000_000)
      return try readSegment(&cursor, fromClient: true)
    case "<":
      _ = cursor.take("<")
      pass(lines.isEmpty ? pause ?? 0 : pause ?? 1_000_000)
      return try readSegment(&cursor, fromClient: false)
    default:
      let mark = cursor.mark
      guard cursor.word() == "dup" else {
        throw cursor.error("'>', '<' or 'dup' expected", at: mark)
      }
      guard var frame = lines.last(where: { $0.frame != nil })?.frame else {
        throw cursor.error("there is no frame to repeat", at: mark)
      }
      pass(pause ?? 10_000)
      number(&frame)
      return frame
    }
  }

  private mutating func pass(_ nanoseconds: Int64) {
    time.nanoseconds += nanoseconds
  }

  private mutating func number(_ frame: inout ScriptFrame) {
    frameCount += 1
    frame.segment.frame = frameCount
    frame.segment.time = time
  }

  // MARK: - Segments

  private mutating func readSegment(
    _ cursor: inout ScriptCursor, fromClient: Bool
  ) throws(ScriptError) -> ScriptFrame {
    var place = readPlace(ahead: cursor)
    let offset = initialOffset(of: place)
    let ofClient = SequenceNumber(settings.clientInitialSequence &+ offset)
    let ofServer = SequenceNumber(settings.serverInitialSequence &+ offset)
    let (own, peer) = fromClient ? (ofClient, ofServer) : (ofServer, ofClient)
    var frame = ScriptFrame()
    let flags = cursor.mark
    frame.segment.flags = try readFlags(&cursor)
    (frame.segment.sequence, frame.segment.payloadLength) = try readRange(&cursor, own)
    frame.segment.window = 65535
    frame.segment.hopLimit = 64
    var identification: UInt16?
    var acknowledges = false

    while let next = cursor.next, next != "!" {
      if cursor.take("<") {
        try frame.readOptions(&cursor, peer: peer)
        continue
      }
      let mark = cursor.mark
      switch cursor.word() {
      case "ack":
        frame.segment.acknowledgment = peer + (try cursor.number(UInt32.self))
        acknowledges = true
      case "win": frame.segment.window = try cursor.number(UInt16.self)
      case "urg": frame.segment.urgentPointer = try cursor.number(UInt16.self)
      case "unflagged":
        frame.segment.acknowledgment = peer + (try cursor.number(UInt32.self))
      case "altered": frame.alteredByte = try cursor.number(UInt32.self)
      case "reserved": frame.hasReservedBit = true
      case "id": identification = try cursor.number(UInt16.self)
      case "ttl": frame.segment.hopLimit = try cursor.number(UInt8.self)
      case "offloaded": frame.leavesChecksum = true
      case "vlan": frame.vlan = try cursor.number(UInt16.self)
      case let word where try read(word, &cursor, into: &place): break
      default:
        throw cursor.error(
          "ack, unflagged, win, urg, reserved, altered, id, ttl, offloaded, port, service, client, server, vlan or <options> expected",
          at: mark)
      }
    }
    guard acknowledges == frame.segment.flags.contains(.ack) else {
      throw cursor.error("the flag '.' and 'ack' go together", at: flags)
    }
    let (client, server) = place
    frame.address(from: fromClient ? client : server, to: fromClient ? server : client)
    if client == server, acknowledges {
      // One socket has one initial sequence number.
      frame.segment.acknowledgment =
        own + UInt32(bitPattern: frame.segment.acknowledgment - peer)
    }
    frame.segment.identification =
      settings.ipVersion == .v6
      ? 0 : identification ?? identify(frame.segment, side: fromClient ? 0 : 1)
    frame.segment.encapsulation = name(frame.vlan)
    number(&frame)
    return frame
  }

  private typealias Place = (client: SocketAddress, server: SocketAddress)

  /// Between whom a segment is: that stands behind its numbers, which depend on it.
  private func readPlace(ahead cursor: ScriptCursor) -> Place {
    var cursor = cursor
    var place: Place = (settings.client(), settings.server)
    while let next = cursor.next, next != "!" {
      let word = cursor.word()
      if word.isEmpty { _ = cursor.take(next) }
      // What is wrong there is told when its turn comes.
      _ = try? read(word, &cursor, into: &place)
    }
    return place
  }

  /// Reads what follows `word` if that says something of the place.
  private func read(
    _ word: String, _ cursor: inout ScriptCursor, into place: inout Place
  ) throws(ScriptError) -> Bool {
    switch word {
    case "port": place.client.port = try cursor.number(UInt16.self)
    case "service": place.server.port = try cursor.number(UInt16.self)
    case "client":
      place.client.address = settings.client(host: try cursor.number(UInt32.self)).address
    case "server":
      place.server.address = settings.server(host: try cursor.number(UInt32.self)).address
    default: return false
    }
    return true
  }

  /// How far the initial sequence numbers are from those of the settings: each connection has its own.
  private func initialOffset(of place: Place) -> UInt32 {
    guard settings.variesInitialSequences, place != (settings.client(), settings.server) else {
      return 0
    }
    let ports = UInt64(place.client.port) << 16 | UInt64(place.server.port)
    let addresses = place.client.address.low << 32 ^ place.server.address.low
    var mixed = (ports &* 0x9e37_79b9_7f4a_7c15 ^ addresses) &* 0xff51_afd7_ed55_8ccd
    mixed = (mixed ^ mixed >> 32) &* 0xc4ce_b9fe_1a85_ec53
    return UInt32(mixed >> 32)
  }

  private func readFlags(_ cursor: inout ScriptCursor) throws(ScriptError) -> TCPFlags {
    let mark = cursor.mark
    let letters = cursor.word()
    guard letters != "-" else { return [] }
    var flags: TCPFlags = []
    for letter in letters {
      guard let flag = Self.flagLetters[letter] else {
        throw cursor.error("'\(letter)' is not one of the flags S F R P . U E W e", at: mark)
      }
      flags.insert(flag)
    }
    guard !flags.isEmpty else { throw cursor.error("flags expected, or '-'", at: mark) }
    return flags
  }

  private static let flagLetters: [Character: TCPFlags] = [
    "S": .syn, "F": .fin, "R": .rst, "P": .psh, ".": .ack, "U": .urg, "E": .ece, "W": .cwr,
    "e": .ae,
  ]

  /// Reads `first:end(length)`.
  private func readRange(
    _ cursor: inout ScriptCursor, _ initial: SequenceNumber
  ) throws(ScriptError) -> (sequence: SequenceNumber, length: UInt32) {
    let mark = cursor.mark
    let first = try cursor.number(UInt32.self)
    try cursor.expect(":")
    let end = try cursor.number(UInt32.self)
    try cursor.expect("(")
    let length = try cursor.number(UInt32.self)
    try cursor.expect(")")
    guard end &- first == length, length <= 65000 else {
      throw cursor.error("from \(first) to \(end) are not \(length) bytes", at: mark)
    }
    return (initial + first, length)
  }

  /// Linux counts the packets of a connection, and a SYN-ACK has 0.
  private mutating func identify(_ segment: Segment, side: Int) -> UInt16 {
    if segment.flags.contains([.syn, .ack]) { return 0 }
    identifications[side] &+= 1
    return identifications[side]
  }

  private mutating func name(_ vlan: UInt16?) -> EncapsulationID {
    guard let vlan else { return .none }
    if !vlans.contains(vlan) { vlans.append(vlan) }
    return EncapsulationID(rawValue: UInt16((vlans.firstIndex(of: vlan) ?? 0) + 1))
  }

  // MARK: - Expectations

  private func readExpectations(
    _ cursor: inout ScriptCursor
  ) throws(ScriptError) -> [ScriptExpectation] {
    var expectations: [ScriptExpectation] = []
    repeat {
      let mark = cursor.mark
      let word = cursor.word()
      switch word {
      case "": throw cursor.error("a state, a connection, a fact or a finding expected", at: mark)
      case "client", "server":
        var names: [String] = []
        while let next = cursor.next, next != "," { names.append(cursor.word()) }
        guard !names.isEmpty else { throw cursor.error("the \(word) enters which state?") }
        expectations.append(.states(end: word, names: names))
      case "connection": expectations.append(.connection(try cursor.number(Int.self)))
      case _ where word.contains("-") || Self.findingsOfOneWord.contains(word):
        expectations.append(try readFinding(word, &cursor))
      default: expectations.append(.fact(word))
      }
    } while cursor.take(",")
    return expectations
  }

  /// A hyphen tells findings from facts, but for these.
  private static let findingsOfOneWord: Set = ["land", "backscatter", "dsack"]

  /// Reads what follows the identifier of a finding.
  private func readFinding(
    _ id: String, _ cursor: inout ScriptCursor
  ) throws(ScriptError) -> ScriptExpectation {
    var (severity, blame): (String?, String?)
    while let next = cursor.next, next != "," {
      let mark = cursor.mark
      switch cursor.word() {
      case let name where ["note", "warning", "error"].contains(name): severity = name
      case "by":
        blame = cursor.word()
        guard ["client", "server", "network", "capture", "unknown"].contains(blame) else {
          throw cursor.error("by client, server, network, capture or unknown expected", at: mark)
        }
      default: throw cursor.error("a severity or 'by' expected", at: mark)
      }
    }
    return .finding(id: id, severity: severity, blame: blame)
  }
}
