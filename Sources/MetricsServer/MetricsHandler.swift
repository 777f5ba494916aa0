import FlowReports
import NIOCore
import NIOHTTP1

/// Answers the first request of a connection, and closes it.
final class MetricsHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let board: MetricsBoard
  private var request: HTTPRequestHead?
  private var isAnswered = false

  init(_ board: MetricsBoard) {
    self.board = board
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): if request == nil { request = head }
    case .body: break
    case .end:
      if let request { answer(MetricsAnswer(to: request, board), context) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case is RequestLimit.Exceeded where request != nil:
      answer(.refusal(.payloadTooLarge), context)
    case is RequestLimit.Exceeded, HTTPParserError.headerOverflow:
      answer(.refusal(.requestHeaderFieldsTooLarge), context)
    case is HTTPParserError:
      answer(.refusal(.badRequest), context)
    default:
      context.close(promise: nil)
    }
  }

  private func answer(_ answer: MetricsAnswer, _ context: ChannelHandlerContext) {
    guard !isAnswered else { return }
    isAnswered = true
    var headers = HTTPHeaders()
    headers.add(name: "Content-Type", value: answer.contentType)
    headers.add(name: "Content-Length", value: "\(answer.body.count)")
    headers.add(name: "Connection", value: "close")
    if answer.status == .methodNotAllowed { headers.add(name: "Allow", value: "GET, HEAD") }
    let head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if request?.method != .HEAD {
      let body = context.channel.allocator.buffer(bytes: answer.body)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
      context.close(promise: nil)
    }
  }
}

/// What is answered to a request.
struct MetricsAnswer {
  var status: HTTPResponseStatus
  var contentType = "text/plain; charset=utf-8"
  var body: [UInt8]

  init(to request: HTTPRequestHead, _ board: MetricsBoard) {
    guard request.method == .GET || request.method == .HEAD else {
      self = .refusal(.methodNotAllowed)
      return
    }
    switch request.uri.prefix(while: { $0 != "?" }) {
    case "/metrics":
      // Several fields of a name are one list (RFC 9110 §5.3).
      let accept = request.headers["Accept"]
      let format = MetricsFormat(accept: accept.joined(separator: ","))
      self.init(status: .ok, contentType: format.contentType, body: board.metrics.text(format))
    case "/healthz":
      if let reason = board.endReason {
        self.init(status: .serviceUnavailable, body: Array("\(reason)\n".utf8))
      } else {
        self.init(status: .ok, body: Array("ok\n".utf8))
      }
    default:
      self.init(status: .notFound, body: Array("There are /metrics and /healthz.\n".utf8))
    }
  }

  private init(
    status: HTTPResponseStatus, contentType: String = "text/plain; charset=utf-8", body: [UInt8]
  ) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  /// An answer that has no more to say than its status.
  static func refusal(_ status: HTTPResponseStatus) -> MetricsAnswer {
    MetricsAnswer(status: status, body: Array("\(status.reasonPhrase)\n".utf8))
  }
}
