/// One end of a connection: an address and a port.
public struct SocketAddress: Hashable, BitwiseCopyable, Sendable {
  public var address: IPAddress
  public var port: UInt16

  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

extension SocketAddress: CustomStringConvertible {
  /// `192.0.2.1:80`, or `[2001:db8::1]:80`.
  public var description: String {
    switch address.version {
    case .v4: "\(address):\(port)"
    case .v6: "[\(address)]:\(port)"
    }
  }
}
