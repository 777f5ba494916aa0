extension FrameDecoder {
  /// Decodes a frame of Ethernet, IPv4 and TCP and nothing else: no tag, no IP options, no fragment,
  /// lengths that agree, all three headers captured.
  ///
  /// So are nearly all frames. Their headers stand where they always stand, so that one look at the
  /// length of the frame allows every read after it, and nothing has to be kept for a header that
  /// comes later. That takes half the instructions of the walk, which gives the same segment to the
  /// last field.
  ///
  /// - Returns: Whether it was such a frame. If not, nothing was written, and the walk is to decode it.
  @inline(__always)
  package func decodePlain(
    _ frame: RawSpan, _ info: FrameInfo, into segment: inout Segment
  ) -> Bool {
    let (ip, tcp, options) = (14, 14 + 20, 14 + 20 + 20)
    guard firstHeader == .ethernet, frame.byteCount >= options, frame.uint16(at: 12) == 0x0800,
      IPv4Header.isPlain(frame, at: ip, carrying: 6)
    else { return false }

    let packetLength = Int(frame.uint16(at: ip + 2))
    let segmentLength = packetLength &- 20
    let headerLength = TCPHeader.length(frame, at: tcp)
    let captured = min(frame.byteCount &- tcp, segmentLength)
    guard headerLength >= 20, headerLength <= captured,
      ip &+ packetLength <= max(frame.byteCount, info.wireLength)
    else { return false }

    segment.frame = info.number
    segment.time = info.time
    segment.encapsulation = .none
    segment.interface = 0
    segment.packetLength = UInt32(truncatingIfNeeded: packetLength)
    segment.headerLength = UInt8(truncatingIfNeeded: headerLength)
    segment.payloadLength = UInt32(truncatingIfNeeded: segmentLength &- headerLength)
    segment.capturedPayloadLength = UInt32(truncatingIfNeeded: captured &- headerLength)
    IPv4Header.readFields(frame, at: ip, into: &segment)
    TCPHeader.readFields(frame, at: tcp, into: &segment)
    segment.options.read(frame, from: options, to: tcp + headerLength, isWhole: true)
    segment.payloadStart = frame.upToEightBytes(
      at: tcp &+ headerLength, before: tcp &+ captured)
    segment.payloadSum = 0
    segment.checksumStatus = .unverified
    if captured < segmentLength {
      segment.traits = .truncated
    } else {
      segment.traits = []
      if verifiesChecksums {
        if headerLength == captured,
          Checksum.isRightWithoutPayload(frame, at: tcp, headerLength: headerLength)
        {
          segment.checksumStatus = .correct
        } else {
          Checksum.verify(frame, at: tcp, into: &segment)
        }
      }
    }
    segment.noteHeader(reservedBits: TCPHeader.reservedBits(frame, at: tcp))
    return true
  }
}
