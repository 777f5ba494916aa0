//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-------+-------+-------+-------+-------+-------+---------------+
// | IDLen |IDType |SigLen |HshMeth|AutMeth|OpCode |  Next Header  |
// +-------+-------+-------+-------+-------+-------+---------------+
// |                          Epoch Time                           |
// +---------------------------------------------------------------+
// |        identity (2^IDLen bytes), signature (SigLen × 4)       |
// +---------------------------------------------------------------+
/// AYIYA, "anything in anything" (draft-massar-v6ops-ayiya-02 §3).
enum AYIYAHeader {
  static func read(
    _ bytes: RawSpan, _ walk: inout Walk, _ stack: inout EncapsulationStack
  ) -> Step {
    guard bytes.byteCount >= 8 else { return walk.lacks(8) }
    let length = 8 + 1 << Int(bytes.uint8(at: 0) >> 4) + Int(bytes.uint8(at: 1) >> 4) * 4
    // OpCode 1 forwards a packet.
    guard bytes.uint8(at: 2) & 0x0f == 1 else { return .stop(.notTCP) }
    guard bytes.byteCount >= length else { return walk.lacks(length) }
    guard stack.push(.ayiya) else { return .stop(.nestedTooDeep) }
    switch bytes.uint8(at: 3) {
    case 4: return walk.pass(length, then: .ipv4)
    case 41: return walk.pass(length, then: .ipv6)
    default: return .stop(.notTCP)
    }
  }
}
