import PacketParser
import TraceScript

extension FrameList {
  /// A capture in which so many connections are refused.
  static func refusals(_ count: UInt16) -> [UInt8] {
    var list = FrameList()
    let server = SocketAddress.version4(2, port: 80)
    for port in 1...count {
      let client = SocketAddress.version4(1, port: port)
      list.segment(from: client, to: server, .syn, 1)
      list.segment(from: server, to: client, [.rst, .ack], 0, ack: 2)
    }
    return list.capture
  }
}
