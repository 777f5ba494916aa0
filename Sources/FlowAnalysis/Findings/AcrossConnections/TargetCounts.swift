import PacketParser

/// The hosts to which something was done, and the ports, in a space of fixed size.
struct TargetCounts {
  private static let namedHosts = 8
  private static let namedPorts = 16

  private(set) var hosts = DistinctCount()
  private(set) var ports = PortSet()
  private var named: [IPAddress] = []

  mutating func insert(_ target: SocketAddress) {
    let host = HostKey(target.address)
    hosts.insert(host.hash)
    if named.count < Self.namedHosts, !named.contains(host.address) { named.append(host.address) }
    ports.insert(target.port)
  }

  /// What a finding tells of them.
  func tell(in finding: inout CaptureFinding) {
    finding.targets = CaptureFinding.Hosts(
      count: hosts.count, isEstimate: hosts.isEstimate, addresses: named)
    finding.portCount = ports.count
    finding.ports = ports.first(Self.namedPorts)
  }

  /// `1,000 ports of 192.0.2.1`, `port 22 of 254 hosts`.
  var text: String {
    let host =
      hosts.count == 1
      ? "\(named[0])"
      : (hosts.isEstimate ? "about " : "") + Quantity.count(hosts.count, "host")
    let port =
      ports.count == 1 ? "port \(ports.first(1)[0])" : Quantity.count(ports.count, "port")
    return "\(port) of \(host)"
  }
}
