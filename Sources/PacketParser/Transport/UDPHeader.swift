//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------------------------------+-------------------------------+
// |          Source Port          |       Destination Port        |
// +-------------------------------+-------------------------------+
// |            Length             |           Checksum            |
// +-------------------------------+-------------------------------+
/// The UDP header (RFC 768), of interest only where a port says that a tunnel is inside.
enum UDPHeader {
  static let fields: [FieldLayout] = [
    .number("Source port", at: 0, 2), .number("Destination port", at: 2, 2),
    .number("Length", at: 4, 2), .hexadecimal("Checksum", at: 6, 2),
  ]

  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    guard let tunnel = tunnel(at: bytes.uint16(at: 2)) ?? tunnel(at: bytes.uint16(at: 0)) else {
      return .stop(.notTCP)
    }
    let length = Int(bytes.uint16(at: 4))
    // 0 in a jumbogram (RFC 2675 §4), and with segmentation offload.
    if length != 0 {
      guard length >= 8 else { return .stop(.malformed) }
      walk.end(at: length)
    }
    return walk.pass(8, then: tunnel)
  }

  private static func tunnel(at port: UInt16) -> HeaderKind? {
    switch port {
    case 2152: .gtp
    case 3544: .teredo
    case 4754: .gre
    // The second is what Linux used before there was an assigned one.
    case 4789, 8472: .vxlan
    case 4790: .vxlanGPE
    case 5072: .ayiya
    case 5247: .capwap
    case 6081: .geneve
    case 6635: .mpls
    default: nil
    }
  }
}
