import PacketParser
import TraceScript

extension FrameList {
  /// A capture in which so many connections are refused.
  static func refusals(_ count: UInt16) -> [UInt8] {
    var list = FrameList()
    let server = SocketAddress.version4(2, port: 80)
    for port in 1...count {
      let client = SocketAddress.version4(1, port: port)
      // Numbers that nobody can guess.
      let number = UInt32(port) &* 2_654_435_761
      list.segment(from: client, to: server, .syn, number)
      list.segment(from: server, to: client, [.rst, .ack], 0, ack: number &+ 1)
    }
    return list.capture
  }
}
