import Glibc

/// A client of a server on this machine, which sends and reads what a test wants.
final class Client {
  private let descriptor: Int32

  /// `nil` if nobody listens there.
  init?(port: UInt16, version6: Bool = false) {
    descriptor = socket(version6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    // Nothing here may take longer, whatever the server does.
    var patience = timeval(tv_sec: 30, tv_usec: 0)
    unsafe setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    let result =
      version6
      ? connect(
        sockaddr_in6(
          sin6_family: sa_family_t(AF_INET6), sin6_port: port.bigEndian, sin6_flowinfo: 0,
          sin6_addr: in6addr_loopback, sin6_scope_id: 0))
      : connect(
        sockaddr_in(
          sin_family: sa_family_t(AF_INET), sin_port: port.bigEndian,
          sin_addr: in_addr(s_addr: UInt32(0x7f00_0001).bigEndian),
          sin_zero: (0, 0, 0, 0, 0, 0, 0, 0)))
    guard result == 0 else { return nil }
  }

  deinit {
    close(descriptor)
  }

  private func connect<Address>(_ address: Address) -> Int32 {
    unsafe withUnsafeBytes(of: address) {
      guard let start = $0.baseAddress else { return -1 }
      let bound = unsafe start.assumingMemoryBound(to: sockaddr.self)
      return unsafe Glibc.connect(descriptor, bound, socklen_t($0.count))
    }
  }

  /// Whether all of it could be sent.
  @discardableResult
  func send(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }

  /// Everything until the server closes the connection; `nil` if it does not.
  func readToEnd() -> String? {
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
      }
      if count < 0, errno == EAGAIN { return nil }
      // A reset ends it too.
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += piece[..<count]
    }
  }
}
