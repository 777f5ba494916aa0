import PacketParser

/// Where an end stands: in its sequence space, in its states, and what is known of it.
///
/// A segment touches both ends' of these, so they lie in one cache line with what finds the connection.
struct EndpointPosition: BitwiseCopyable {
  /// The sequence number after the highest one sent (SND.NXT as far as it was seen).
  var next = SequenceNumber(0)
  /// The highest acknowledgment number sent: the peer's bytes below it have arrived.
  var acknowledged = SequenceNumber(0)
  var knows: Endpoint.Knowledge = []
  /// `nil` as long as nothing tells.
  var state: EndpointState?
  /// The shift that applies to windows after the handshake (RFC 7323 §2.2).
  var windowShift: UInt8 = 0
}
