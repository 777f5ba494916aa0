internal import CPcap
internal import Glibc
internal import PacketParser

/// libpcap's list of what can be captured on, as values.
enum InterfaceList {
  /// The interfaces in libpcap's order; throws its message.
  static func all() throws(InterfaceListFailure) -> [NetworkInterface] {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var first: UnsafeMutablePointer<pcap_if_t>?
    guard unsafe pcap_findalldevs(&first, &message) == 0 else {
      throw InterfaceListFailure(message: String(errorBuffer: message))
    }
    defer { unsafe pcap_freealldevs(first) }
    var interfaces: [NetworkInterface] = []
    var next = unsafe first
    while let entry = unsafe next {
      interfaces.append(unsafe interface(entry.pointee))
      unsafe next = unsafe entry.pointee.next
    }
    return interfaces
  }

  private static func interface(_ entry: pcap_if_t) -> NetworkInterface {
    let flags = unsafe Int32(bitPattern: entry.flags)
    let connection: NetworkInterface.Connection =
      switch flags & PCAP_IF_CONNECTION_STATUS {
      case PCAP_IF_CONNECTION_STATUS_CONNECTED: .connected
      case PCAP_IF_CONNECTION_STATUS_DISCONNECTED: .disconnected
      case PCAP_IF_CONNECTION_STATUS_NOT_APPLICABLE: .notApplicable
      default: .unknown
      }
    return unsafe NetworkInterface(
      name: text(entry.name) ?? "", summary: text(entry.description),
      addresses: addresses(entry.addresses), isUp: flags & PCAP_IF_UP != 0,
      isRunning: flags & PCAP_IF_RUNNING != 0, isLoopback: flags & PCAP_IF_LOOPBACK != 0,
      isWireless: flags & PCAP_IF_WIRELESS != 0, connection: connection)
  }

  private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String? {
    guard let pointer = unsafe pointer else { return nil }
    return unsafe String(cString: pointer)
  }

  private static func addresses(
    _ first: UnsafeMutablePointer<pcap_addr_t>?
  ) -> [NetworkInterface.Address] {
    var addresses: [NetworkInterface.Address] = []
    var next = unsafe first
    while let entry = unsafe next?.pointee {
      if let address = unsafe ipAddress(entry.addr) {
        let mask = unsafe ipAddress(entry.netmask)
        addresses.append(.init(address: address, prefixLength: mask?.leadingOnes))
      }
      unsafe next = unsafe entry.next
    }
    return addresses
  }

  private static func ipAddress(_ pointer: UnsafeMutablePointer<sockaddr>?) -> IPAddress? {
    guard let pointer = unsafe pointer else { return nil }
    let raw = UnsafeRawPointer(pointer)
    switch unsafe Int32(pointer.pointee.sa_family) {
    case AF_INET:
      let address = unsafe raw.loadUnaligned(as: sockaddr_in.self)
      return IPAddress(v4: UInt32(bigEndian: address.sin_addr.s_addr))
    case AF_INET6:
      let offset = MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) ?? 8
      let high = unsafe raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let low = unsafe raw.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
      return IPAddress(v6: UInt64(bigEndian: high), UInt64(bigEndian: low))
    default:
      return nil
    }
  }
}

/// libpcap's message on why it has no list.
struct InterfaceListFailure: Error {
  let message: String
}

extension IPAddress {
  /// The length of the prefix that this is the mask of.
  fileprivate var leadingOnes: Int {
    switch version {
    case .v4: (~UInt32(truncatingIfNeeded: low)).leadingZeroBitCount
    case .v6: high == .max ? 64 + (~low).leadingZeroBitCount : (~high).leadingZeroBitCount
    }
  }
}
