package import FlowAnalysis
package import FlowTracker
package import PacketParser

/// What a capture that is under way has come to at a moment.
package struct LiveSnapshot: Sendable {
  /// The moment on the capture's clock; rates are worked out from one snapshot to the next by it.
  package var time: Timestamp
  /// The interface that is captured on.
  package var interface: String
  /// The filter of pcap-filter(7) that frames had to match; empty without one.
  package var captureFilter = ""
  /// What is the matter with the capture, where something is: the interface went down.
  package var notice: String?
  /// Frames that were analyzed, and their bytes on the wire.
  package var frames: UInt64 = 0
  package var bytes: UInt64 = 0
  /// What libpcap counts; `nil` where it does not tell.
  package var statistics: Statistics?
  /// How many of the connections that have not ended are in which states, in any order.
  package var states: [StateCount] = []
  /// Connections that were met so far, and those of them that have ended.
  package var connectionsOpened = 0
  package var connectionsEnded = 0
  /// The kinds of findings that there are, in the order of the catalogue.
  package var findings: [FindingCount] = []
  /// The connections that can be shown, in any order; whoever makes the snapshot bounds them.
  package var rows: [LiveRow] = []

  package init(time: Timestamp, interface: String) {
    self.time = time
    self.interface = interface
  }

  /// The counters of pcap_stats(3PCAP).
  package struct Statistics: Equatable, Sendable {
    package var received: UInt64
    package var droppedByKernel: UInt64
    package var droppedByInterface: UInt64

    package init(received: UInt64, droppedByKernel: UInt64, droppedByInterface: UInt64) {
      self.received = received
      self.droppedByKernel = droppedByKernel
      self.droppedByInterface = droppedByInterface
    }
  }

  /// How many connections have their ends in a pair of states; `nil` is one that nothing tells.
  package struct StateCount: Equatable, Sendable {
    package var client: EndpointState?
    package var server: EndpointState?
    package var count: Int

    package init(client: EndpointState?, server: EndpointState?, count: Int) {
      self.client = client
      self.server = server
      self.count = count
    }
  }

  /// How many findings of a kind there are, and how bad the worst of them is.
  package struct FindingCount: Equatable, Sendable {
    package var id: String
    package var severity: Finding.Severity
    package var count: Int

    package init(id: String, severity: Finding.Severity, count: Int) {
      self.id = id
      self.severity = severity
      self.count = count
    }
  }
}
