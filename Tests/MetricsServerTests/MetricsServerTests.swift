import FlowReports
import Foundation
import MetricsServer
import PacketParser
import Testing

/// The server of metrics, asked over sockets of this machine.
struct MetricsServerTests {
  private let board: MetricsBoard
  private var metrics: LiveMetrics

  init() {
    metrics = LiveMetrics(
      interface: "eth0", linkType: "EN10MB", startTime: Timestamp(nanoseconds: 1_000_000_000))
    board = MetricsBoard(metrics)
  }

  // MARK: - Answers

  @Test func `the newest metrics are served, in the format that is asked for`() throws {
    var newer = metrics
    newer.liveConnections = 42
    board.put(newer)
    try withServer { port in
      let plain = try response(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(plain.status == "HTTP/1.1 200 OK")
      #expect(plain.fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      #expect(plain.body == String(decoding: newer.text(.prometheus), as: UTF8.self))
      #expect(plain.body.contains("\nsynfin_connections 42\n"))
      let open = try response(
        port, "GET /metrics?x=1 HTTP/1.1\r\nAccept: application/openmetrics-text\r\n\r\n")
      #expect(
        open.fields["content-type"]
          == "application/openmetrics-text; version=1.0.0; charset=utf-8")
      #expect(open.body == String(decoding: newer.text(.openMetrics), as: UTF8.self))
    }
  }

  @Test func `health is well until the capture has ended, and says why`() throws {
    try withServer { port in
      let well = try response(port, "GET /healthz HTTP/1.1\r\n\r\n")
      #expect(well.status == "HTTP/1.1 200 OK")
      #expect(well.body == "ok\n")
      board.end("the interface eth0 went down")
      let ended = try response(port, "GET /healthz HTTP/1.1\r\n\r\n")
      #expect(ended.status == "HTTP/1.1 503 Service Unavailable")
      #expect(ended.body == "the interface eth0 went down\n")
      // What was counted is still there to be collected.
      let metrics = try response(port, "GET /metrics HTTP/1.1\r\n\r\n")
      #expect(metrics.status == "HTTP/1.1 200 OK")
    }
  }

  @Test(arguments: ["/metrics", "/healthz", "/nothing"])
  func `HEAD is GET without a body`(path: String) throws {
    try withServer { port in
      let get = try response(port, "GET \(path) HTTP/1.1\r\n\r\n")
      let head = try response(port, "HEAD \(path) HTTP/1.1\r\n\r\n")
      #expect(head.status == get.status)
      #expect(head.fields == get.fields)
      #expect(head.body == "")
      #expect(get.fields["content-length"] == "\(get.body.utf8.count)")
      #expect(get.fields["connection"] == "close")
    }
  }

  @Test(arguments: ["/", "/metric", "/metrics/", "/metrics/../healthz", "//metrics", "*", "/%00"])
  func `other paths are not found`(path: String) throws {
    try withServer { port in
      let response = try response(port, "GET \(path) HTTP/1.1\r\n\r\n")
      #expect(response.status == "HTTP/1.1 404 Not Found")
    }
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
  func `other methods are not allowed`(method: String) throws {
    try withServer { port in
      let response = try response(
        port, "\(method) /metrics HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi")
      #expect(response.status == "HTTP/1.1 405 Method Not Allowed")
      #expect(response.fields["allow"] == "GET, HEAD")
    }
  }

  @Test func `a connection has one answer, whatever else its client has sent`() throws {
    try withServer { port in
      let request = "GET /healthz HTTP/1.1\r\n\r\n"
      let client = try #require(Client(port: port))
      client.send(request + request + "nonsense\r\n\r\n")
      let text = try #require(client.readToEnd())
      #expect(text.ranges(of: "HTTP/1.1").count == 1)
      let next = try response(port, "GET /healthz HTTP/1.0\r\n\r\n")
      #expect(next.body == "ok\n")
    }
  }

  // MARK: - Clients that mean no good

  @Test(arguments: [
    "nonsense\r\n\r\n", "GET /metrics\r\n\r\n", "GET /metrics HTTP/9.9\r\n\r\n",
    "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", "GET /metrics HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    "GET /metrics HTTP/1.1\r\nno colon\r\n\r\n",
  ])
  func `what is no request is refused`(text: String) throws {
    try withServer { port in
      let response = try response(port, text)
      #expect(response.status == "HTTP/1.1 400 Bad Request")
    }
  }

  @Test func `a request can only be so large`() throws {
    let large = String(repeating: "x", count: 20_000)
    let lines = (0..<2_000).map { "F\($0): x\r\n" }.joined()
    try withServer { port in
      for head in [
        "GET /\(large) HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nX: \(large)\r\n\r\n",
        "GET / HTTP/1.1\r\n\(lines)\r\n",
        "GET / HTTP/1.1\r\nX:\(String(repeating: " ", count: 20_000))\r\n\r\n",
      ] {
        let text = try answer(port, head)
        // Who still sends when the answer is there may lose it.
        #expect(text == "" || text.hasPrefix("HTTP/1.1 431 "))
      }
      let body = try answer(port, "POST / HTTP/1.1\r\nContent-Length: 20000\r\n\r\n\(large)")
      #expect(body == "" || body.hasPrefix("HTTP/1.1 413 "))
      let next = try response(port, "GET /healthz HTTP/1.1\r\n\r\n")
      #expect(next.body == "ok\n")
    }
  }

  @Test(arguments: ["", "GET /healthz HTT", "GET /healthz HTTP/1.1\r\nX: y\r\n"])
  func `a client that stops half-way is left`(beginning: String) throws {
    var limits = MetricsServer.Limits()
    limits.connectionMilliseconds = 300
    try withServer(limits) { port in
      let text = try answer(port, beginning)
      #expect(text == "")
    }
  }

  @Test func `a client that always sends a little more is left all the same`() throws {
    var limits = MetricsServer.Limits()
    limits.connectionMilliseconds = 300
    try withServer(limits) { port in
      let client = try #require(Client(port: port))
      client.send("GET /healthz HTTP/1.1\r\nX: ")
      var sent = 0
      while client.send("y"), sent < 600 {
        usleep(50_000)
        sent += 1
      }
      #expect(sent < 600)
    }
  }

  @Test func `clients beyond the limit wait for those before, who cannot stay`() throws {
    var limits = MetricsServer.Limits()
    limits.connections = 3
    limits.connectionMilliseconds = 500
    try withServer(limits) { port in
      let idle = (0..<7).compactMap { _ in Client(port: port) }
      #expect(idle.count == 7)
      let next = try response(port, "GET /healthz HTTP/1.1\r\n\r\n")
      #expect(next.body == "ok\n")
      #expect(idle.allSatisfy { $0.readToEnd() == "" })
    }
  }

  @Test func `many clients at the same time are all answered`() throws {
    var limits = MetricsServer.Limits()
    limits.connections = 8
    try withServer(limits) { port in
      let clients = (0..<100).compactMap { _ in Client(port: port) }
      #expect(clients.count == 100)
      for client in clients.reversed() { client.send("GET /metrics HTTP/1.1\r\n\r\n") }
      let answers = clients.map { $0.readToEnd() ?? "nothing" }
      #expect(answers.allSatisfy { $0.hasPrefix("HTTP/1.1 200 OK\r\n") })
    }
  }

  // MARK: - Where it listens

  @Test func `a taken port, a foreign address and what is no address are explained`() throws {
    let server = try MetricsServer(on: address("127.0.0.1:0"), of: board)
    defer { server.stop() }
    for (text, reason) in [
      ("\(server.address)", "another program listens there"),
      ("192.0.2.1:9100", "this machine has no such address"), ("1.2.3:9100", "it is no address"),
      ("[::zz]:9100", "it is no address"),
    ] {
      let wanted = try address(text)
      let error = #expect(throws: MetricsServerError.self) {
        try MetricsServer(on: wanted, of: board)
      }
      #expect(
        error?.description.hasPrefix("cannot serve metrics on \(text): \(reason)\n  ") == true)
    }
  }

  @Test func `IPv6 is served where the machine has it`() throws {
    guard let server = try? MetricsServer(on: address("[::1]:0"), of: board) else { return }
    defer { server.stop() }
    let client = try #require(Client(port: server.address.port, version6: true))
    client.send("GET /healthz HTTP/1.1\r\n\r\n")
    #expect(client.readToEnd()?.hasSuffix("\r\n\r\nok\n") == true)
    #expect("\(server.address)" == "[::1]:\(server.address.port)")
  }

  @Test func `nobody listens after the end, and open connections are closed`() throws {
    var limits = MetricsServer.Limits()
    limits.connections = 1
    let server = try MetricsServer(on: address("127.0.0.1:0"), of: board, limits: limits)
    // The second one waits to be accepted.
    let clients = try (0..<2).map { _ in try #require(Client(port: server.address.port)) }
    clients[0].send("GET /heal")
    server.stop()
    #expect(clients.allSatisfy { $0.readToEnd() == "" })
    #expect(Client(port: server.address.port) == nil)
    server.stop()
  }

  @Test(arguments: [
    ("9100", "127.0.0.1:9100"), (":9100", "127.0.0.1:9100"), ("localhost:1", "127.0.0.1:1"),
    ("0.0.0.0:65535", "0.0.0.0:65535"), ("[::1]:9100", "[::1]:9100"), ("[::]:0", "[::]:0"),
    ("10.1.2.3:080", "10.1.2.3:80"),
  ])
  func `an address has a port, and only with one is it more than this machine`(
    text: String, meaning: String
  ) {
    #expect(MetricsAddress(text)?.description == meaning)
  }

  @Test(arguments: [
    "", ":", "x", "9100x", "65536", "-1", "+1", "1.2.3.4", "1.2.3.4:", "::1:9100", "[::1]",
    "[::1]9100", "[]:1", "[1.2.3.4]:1", "example.org:9100", "1.2.3.4:9100 ", "http://1.2.3.4:1",
    "[::1:9100", "1.2.3.4:٣",
  ])
  func `anything else is no address`(text: String) {
    #expect(MetricsAddress(text) == nil)
  }

  // MARK: - Pieces

  private struct Response {
    var status: String
    /// By their names in lower case.
    var fields: [String: String] = [:]
    var body: String
  }

  private func withServer(
    _ limits: MetricsServer.Limits = .init(), _ body: (UInt16) throws -> Void
  ) throws {
    let server = try MetricsServer(on: address("0"), of: board, limits: limits)
    defer { server.stop() }
    try body(server.address.port)
  }

  private func address(_ text: String) throws -> MetricsAddress {
    try #require(MetricsAddress(text))
  }

  /// Everything that comes back until the server closes the connection.
  private func answer(_ port: UInt16, _ request: String) throws -> String {
    let client = try #require(Client(port: port))
    client.send(request)
    return try #require(client.readToEnd())
  }

  private func response(_ port: UInt16, _ request: String) throws -> Response {
    let text = try answer(port, request)
    let parts = try #require(text.firstRange(of: "\r\n\r\n"))
    let lines = text[..<parts.lowerBound].split(separator: "\r\n")
    var response = Response(status: String(lines[0]), body: String(text[parts.upperBound...]))
    for line in lines.dropFirst() {
      let field = line.split(separator: ": ", maxSplits: 1)
      response.fields[field[0].lowercased()] = String(field[1])
    }
    return response
  }
}
