package import PacketParser

/// What findings across connections need of one that is over, without a copy of the rest of it.
package struct ConnectionOutline: BitwiseCopyable, Sendable {
  package let number: Int
  package let first: FrameMark
  package let last: FrameMark
  package let handshake: Handshake.Outcome
  package let close: Closing.Outcome
  package let rolesEvidence: RolesEvidence
  /// Its first segment was one of a connection that was open already, as payload shows: others may be
  /// probes.
  package let isOlderThanCapture: Bool
  /// Who sent the first segment.
  package let firstSender: Side
  /// The sequence number of its latest RST; meaningless where there was none.
  package let resetSequence: SequenceNumber
  package let client: End
  package let server: End

  /// One end of it.
  package struct End: BitwiseCopyable, Sendable {
    package let socket: SocketAddress
    /// Frames that hold a segment of this end.
    package let packets: UInt64
    /// Its TCP payload bytes, repeated ones included.
    package let payload: UInt64
    /// Every flag that was set in some segment of this end.
    package let flagsSeen: TCPFlags
    /// The kinds of options on its SYN; `nil` where that was not captured.
    package let offered: TCPOptionSet?
    /// The kinds of checksums that its SYN, its FIN or the first segment of the connection had.
    package let checksums: ChecksumsSeen
    /// Segments after the first of the connection whose checksum was wrong.
    package let wrongChecksums: Int
    /// Times the peer acknowledged bytes of it that the capture does not have.
    package let gaps: Int
    /// Nanoseconds for which its window was shut at the longest, until the last segment of the connection; 0
    /// where it shut it when its peer had closed, so that nobody waited for it.
    package let shutNanoseconds: Int64

    @inline(__always)
    init(_ live: LiveConnection, _ socket: SocketAddress, _ end: Int) {
      self.socket = socket
      packets = live.core.traffic[end].packets
      payload = live.core.traffic[end].payload
      flagsSeen = live.core.traffic[end].flagsSeen
      offered = live.history.ends[end].offer?.present
      checksums = live.history.traces[end].checksums
      guard live.core.traits.contains(.isIrregular) else {
        (wrongChecksums, gaps, shutNanoseconds) = (0, 0, 0)
        return
      }
      let sightings = live.toldIrregularities[end].sightings
      wrongChecksums = sightings.sightings(of: .wrongChecksum, since: 0)?.count ?? 0
      gaps = Int(live.toldIrregularities[end].gaps)
      let shutWindow = live.toldIrregularities[end].shutWindow
      let isSlam = sightings.sightings(of: .shutsWindowOnFIN, since: 0) != nil
      shutNanoseconds = isSlam ? 0 : shutWindow.longest(until: live.core.last.time)
    }
  }

  @inline(__always)
  init(_ live: LiveConnection, _ sockets: (client: SocketAddress, server: SocketAddress)) {
    number = live.history.number
    first = live.history.first
    last = live.core.last
    handshake = live.history.handshake.outcome
    close = live.history.closing.outcome(
      client: live.core.ends[0].knows, server: live.core.ends[1].knows)
    rolesEvidence = live.history.rolesEvidence
    isOlderThanCapture =
      handshake == .unseen && live.history.ends[0].states.count > 0
      && live.core.traffic[0].payload &+ live.core.traffic[1].payload > 0
    firstSender = live.history.firstSender
    resetSequence = live.history.closing.resetSequence
    client = End(live, sockets.client, 0)
    server = End(live, sockets.server, 1)
  }

  /// One that is but a SYN in the cache.
  @inline(__always)
  init(
    _ syn: borrowing CachedSYN, _ sockets: (client: SocketAddress, server: SocketAddress)
  ) {
    number = syn.number
    first = FrameMark(frame: syn.frame, time: syn.time)
    last = first
    (handshake, close) = (.unanswered, .open)
    (rolesEvidence, firstSender) = (.syn, .client)
    isOlderThanCapture = false
    resetSequence = SequenceNumber(0)
    client = End(syn, sockets.client)
    server = End(silent: sockets.server)
  }

  package subscript(side: Side) -> End { side == .client ? client : server }
}

extension ConnectionOutline.End {
  @inline(__always)
  fileprivate init(_ syn: borrowing CachedSYN, _ socket: SocketAddress) {
    self.socket = socket
    (packets, payload, wrongChecksums, gaps, shutNanoseconds) = (1, 0, 0, 0, 0)
    flagsSeen = syn.tcpFlags
    offered = syn.options
    checksums = ChecksumsSeen(syn.checksumStatus)
  }

  @inline(__always)
  fileprivate init(silent socket: SocketAddress) {
    self.socket = socket
    (packets, payload, wrongChecksums, gaps, shutNanoseconds) = (0, 0, 0, 0, 0)
    (flagsSeen, offered, checksums) = ([], nil, [])
  }
}

extension ConnectionOutline {
  /// Some checksum was wrong, or left to a network card.
  package var hasOddChecksums: Bool {
    client.checksums.union(server.checksums).contains(.offloaded)
      || client.wrongChecksums + server.wrongChecksums > 0
  }
}
