public import PacketParser

/// A frame of a script: the segment it holds, and what only its bytes show.
public struct ScriptFrame: Sendable {
  public var segment = Segment()
  /// The options as they stand in the header, not padded.
  public var options: [UInt8] = []
  public var vlan: UInt16?
  public var leavesChecksum = false
  public var hasReservedBit = false
  /// Which byte of the payload, from 0, is not the one that its sequence number makes it.
  public var alteredByte: UInt32?

  /// The frame's bytes on Ethernet.
  ///
  /// The payload is made of the low bytes of the sequence numbers, so that a byte that is sent
  /// again is the same byte.
  public var captured: CapturedFrame {
    CapturedFrame(
      seconds: Int(segment.time.nanoseconds / 1_000_000_000),
      nanoseconds: Int(segment.time.nanoseconds % 1_000_000_000), builder.ethernet)
  }

  private var builder: FrameBuilder {
    var builder = FrameBuilder(from: segment.source, to: segment.destination)
    builder.sequence = segment.sequence.rawValue
    builder.acknowledgment = segment.acknowledgment.rawValue
    builder.flags = segment.flags
    builder.hasReservedBit = hasReservedBit
    builder.window = segment.window
    builder.urgentPointer = segment.urgentPointer
    builder.options = options
    builder.payload = (0..<segment.payloadLength).map {
      UInt8(truncatingIfNeeded: segment.sequence.rawValue &+ $0) ^ ($0 == alteredByte ? 0x80 : 0)
    }
    builder.identification = segment.identification
    builder.hopLimit = segment.hopLimit
    builder.leavesChecksum = leavesChecksum
    builder.vlans = vlan.map { [$0] } ?? []
    return builder
  }

  /// Fills in the addresses, and the lengths and the checksum that follow from everything else.
  mutating func address(from source: SocketAddress, to destination: SocketAddress) {
    (segment.sourceHigh, segment.sourceLow) = (source.address.high, source.address.low)
    (segment.destinationHigh, segment.destinationLow) =
      (destination.address.high, destination.address.low)
    (segment.sourcePort, segment.destinationPort) = (source.port, destination.port)
    segment.ipVersion = source.address.version
    segment.headerLength = UInt8(20 + (options.count + 3) & ~3)
    segment.capturedPayloadLength = segment.payloadLength
    segment.packetLength =
      (segment.ipVersion == .v4 ? 20 : 40) + UInt32(segment.headerLength) + segment.payloadLength
    segment.noteHeader(reservedBits: hasReservedBit ? 8 : 0)
    segment.checksumStatus = leavesChecksum ? .offloaded : .correct
    let payload = builder.payload
    segment.payloadSum = ~internetChecksum(payload)
    segment.payloadStart = (0..<8).reduce(0) {
      $0 << 8 | UInt64($1 < payload.count ? payload[$1] : 0)
    }
    let header = builder.tcp
    segment.checksum = UInt16(header[16]) << 8 | UInt16(header[17])
  }

  /// Reads options after their `<`, as tcpdump writes them: `mss 1460,sackOK,TS val 1 ecr 0,nop,
  /// wscale 7,sack 1:11 21:31,FO 0a0b0c0d`.
  mutating func readOptions(
    _ cursor: inout ScriptCursor, peer: SequenceNumber
  ) throws(ScriptError) {
    let start = cursor.mark
    while !cursor.take(">") {
      try readOption(&cursor, peer: peer)
      guard cursor.next == ">" || cursor.take(",") else {
        throw cursor.error("',' or '>' expected")
      }
    }
    guard options.count <= 40 else {
      throw cursor.error("a header has room for 40 bytes of options", at: start)
    }
  }

  private mutating func readOption(
    _ cursor: inout ScriptCursor, peer: SequenceNumber
  ) throws(ScriptError) {
    let mark = cursor.mark
    switch cursor.word() {
    case "nop": options += [1]
    case "mss":
      segment.options.maximumSegmentSize = try cursor.number(UInt16.self)
      segment.options.present.insert(.maximumSegmentSize)
      options += [2, 4] + bigEndian(segment.options.maximumSegmentSize)
    case "wscale":
      segment.options.windowScale = try cursor.number(UInt8.self)
      segment.options.present.insert(.windowScale)
      options += [3, 3, segment.options.windowScale]
    case "sackOK":
      segment.options.present.insert(.sackPermitted)
      options += [4, 2]
    case "TS":
      guard cursor.word() == "val" else {
        throw cursor.error("'TS val N ecr N' expected", at: mark)
      }
      segment.options.timestampValue = try cursor.number(UInt32.self)
      guard cursor.word() == "ecr" else {
        throw cursor.error("'TS val N ecr N' expected", at: mark)
      }
      segment.options.timestampEcho = try cursor.number(UInt32.self)
      segment.options.present.insert(.timestamps)
      options +=
        [8, 10] + bigEndian(segment.options.timestampValue)
        + bigEndian(segment.options.timestampEcho)
    case "malformed":
      // A maximum segment size of one byte.
      segment.options.present.insert(.malformed)
      options += [2, 3, 1]
    case "sack": try readBlocks(&cursor, peer: peer)
    case "FO": try readCookie(&cursor)
    default:
      throw cursor.error("mss, wscale, sackOK, sack, TS, FO, malformed or nop expected", at: mark)
    }
  }

  private mutating func readBlocks(
    _ cursor: inout ScriptCursor, peer: SequenceNumber
  ) throws(ScriptError) {
    var blocks: [UInt8] = []
    while let next = cursor.next, next.isNumber {
      let index = Int(segment.options.sackBlockCount)
      guard index < 4 else { throw cursor.error("a header has room for 4 blocks") }
      var block = SACKBlock()
      block.left = peer + (try cursor.number(UInt32.self))
      try cursor.expect(":")
      block.right = peer + (try cursor.number(UInt32.self))
      segment.options.sackBlocks[index] = block
      segment.options.sackBlockCount += 1
      blocks += bigEndian(block.left.rawValue) + bigEndian(block.right.rawValue)
    }
    guard !blocks.isEmpty else { throw cursor.error("blocks expected, as '1:11 21:31'") }
    segment.options.present.insert(.sack)
    options += [5, UInt8(2 + blocks.count)] + blocks
  }

  private mutating func readCookie(_ cursor: inout ScriptCursor) throws(ScriptError) {
    let mark = cursor.mark
    let digits = cursor.word()
    guard digits.count.isMultiple(of: 2), digits.count <= 32, digits.allSatisfy(\.isHexDigit) else {
      throw cursor.error("a cookie of up to 16 bytes expected, in hexadecimal", at: mark)
    }
    segment.options.present.insert(.fastOpen)
    segment.options.fastOpenCookieLength = UInt8(digits.count / 2)
    options += [34, UInt8(2 + digits.count / 2)] + bytes(digits)
  }
}
