import Glibc

/// A UDP socket of the loopback interface that sends to itself, on a port that nobody else has.
final class LoopbackSocket {
  let port: UInt16
  private let descriptor: Int32

  init() {
    descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    unsafe withUnsafeMutablePointer(to: &address) {
      let address = unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: sockaddr.self)
      _ = unsafe bind(descriptor, address, length)
      _ = unsafe getsockname(descriptor, address, &length)
      _ = unsafe connect(descriptor, address, length)
    }
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit {
    close(descriptor)
  }

  /// Sends eight bytes.
  func send() {
    var payload: UInt64 = 0
    _ = unsafe Glibc.send(descriptor, &payload, 8, 0)
  }
}
