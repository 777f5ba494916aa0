import FlowAnalysis
import FlowReports
import FlowTracker
import PacketParser

/// A comparison as one JSON object a line: for each connection that differs a `difference`, then a `segment`
/// for each of its segments to which something happened; at last the `comparison` as a whole.
///
/// The order of the keys is part of the format.
struct ComparisonRecords {
  private let comparison: Comparison

  init(_ comparison: Comparison) {
    self.comparison = comparison
  }

  func write(to output: ReportOutput) {
    for connection in comparison.connections {
      writeLine(to: output) { $0.difference(connection) }
      for segment in connection.segments { writeLine(to: output) { $0.segment(segment) } }
    }
    writeLine(to: output) { $0.comparison(comparison) }
  }

  private func writeLine(to output: ReportOutput, _ body: (inout JSONWriter) -> Void) {
    var json = JSONWriter()
    json.object(body)
    json.endLine()
    output.write(String(decoding: json.bytes, as: UTF8.self))
  }
}

extension JSONWriter {
  private mutating func begin(_ type: String) {
    key("type")
    word(type)
    key("schema")
    integer(NDJSONReport.schema)
  }

  private mutating func both(
    _ a: (inout JSONWriter) -> Void, _ b: (inout JSONWriter) -> Void
  ) {
    key("a")
    a(&self)
    key("b")
    b(&self)
  }

  // MARK: - A connection

  fileprivate mutating func difference(_ compared: ComparedConnection) {
    begin("difference")
    both({ $0.connection(compared.a) }, { $0.connection(compared.b) })
    key("differences")
    array { for difference in compared.differences { $0.difference(difference) } }
    key("findings")
    object {
      $0.key("vanished")
      $0.array { for known in compared.findings where !known.isNew { $0.finding(known.finding) } }
      $0.key("new")
      $0.array { for new in compared.findings where new.isNew { $0.finding(new.finding) } }
    }
    key("segments")
    object { $0.counts { kind in compared.segments.count { $0.kind == kind } } }
  }

  private mutating func connection(_ report: ConnectionReport?) {
    guard let report else { return null() }
    object {
      $0.key("connection")
      $0.integer(report.number)
      $0.key("client")
      $0.socketAddress(report.client)
      $0.key("server")
      $0.socketAddress(report.server)
    }
  }

  private mutating func difference(_ difference: ConnectionDifference) {
    object {
      $0.key("aspect")
      $0.word(difference.aspect)
      $0.both({ $0.value(difference.a) }, { $0.value(difference.b) })
      $0.key("frames")
      $0.object {
        $0.both({ $0.integers(difference.frames.a) }, { $0.integers(difference.frames.b) })
      }
    }
  }

  private mutating func value(_ value: ConnectionDifference.Value) {
    switch value {
    case .none: null()
    case .word(let word): self.word(word)
    case .words(let words): array { for word in words { $0.word(word) } }
    case .number(let number), .bytes(let number): integer(number)
    case .duration(let nanoseconds): seconds(nanoseconds: nanoseconds)
    }
  }

  private mutating func integers(_ integers: [Int]) {
    array { for integer in integers { $0.integer(integer) } }
  }

  // MARK: - A segment

  fileprivate mutating func segment(_ segment: SegmentDifference) {
    begin("segment")
    key("kind")
    word(segment.kind.rawValue)
    key("travel")
    word(segment.travel.name)
    key("from")
    word(segment.sender.name)
    key("connection")
    object { $0.both({ $0.number(segment.connections.a) }, { $0.number(segment.connections.b) }) }
    key("frame")
    object { $0.both({ $0.number(segment.frames.a) }, { $0.number(segment.frames.b) }) }
    key("time")
    time(segment.time)
    key("flags")
    array {
      for (flag, name) in TCPFlags.named where segment.flags.contains(flag) { $0.word(name) }
    }
    key("sequence")
    object {
      $0.key("relative")
      if let relative = segment.relativeSequence { $0.integer(relative) } else { $0.null() }
      $0.key("absolute")
      $0.integer(segment.sequence.rawValue)
    }
    key("length")
    integer(segment.payloadLength)
    if let excess = segment.excessNanoseconds {
      key("later_than_usual")
      seconds(nanoseconds: excess)
    }
    if let other = segment.otherFrame {
      key("other_frame")
      integer(other)
    }
    if let missing = segment.missingBytes {
      key("missing")
      integer(missing)
    }
    if !segment.alterations.isEmpty {
      key("altered")
      array { for alteration in segment.alterations { $0.alteration(alteration) } }
    }
  }

  private mutating func alteration(_ alteration: Alteration) {
    object {
      $0.key("field")
      $0.word(alteration.field.rawValue)
      guard !alteration.a.isEmpty || !alteration.b.isEmpty else { return }
      $0.both({ $0.string(alteration.a) }, { $0.string(alteration.b) })
    }
  }

  private mutating func number(_ number: Int?) {
    if let number { integer(number) } else { null() }
  }

  // MARK: - The whole

  fileprivate mutating func comparison(_ comparison: Comparison) {
    let counts = comparison.counts
    begin("comparison")
    key("mode")
    word(comparison.mode.rawValue)
    both({ $0.string(comparison.names.a) }, { $0.string(comparison.names.b) })
    key("connections")
    object {
      $0.key("pairs")
      $0.integer(comparison.pairs)
      $0.key("differing")
      $0.integer(counts.differing)
      $0.key("only")
      $0.object { $0.both({ $0.integer(counts.onlyInA) }, { $0.integer(counts.onlyInB) }) }
    }
    key("omitted")
    object { $0.both({ $0.omission(comparison.omitted.a) }, { $0.omission(comparison.omitted.b) }) }
    guard let path = comparison.path else { return }
    key("segments")
    object {
      $0.key("common")
      $0.integer(path.properties.common)
      $0.counts { comparison.count($0) }
      $0.key("uncompared")
      $0.object { $0.both({ $0.integer(path.uncompared.a) }, { $0.integer(path.uncompared.b) }) }
      $0.key("undirected")
      $0.object { $0.both({ $0.integer(path.undirected.a) }, { $0.integer(path.undirected.b) }) }
    }
    key("path")
    object { $0.path(path) }
  }

  private mutating func omission(_ omission: Comparison.Omission) {
    object {
      $0.key("connections")
      $0.integer(omission.connections)
      $0.key("segments")
      $0.integer(omission.segments)
    }
  }

  private mutating func counts(_ count: (SegmentDifference.Kind) -> Int) {
    for kind in SegmentDifference.Kind.allCases {
      key(named: kind.rawValue)
      integer(count(kind))
    }
  }

  private mutating func path(_ path: ComparedPath) {
    key("clock_offset")
    seconds(orNull: path.delays.clockOffsetNanoseconds)
    key("clock_drift_ppm")
    integer(Int(path.delays.driftPartsPerMillion.rounded()))
    key("least_delay")
    seconds(orNull: path.delays.leastNanoseconds)
    key("usual_delay")
    object {
      for travel in Travel.allCases {
        $0.key(named: travel.name)
        $0.seconds(orNull: path.delays.usualNanoseconds(travel))
      }
    }
    key("hop_limits")
    object {
      for travel in Travel.allCases {
        $0.key(named: travel.name)
        $0.array {
          for kind in path.properties.hopLimits[Int(travel.rawValue)] {
            $0.object {
              $0.both({ $0.integer(kind.a) }, { $0.integer(kind.b) })
              $0.key("segments")
              $0.integer(kind.segments)
            }
          }
        }
      }
    }
    key("addresses")
    array {
      for (one, other) in path.properties.addresses {
        $0.object { $0.both({ $0.socketAddress(one) }, { $0.socketAddress(other) }) }
      }
    }
    key("identifications_rewritten")
    integer(path.properties.identificationsRewritten)
    key("congestion_marked")
    integer(path.properties.congestionMarked)
    key("sequences_shifted")
    integer(path.properties.shiftedConnections)
    key("resegmented")
    integer(path.properties.resegmented)
    key("captured_twice")
    object { $0.both({ $0.boolean(path.repeatsItself.a) }, { $0.boolean(path.repeatsItself.b) }) }
  }

  private mutating func seconds(orNull nanoseconds: Int64?) {
    if let nanoseconds { seconds(nanoseconds: nanoseconds) } else { null() }
  }
}
