import FlowAnalysis
import FlowTracker
package import PacketParser

// The `connection` record. The order of the keys is part of the format.
extension JSONWriter {
  mutating func connection(_ report: ConnectionReport, capture: String) {
    let sides = BothSides(report)
    key("type")
    word("connection")
    key("schema")
    integer(NDJSONReport.schema)
    key("capture")
    string(capture)
    key("connection")
    integer(report.number)
    key("community_id")
    communityID(report.client, report.server)
    key("encapsulation")
    array { for layer in report.encapsulation { $0.encapsulation(layer) } }
    key("client")
    socketAddress(report.client)
    key("server")
    socketAddress(report.server)
    key("roles_from")
    word(report.rolesEvidence.staticName)
    key("first_sender")
    word(report.firstSender.staticName)
    key("incarnation")
    integer(report.incarnation)
    key("vantage")
    vantage(report.vantage)
    key("first")
    mark(report.first)
    key("last")
    mark(report.last)
    key("duration")
    seconds(report.durationNanoseconds)
    key("handshake")
    object {
      $0.handshake(report.handshake)
      $0.key("options")
      $0.bothSides(sides) { $0.offer($1.offer) }
    }
    key("close")
    object { $0.close(report, sides) }
    key("states")
    bothSides(sides) { $0.states($1) }
    if sides.client.states.dropped > 0 || sides.server.states.dropped > 0 {
      key("states_dropped")
      bothSides(sides) { $0.integer($1.states.dropped) }
    }
    key("traffic")
    bothSides(sides) { $0.traffic($1) }
    key("peers")
    object {
      $0.key("wireshark")
      $0.object {
        $0.key("completeness")
        $0.integer(report.wiresharkCompleteness)
      }
      $0.key("ipfix")
      $0.object {
        $0.key("flow_end_reason")
        $0.integer(report.ipfixFlowEndReason)
      }
    }
    key("findings")
    array { for finding in report.findings { $0.finding(finding) } }
    if let frames = report.frames {
      key("frames")
      object { $0.labels(frames.frames) }
      if frames.omitted > 0 {
        key("frames_omitted")
        integer(frames.omitted)
      }
    }
  }

  mutating func handshake(_ handshake: Handshake) {
    key("kind")
    word(handshake.kind.staticName)
    key("outcome")
    word(handshake.outcome.staticName)
    key("syn")
    frame(handshake.syn)
    key("syn_ack")
    frame(handshake.synACK)
    key("ack")
    frame(handshake.ack)
    if handshake.outcome == .rejected {
      key("rejected_by")
      frame(handshake.rejection)
    }
    key("rtt")
    object {
      $0.key("server")
      $0.seconds(handshake.serverRoundTripNanoseconds)
      $0.key("client")
      $0.seconds(handshake.clientRoundTripNanoseconds)
    }
  }

  private mutating func offer(_ offer: HandshakeOffer?) {
    guard let offer else { return null() }
    object {
      if offer.present.contains(.maximumSegmentSize) {
        $0.key("mss")
        $0.integer(offer.maximumSegmentSize)
      }
      if offer.present.contains(.windowScale) {
        $0.key("window_scale")
        $0.integer(offer.windowScale)
      }
      $0.flag("sack_permitted", offer.present.contains(.sackPermitted))
      $0.flag("timestamps", offer.present.contains(.timestamps))
      if !offer.present.isDisjoint(with: [.fastOpen, .experimentalFastOpen]) {
        $0.key("fast_open_cookie")
        $0.integer(offer.fastOpenCookieLength)
      }
      $0.flag("md5_signature", offer.present.contains(.md5Signature))
      $0.flag("authentication", offer.present.contains(.authentication))
      $0.flag("multipath", offer.present.contains(.multipath))
    }
  }

  private mutating func close(_ report: ConnectionReport, _ sides: borrowing BothSides) {
    key("kind")
    word(report.close.kind.staticName)
    key("outcome")
    word(report.close.outcome.staticName)
    key("first")
    if let first = report.close.first { word(first.staticName) } else { null() }
    key("fin")
    bothSides(sides) { $0.frame($1.fin) }
    key("reset")
    guard let (mark, by) = report.close.reset else { return null() }
    object {
      $0.key("frame")
      $0.integer(mark.frame)
      $0.key("by")
      $0.word(by.staticName)
    }
  }

  private mutating func states(_ side: SideReport) {
    array {
      for transition in side.states {
        $0.object { $0.transition(transition) }
      }
    }
  }

  mutating func transition(_ transition: Transition) {
    key("state")
    word(transition.state.staticName)
    key("frame")
    // A timer ran out: no frame did it.
    if transition.frame > 0 { integer(transition.frame) } else { null() }
    key("time")
    time(transition.time)
    key("evidence")
    word(transition.evidence.staticName)
  }

  private mutating func traffic(_ side: SideReport) {
    object {
      $0.key("packets")
      $0.integer(side.packets)
      $0.key("bytes")
      $0.integer(side.bytes)
      $0.key("payload")
      $0.integer(side.payload)
      $0.key("unique")
      $0.integer(side.uniquePayload)
      $0.key("retransmitted")
      $0.object {
        $0.key("packets")
        $0.integer(side.repeatedPackets)
        $0.key("bytes")
        $0.integer(side.repeatedBytes)
      }
      $0.key("out_of_order")
      $0.integer(side.outOfOrderPackets)
      $0.key("duplicate_frames")
      $0.integer(side.duplicateFrames)
      $0.key("duplicate_acks")
      $0.integer(side.duplicateACKs)
      $0.key("gaps")
      $0.object {
        $0.key("count")
        $0.integer(side.gaps)
        $0.key("bytes")
        $0.integer(side.gapBytes)
      }
      $0.key("zero_windows")
      $0.integer(side.zeroWindows)
      $0.key("window")
      $0.object {
        $0.key("max")
        if let maximum = side.windowMaximum { $0.integer(maximum) } else { $0.null() }
        $0.key("scale")
        if let shift = side.windowShift { $0.integer(shift) } else { $0.null() }
        if side.zeroWindows > 0 { $0.shutWindow(side.shutWindow) }
      }
      if let trips = side.roundTrips { $0.roundTrips(trips) }
    }
  }

  private mutating func shutWindow(_ shut: ShutWindow) {
    key("shut")
    object {
      $0.key("count")
      $0.integer(shut.spells)
      $0.key("total")
      $0.seconds(shut.totalNanoseconds)
      $0.key("longest")
      $0.seconds(shut.longestNanoseconds)
    }
  }

  private mutating func roundTrips(_ trips: RoundTrips) {
    key("in_flight")
    object {
      $0.key("max")
      $0.integer(trips.mostInFlight)
    }
    key("rtt")
    object {
      $0.key("samples")
      $0.integer(trips.samples)
      $0.key("min")
      $0.seconds(trips.minimumNanoseconds)
      $0.key("mean")
      $0.seconds(trips.meanNanoseconds)
      $0.key("max")
      $0.seconds(trips.maximumNanoseconds)
    }
  }

  private mutating func labels(_ frames: [LabelledFrame]) {
    for labelled in frames {
      key(named: String(labelled.frame))
      array { for label in labelled.labels { $0.word(label.rawValue) } }
    }
  }

  // MARK: - Parts

  package mutating func socketAddress(_ end: SocketAddress) {
    object {
      $0.key("address")
      $0.address(end.address)
      $0.key("port")
      $0.integer(end.port)
    }
  }

  private mutating func vantage(_ vantage: Vantage?) {
    guard let vantage else { return null() }
    object {
      $0.key("at")
      $0.word(vantage.at.staticName)
      $0.key("certainty")
      $0.word(vantage.certainty.staticName)
    }
  }

  mutating func mark(_ mark: FrameMark) {
    object {
      $0.key("frame")
      $0.integer(mark.frame)
      $0.key("time")
      $0.time(mark.time)
    }
  }

  private mutating func frame(_ mark: FrameMark?) {
    if let mark { integer(mark.frame) } else { null() }
  }

  private mutating func seconds(_ nanoseconds: Int64?) {
    if let nanoseconds { seconds(nanoseconds: nanoseconds) } else { null() }
  }

  mutating func flag(_ name: StaticString, _ isSet: Bool) {
    guard isSet else { return }
    key(name)
    boolean(true)
  }

  @inline(__always)
  private mutating func bothSides(
    _ sides: borrowing BothSides, _ body: (inout JSONWriter, SideReport) -> Void
  ) {
    object {
      $0.key("client")
      body(&$0, sides.client)
      $0.key("server")
      body(&$0, sides.server)
    }
  }
}

/// What both sides did, of which a report makes a value each time it is asked: so it is asked once.
private struct BothSides: ~Copyable {
  let client: SideReport
  let server: SideReport

  init(_ report: ConnectionReport) {
    client = report[.client]
    server = report[.server]
  }
}
