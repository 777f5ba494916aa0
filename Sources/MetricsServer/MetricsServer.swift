import NIOCore
import NIOHTTP1
import NIOPosix

/// A server of the metrics of a capture: `/metrics` as Prometheus collects them, and `/healthz` for who
/// only wants to know whether the capture goes on.
///
/// It has one thread, from when it starts to when it stops; whatever a process gives up it must have given
/// up before. Each connection has one answer, and is closed.
package final class MetricsServer {
  /// What clients may take.
  package struct Limits: Sendable {
    /// Connections at the same time; more than that wait to be accepted.
    package var connections = 64
    /// How long one may last, however slowly its client sends and reads.
    package var connectionMilliseconds = 10_000
    /// How long a request may be.
    package var requestBytes = 8192

    package init() {}
  }

  /// Where it serves, with the port that it has got.
  package let address: MetricsAddress
  private let group: MultiThreadedEventLoopGroup

  /// Serves what is on `board` from now on.
  ///
  /// - Throws: `MetricsServerError` if the address is none of this machine's, is taken, or is not allowed.
  package init(
    on address: MetricsAddress, of board: MetricsBoard, limits: Limits = Limits()
  ) throws(MetricsServerError) {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      let wanted = try SocketAddress(ipAddress: address.address, port: Int(address.port))
      let channel = try Self.bootstrap(group, board, limits).bind(to: wanted).wait()
      let port = channel.localAddress?.port.flatMap { UInt16(exactly: $0) }
      self.address = MetricsAddress(address: address.address, port: port ?? address.port)
    } catch {
      try? group.syncShutdownGracefully()
      throw MetricsServerError(address, error)
    }
    self.group = group
  }

  /// Ends all connections and the thread.
  package func stop() {
    try? group.syncShutdownGracefully()
  }

  private static func bootstrap(
    _ group: MultiThreadedEventLoopGroup, _ board: MetricsBoard, _ limits: Limits
  ) -> ServerBootstrap {
    var headers = NIOHTTPDecoderLimitConfiguration()
    headers.maxHeaderFieldSize = limits.requestBytes
    headers.maxHeaderListSize = limits.requestBytes
    let headerLimits = headers

    return ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelOption(.backlog, value: 128)
      // One by one, so that the limit is asked before each.
      .serverChannelOption(.maxMessagesPerRead, value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            ConnectionLimit(connections: limits.connections))
        }
      }
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(
            RequestLimit(
              bytes: limits.requestBytes,
              duration: .milliseconds(Int64(limits.connectionMilliseconds))))
          try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: headerLimits)
          try pipeline.addHandler(MetricsHandler(board))
        }
      }
  }
}
