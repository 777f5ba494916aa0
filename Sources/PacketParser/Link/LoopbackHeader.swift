/// The four bytes before packets of BSD's loopback interfaces: an address family
/// (LINKTYPE_NULL, LINKTYPE_LOOP).
enum LoopbackHeader {
  static func read(_ bytes: RawSpan, _ walk: inout Walk) -> Step {
    guard bytes.byteCount >= 4 else { return walk.lacks(4) }
    // The order of bytes is that of the machine that captured (or the network's, for LOOP). No
    // family needs more than 16 bits, so the number itself tells.
    let number = bytes.uint32(at: 0)
    switch number > 0xffff ? number.byteSwapped : number {
    case 2: return walk.pass(4, then: .ipv4)
    // AF_INET6 of Linux, of NetBSD and OpenBSD, of FreeBSD, of Darwin.
    case 10, 24, 28, 30: return walk.pass(4, then: .ipv6)
    default: return .stop(.notIP)
    }
  }
}
