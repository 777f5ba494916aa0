import FlowAnalysis
import FlowReports
import FlowTracker
import MetricsServer
import PacketParser

/// Keeps the metrics of a capture up to date for whoever collects them.
struct MetricsFeed: ~Copyable {
  /// Nanoseconds between updates.
  private static let interval: Int64 = 1_000_000_000

  private let board: MetricsBoard
  private let server: MetricsServer
  private var metrics: LiveMetrics
  private var updatedAt = Int64.min

  /// Begins to serve the metrics of a capture.
  init(
    on address: MetricsAddress, interface: String, linkType: LinkType, startTime: Timestamp
  ) throws(MetricsServerError) {
    metrics = LiveMetrics(
      interface: interface, linkType: linkType.name, startTime: startTime)
    board = MetricsBoard(metrics)
    server = try MetricsServer(on: address, of: board)
  }

  /// Where it is served.
  var address: MetricsAddress { server.address }

  /// It is time for newer metrics.
  var isDue: Bool { updatedAt == .min || SystemClock.monotonic - updatedAt >= Self.interval }

  /// Puts newer metrics up.
  mutating func update(
    _ status: LiveStatus, _ receiver: borrowing LiveReceiver, _ hub: LiveHub
  ) {
    updatedAt = SystemClock.monotonic
    metrics.lastFrameTime = status.totals.lastTime
    metrics.framesByFate = status.totals.framesByFate
    metrics.wireBytes = Int(clamping: receiver.wireBytes)
    metrics.packetsReceived = status.received
    metrics.packetsDroppedByKernel = status.loss.droppedByKernel
    metrics.packetsDroppedByInterface = status.loss.droppedByInterface
    metrics.liveConnections = status.alive
    metrics.connectionMemoryBytes = receiver.analyzer.bytesInUse
    (metrics.clientStates, metrics.serverStates) = (StateCounts(), StateCounts())
    for pair in status.states.all {
      metrics.clientStates[pair.client] += pair.connections
      metrics.serverStates[pair.server] += pair.connections
    }
    metrics.connectionsEnded = status.totals.connections
    metrics.handshakes = status.totals.handshakes
    metrics.closes = status.totals.closes
    metrics.findings = hub.findings
    metrics.serverRoundTrips = hub.serverRoundTrips
    metrics.clientRoundTrips = hub.clientRoundTrips
    board.put(metrics)
  }

  /// Serves no longer.
  consuming func stop(_ reason: String) {
    board.end(reason)
    server.stop()
  }
}
