/// An ICMP or ICMPv6 error that quotes a TCP segment: what a router or host says of a connection
/// (RFC 792, RFC 4443 §3; RFC 9293 §3.9.2.2).
public struct ICMPError: BitwiseCopyable, Sendable {
  public var frame: Int
  public var time: Timestamp
  /// Who sent the error.
  public var reporter: IPAddress
  /// The quoted segment's sender and receiver.
  public var source: SocketAddress
  public var destination: SocketAddress
  /// The quoted segment's sequence number.
  public var sequence: SequenceNumber
  /// The ICMP (or ICMPv6) type and code.
  public var type: UInt8
  public var code: UInt8
  /// The largest packet that would have got through, in bytes, from "fragmentation needed" and
  /// "packet too big"; else 0.
  public var nextHopMTU: UInt32
  /// What the quoted segment's connection is wrapped in, as far as the error's own frame tells.
  public var encapsulation = EncapsulationID.none

  public init(
    frame: Int, time: Timestamp, reporter: IPAddress, source: SocketAddress,
    destination: SocketAddress, sequence: SequenceNumber, type: UInt8, code: UInt8,
    nextHopMTU: UInt32 = 0
  ) {
    self.frame = frame
    self.time = time
    self.reporter = reporter
    self.source = source
    self.destination = destination
    self.sequence = sequence
    self.type = type
    self.code = code
    self.nextHopMTU = nextHopMTU
  }
}
