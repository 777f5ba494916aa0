import FlowAnalysis
import FlowTracker
import PacketParser

// The records of a capture that is running, beside those of connections that have ended. The order of the
// keys is part of the format.
extension JSONWriter {
  mutating func event(_ event: ConnectionEvent, capture: String) {
    switch event.kind {
    case .entered(let side, let transition):
      begin("transition", event, capture)
      key("side")
      word(side.name)
      self.transition(transition)
    case .withdrew(let side, let state):
      begin("withdrawal", event, capture)
      key("side")
      word(side.name)
      key("state")
      word(state.name)
    case .completedHandshake(let handshake):
      begin("handshake", event, capture)
      key("handshake")
      object { $0.handshake(handshake) }
    case .closed(let close):
      begin("close", event, capture)
      self.close(close)
    case .reopened:
      begin("withdrawal", event, capture)
      key("close")
      boolean(true)
    case .found(let finding):
      begin("finding", event, capture)
      fields(of: finding)
    case .withdrewFinding(let rule):
      begin("withdrawal", event, capture)
      key("finding")
      string(rule.id)
    }
  }

  mutating func event(_ event: CaptureEvent, capture: String) {
    switch event.kind {
    case .found(let finding):
      captureFinding(finding, capture: capture, ongoingAt: event.time)
    case .withdrew(let finding):
      begin("withdrawal", capture)
      key("time")
      time(event.time)
      key("finding")
      string(finding.rule.id)
      key("blame")
      string(finding.blame.name)
      key("sources")
      hosts(finding.sources)
      key("targets")
      hosts(finding.targets)
    }
  }

  private mutating func begin(_ type: String, _ capture: String) {
    key("type")
    word(type)
    key("schema")
    integer(NDJSONReport.schema)
    key("capture")
    string(capture)
  }

  /// Begins the record of an event of a connection, whose time a transition has in its own place.
  private mutating func begin(_ type: String, _ event: ConnectionEvent, _ capture: String) {
    begin(type, capture)
    key("connection")
    integer(event.connection)
    key("client")
    socketAddress(event.client)
    key("server")
    socketAddress(event.server)
    if case .entered = event.kind { return }
    key("time")
    time(event.time)
  }

  private mutating func close(_ close: ConnectionReport.Close) {
    key("kind")
    word(close.kind.name)
    key("outcome")
    word(close.outcome.name)
    key("first")
    if let first = close.first { word(first.name) } else { null() }
    key("reset")
    guard let (mark, by) = close.reset else { return null() }
    object {
      $0.key("frame")
      $0.integer(mark.frame)
      $0.key("by")
      $0.word(by.name)
    }
  }

  mutating func status(_ status: LiveStatus, capture: String) {
    begin("statistics", capture)
    key("time")
    time(status.time)
    key("packets")
    object {
      $0.key("received")
      $0.integer(status.received)
      $0.key("read")
      $0.integer(status.totals.framesRead)
      $0.drops(status.loss)
    }
    key("connections")
    object {
      $0.key("alive")
      $0.integer(status.alive)
      $0.key("ended")
      $0.integer(status.totals.connections)
      $0.key("states")
      $0.array { for pair in status.states.all { $0.pair(pair) } }
    }
  }

  private mutating func pair(_ pair: StatePairs.Pair) {
    object {
      for (side, state) in [("client", pair.client), ("server", pair.server)] {
        $0.key(named: side)
        if let state { $0.word(state.name) } else { $0.null() }
      }
      $0.key("connections")
      $0.integer(pair.connections)
    }
  }

  mutating func drops(_ loss: CaptureLoss) {
    key("dropped")
    object {
      $0.key("kernel")
      $0.integer(loss.droppedByKernel)
      $0.key("interface")
      $0.integer(loss.droppedByInterface)
    }
  }
}
