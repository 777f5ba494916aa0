package import FlowAnalysis
package import FlowTracker
package import PacketParser

/// A connection as it is at a moment.
package struct LiveRow: Sendable {
  /// The connection's number in its capture, by which it is known again.
  package var number: Int
  package var client: SocketAddress
  package var server: SocketAddress
  /// The states that both ends are in; `nil` where nothing tells.
  package var clientState: EndpointState?
  package var serverState: EndpointState?
  package var handshake = Handshake.Outcome.unseen
  package var handshakeKind = Handshake.Kind.unseen
  package var close = Closing.Outcome.open
  package var closeKind = Closing.Kind.none
  /// The end whose FIN came first, and the one whose RST was accepted.
  package var closedFirst: Side?
  package var resetBy: Side?
  /// What each end has sent.
  package var clientSent = Traffic()
  package var serverSent = Traffic()
  package var firstTime: Timestamp
  package var lastTime: Timestamp
  /// When it came to be, an end of it changed its state, something was found in it, or it ended.
  package var lastChange: Timestamp
  /// How bad the worst finding is; `nil` if there is none.
  package var severity: Finding.Severity?
  /// The identifiers of its findings, the worst first.
  package var findings: [String] = []
  package var isEnded = false

  package init(
    number: Int, client: SocketAddress, server: SocketAddress, firstTime: Timestamp
  ) {
    self.number = number
    self.client = client
    self.server = server
    self.firstTime = firstTime
    lastTime = firstTime
    lastChange = firstTime
  }

  /// What an end has sent: segments, and the bytes of their payload.
  package struct Traffic: Equatable, Sendable, BitwiseCopyable {
    package var packets: UInt64
    package var payload: UInt64

    package init(packets: UInt64 = 0, payload: UInt64 = 0) {
      self.packets = packets
      self.payload = payload
    }
  }

  var packets: UInt64 { clientSent.packets &+ serverSent.packets }
  var payload: UInt64 { clientSent.payload &+ serverSent.payload }
}
