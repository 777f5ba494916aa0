// +-------------------------------+-------------------------------+
// |         Frame control         |           Duration            |
// +-------------------------------+-------------------------------+
// |             Addresses 1, 2 and 3 (6 bytes each)               |
// +-------------------------------+-------------------------------+
// |       Sequence control        |  Address 4 (between bridges)  |
// +-------------------------------+-------------------------------+
// |     QoS control (QoS data)    |  HT control (QoS and order)   |
// +-------------------------------+-------------------------------+
/// The header of an IEEE 802.11 data frame (§9.3.2.1); all else carries no IP that can be read.
enum WirelessHeader {
  static let fields: [FieldLayout] = [
    .hexadecimal("Frame control", at: 0, 2), .bytes("Address 1", at: 4, 6),
    .bytes("Address 2", at: 10, 6), .bytes("Address 3", at: 16, 6),
  ]
  static let subframeFields: [FieldLayout] = [
    .bytes("Destination", at: 0, 6), .bytes("Source", at: 6, 6), .number("Length", at: 12, 2),
  ]

  /// Passes the header; some access points swap the two bytes of frame control in CAPWAP.
  static func read(_ bytes: RawSpan, _ walk: inout Walk, isSwapped: Bool = false) -> Step {
    guard bytes.byteCount >= 2 else { return walk.lacks(2) }
    let control = bytes.uint8(at: isSwapped ? 1 : 0)
    let flags = bytes.uint8(at: isSwapped ? 0 : 1)
    // Version 0, type data, and a subtype that has a body.
    guard control & 0x0f == 0x08, control & 0x40 == 0 else { return .stop(.notIP) }
    let isEncrypted = flags & 0x40 != 0
    guard !isEncrypted else { return .stop(.notIP) }

    let hasQoS = control & 0x80 != 0
    let hasAddress4 = flags & 0x03 == 0x03
    let hasHTControl = hasQoS && flags & 0x80 != 0
    let qosOffset = hasAddress4 ? 30 : 24
    var length = qosOffset + (hasQoS ? 2 : 0) + (hasHTControl ? 4 : 0)
    if walk.padsWirelessHeader { length = (length + 3) & ~3 }
    guard bytes.byteCount >= length else { return walk.lacks(length) }

    // Those that swap the bytes also leave nonsense in the fragment number of whole frames.
    let fragmentNumber = isSwapped ? 0 : bytes.uint8(at: 22) & 0x0f
    let isFragment = flags & 0x04 != 0 || fragmentNumber != 0
    guard !isFragment else { return .stop(.fragment) }
    let isAggregate = hasQoS && bytes.uint8(at: qosOffset) & 0x80 != 0
    return walk.pass(length, then: isAggregate ? .wirelessSubframe : .llc)
  }

  /// Passes the header of the first subframe of an aggregate (A-MSDU, §9.3.2.2).
  ///
  /// It has two addresses and the length of what follows. A frame gives one segment, so only the
  /// first subframe is looked at.
  static func readSubframe(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 14 else { return walk.lacks(14) }
    walk.end(at: 14 + Int(bytes.uint16(at: 12)))
    return walk.pass(14, then: .llc)
  }
}
