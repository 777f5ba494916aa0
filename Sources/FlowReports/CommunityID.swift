import Crypto
import FoundationEssentials
package import PacketParser

/// The Community ID of a TCP connection, version 1 with seed 0: one name for a flow in all tools.
///
/// SHA-1 over seed, the two addresses and ports in canonical order, the protocol and a padding byte,
/// in network byte order, as Base64 behind `1:` (github.com/corelight/community-id-spec).
package func communityID(_ one: SocketAddress, _ other: SocketAddress) -> String {
  let (lower, upper) = isOrdered(one, other) ? (one, other) : (other, one)
  var bytes: [UInt8] = []
  bytes.reserveCapacity(40)
  bytes += [0, 0]
  append(lower.address, to: &bytes)
  append(upper.address, to: &bytes)
  bytes += [6, 0]
  append(lower.port, to: &bytes)
  append(upper.port, to: &bytes)
  return "1:" + Data(Insecure.SHA1.hash(data: bytes)).base64EncodedString()
}

private func isOrdered(_ one: SocketAddress, _ other: SocketAddress) -> Bool {
  let (left, right) = (one.address, other.address)
  if left.high != right.high { return left.high < right.high }
  if left.low != right.low { return left.low < right.low }
  return one.port < other.port
}

private func append(_ address: IPAddress, to bytes: inout [UInt8]) {
  switch address.version {
  case .v4: append(UInt32(truncatingIfNeeded: address.low), to: &bytes)
  case .v6:
    append(address.high, to: &bytes)
    append(address.low, to: &bytes)
  }
}

private func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
  for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
    bytes.append(UInt8(truncatingIfNeeded: value >> shift))
  }
}
