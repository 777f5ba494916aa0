import FlowAnalysis
import FlowTracker
import PacketParser

extension LiveMetrics {
  /// The metrics as text, under names by https://prometheus.io/docs/practices/naming/.
  ///
  /// Every series is there from the beginning, at 0, since a counter that appears with its first event has no
  /// increase at that event.
  public func text(_ format: MetricsFormat) -> [UInt8] {
    var writer = MetricsWriter(format)
    writer.capture(self)
    writer.connections(self)
    writer.findings(findings)
    return writer.finish()
  }
}

extension MetricsWriter {
  fileprivate mutating func capture(_ metrics: LiveMetrics) {
    family("synfin_capture", .info, "What is captured.")
    sample(["interface": metrics.interface, "link_type": metrics.linkType], .count(1))

    family(
      "synfin_start_time_seconds", .gauge, unit: .seconds,
      "When the capture began, since 1970 in UTC.")
    sample(.seconds(nanoseconds: metrics.startTime.nanoseconds))

    if let time = metrics.lastFrameTime {
      family(
        "synfin_last_packet_time_seconds", .gauge, unit: .seconds,
        "When the latest packet came, since 1970 in UTC.")
      sample(.seconds(nanoseconds: time.nanoseconds))
    }

    family("synfin_frames", .counter, "Frames that were read, by what became of them.")
    for fate in FrameFate.allCases {
      sample(["fate": fate.name], .count(metrics.framesByFate[Int(fate.rawValue)]))
    }

    family("synfin_frame_bytes", .counter, unit: .bytes, "Bytes of these frames on the wire.")
    sample(.count(metrics.wireBytes))

    family("synfin_packets_received", .counter, "Packets that the kernel took for the capture.")
    sample(.count(metrics.packetsReceived))

    family("synfin_packets_dropped", .counter, "Packets that were lost before they could be read.")
    sample(["by": "kernel"], .count(metrics.packetsDroppedByKernel))
    if let count = metrics.packetsDroppedByInterface { sample(["by": "interface"], .count(count)) }
  }

  fileprivate mutating func connections(_ metrics: LiveMetrics) {
    family("synfin_connections", .gauge, "Connections that are followed now.")
    sample(.count(metrics.liveConnections))

    family(
      "synfin_connection_memory_bytes", .gauge, unit: .bytes,
      "Memory that connections take now.")
    sample(.count(metrics.connectionMemoryBytes))

    family(
      "synfin_endpoints", .gauge,
      "Ends of connections that are followed now, by their state in RFC 9293.")
    for (side, states) in [("client", metrics.clientStates), ("server", metrics.serverStates)] {
      for state in EndpointState.allCases {
        sample(["side": side, "state": state.name], .count(states[state]))
      }
      sample(["side": side, "state": "unknown"], .count(states[nil]))
    }

    family("synfin_connections_ended", .counter, "Connections that have ended.")
    sample(.count(metrics.connectionsEnded))

    family("synfin_handshakes", .counter, "Connections that have ended, by how they were opened.")
    for outcome in Handshake.Outcome.allCases {
      sample(["outcome": outcome.name], .count(metrics.handshakes[Int(outcome.rawValue)]))
    }

    family("synfin_closes", .counter, "Connections that have ended, by how they were closed.")
    for outcome in Closing.Outcome.allCases {
      sample(["outcome": outcome.name], .count(metrics.closes[Int(outcome.rawValue)]))
    }

    family(
      "synfin_handshake_rtt_seconds", .histogram, unit: .seconds,
      "Round trips that handshakes show, from the place of the capture to that end and back.")
    histogram(("side", "server"), metrics.serverRoundTrips)
    histogram(("side", "client"), metrics.clientRoundTrips)
  }

  fileprivate mutating func findings(_ findings: FindingCounts) {
    family(
      "synfin_findings", .counter,
      "Findings told, by their id, those that were taken back included; synfin findings ID explains it."
    )
    let counts = Dictionary(uniqueKeysWithValues: findings.byRule.map { ($0.rule.id, $0.count) })
    for rule in FindingCatalogue.rules {
      sample(["id": rule.id], .count(counts[rule.id] ?? 0))
    }
  }
}
