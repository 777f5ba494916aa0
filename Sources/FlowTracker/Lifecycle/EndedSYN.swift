package import PacketParser

/// A connection that was but a SYN, as far as totals and findings across connections ask.
package struct EndedSYN: BitwiseCopyable {
  private let syn: CachedSYN
  private let reason: EndReason
  package let ends: (client: SocketAddress, server: SocketAddress)

  @inline(__always)
  init(
    _ syn: CachedSYN, _ reason: EndReason, _ ends: (client: SocketAddress, server: SocketAddress)
  ) {
    self.syn = syn
    self.reason = reason
    self.ends = ends
  }

  package var brief: ConnectionBrief { ConnectionBrief(syn, reason) }
  package var outline: ConnectionOutline { ConnectionOutline(syn, ends) }
}
