/// A frame as a capture holds it.
public struct CapturedFrame: Sendable {
  public var seconds: Int
  public var nanoseconds: Int
  public var bytes: [UInt8]
  /// Bytes the frame claims to have had on the wire.
  public var wireLength: Int

  public init(
    seconds: Int = 1_700_000_000, nanoseconds: Int = 0, _ bytes: [UInt8], wireLength: Int? = nil
  ) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
    self.bytes = bytes
    self.wireLength = wireLength ?? bytes.count
  }
}

/// Writes captures as bytes, the way the programs of the world write them.
///
/// The properties say which dialect; `pcap` and `pcapng` write a whole capture in it.
public struct CaptureBytes: Sendable {
  public enum ByteOrder: Sendable { case littleEndian, bigEndian }
  public enum Precision: Sendable { case microseconds, nanoseconds }

  public var byteOrder = ByteOrder.littleEndian
  public var precision = Precision.microseconds
  /// The link-layer header type, as files number it (a `LINKTYPE_` value).
  public var linkType = 1
  public var snapLength = 262_144
  /// The minor version of a pcap file; the major one is 2.
  public var minorVersion = 4
  /// Alexey Kuznetzov's records of 24 bytes, which some Linux distributions once wrote.
  public var usesKuznetzovRecords = false
  /// A pcap file's records hold the length on the wire before the captured one, as those of
  /// version 2.2 and earlier do.
  public var swapsLengths = false

  public init() {}

  /// The length of a pcap record in front of its frame.
  public var recordHeaderLength: Int { usesKuznetzovRecords ? 24 : 16 }

  /// A pcap file.
  public func pcap(_ frames: [CapturedFrame]) -> [UInt8] {
    pcapHeader() + frames.flatMap(pcapRecord)
  }

  /// The offset in a pcap file of each frame's record, and after them the file's length.
  public func pcapRecordOffsets(_ frames: [CapturedFrame]) -> [Int] {
    frames.reduce(into: [24]) { offsets, frame in
      offsets.append(offsets[offsets.count - 1] + recordHeaderLength + frame.bytes.count)
    }
  }

  public func pcapHeader() -> [UInt8] {
    let magic =
      usesKuznetzovRecords
      ? 0xa1b2_cd34 : precision == .nanoseconds ? 0xa1b2_3c4d : 0xa1b2_c3d4
    return field32(magic) + field16(2) + field16(minorVersion) + field32(0) + field32(0)
      + field32(snapLength) + field32(linkType)
  }

  public func pcapRecord(_ frame: CapturedFrame) -> [UInt8] {
    let fraction =
      precision == .nanoseconds ? frame.nanoseconds : frame.nanoseconds / 1000
    let lengths = [frame.bytes.count, frame.wireLength].map(field32)
    let (first, second) = swapsLengths ? (lengths[1], lengths[0]) : (lengths[0], lengths[1])
    // Kuznetzov's records go on with interface index, protocol, packet type and padding.
    let more = [UInt8](repeating: 0, count: recordHeaderLength - 16)
    return field32(frame.seconds) + field32(fraction) + first + second + more + frame.bytes
  }

  /// A pcapng file: a section, one interface, a block per frame.
  public func pcapng(_ frames: [CapturedFrame]) -> [UInt8] {
    sectionHeaderBlock() + interfaceBlock() + frames.flatMap { enhancedPacketBlock($0) }
  }

  public func sectionHeaderBlock() -> [UInt8] {
    let unknownLength = [UInt8](repeating: 0xff, count: 8)
    return block(0x0a0d_0d0a, field32(0x1a2b_3c4d) + field16(1) + field16(0) + unknownLength)
  }

  public func interfaceBlock() -> [UInt8] {
    let resolution: [UInt8] =
      precision == .nanoseconds
      ? field16(9) + field16(1) + [9, 0, 0, 0] + field16(0) + field16(0) : []
    return block(1, field16(linkType) + field16(0) + field32(snapLength) + resolution)
  }

  public func enhancedPacketBlock(_ frame: CapturedFrame, interface: Int = 0) -> [UInt8] {
    let ticks =
      precision == .nanoseconds
      ? frame.seconds * 1_000_000_000 + frame.nanoseconds
      : frame.seconds * 1_000_000 + frame.nanoseconds / 1000
    let padding = [UInt8](repeating: 0, count: -frame.bytes.count & 3)
    return block(
      6,
      field32(interface) + field32(ticks >> 32) + field32(ticks) + field32(frame.bytes.count)
        + field32(frame.wireLength) + frame.bytes + padding)
  }

  /// A pcapng block of any type.
  public func block(_ type: Int, _ body: [UInt8]) -> [UInt8] {
    field32(type) + field32(body.count + 12) + body + field32(body.count + 12)
  }

  private func field16(_ value: Int) -> [UInt8] {
    let little = [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
    return byteOrder == .littleEndian ? little : little.reversed()
  }

  private func field32(_ value: Int) -> [UInt8] {
    let (low, high) = (field16(value), field16(value >> 16))
    return byteOrder == .littleEndian ? low + high : high + low
  }
}
