import NIOCore

/// Accepts no connection while there are as many as there may be; the system lets the next ones wait.
final class ConnectionLimit: ChannelDuplexHandler {
  typealias InboundIn = any Channel
  typealias InboundOut = any Channel
  typealias OutboundIn = any Channel
  typealias OutboundOut = any Channel

  private let limit: Int
  private var count = 0
  private var isWaiting = false

  init(connections limit: Int) {
    self.limit = limit
  }

  /// Asked before each connection is accepted.
  func read(context: ChannelHandlerContext) {
    isWaiting = count >= limit
    if !isWaiting { context.read() }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    count += 1
    // There is one event loop, which both the server and its connections are on.
    unwrapInboundIn(data).closeFuture.assumeIsolated().whenComplete { _ in
      self.count -= 1
      guard self.isWaiting, context.channel.isActive else { return }
      self.read(context: context)
    }
    context.fireChannelRead(data)
  }
}

/// Ends a connection that lasts too long, and one that sends more than any request has.
///
/// It stands before the parser of HTTP, which keeps what a line could still belong to.
final class RequestLimit: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  struct Exceeded: Error {}

  private var bytesLeft: Int
  private let duration: TimeAmount
  private var end: Scheduled<Void>?

  init(bytes: Int, duration: TimeAmount) {
    bytesLeft = bytes
    self.duration = duration
  }

  func channelActive(context: ChannelHandlerContext) {
    end = context.eventLoop.assumeIsolated().scheduleTask(in: duration) {
      context.close(promise: nil)
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end?.cancel()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytesLeft -= unwrapInboundIn(data).readableBytes
    if bytesLeft >= 0 {
      context.fireChannelRead(data)
    } else {
      context.fireErrorCaught(Exceeded())
    }
  }
}
