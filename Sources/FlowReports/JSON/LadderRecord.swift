import FlowAnalysis
import FlowTracker
import PacketParser

/// The ladder of a connection as one JSON object.
///
/// The order of the keys is part of the format.
enum LadderRecord {
  static func render(_ ladder: Ladder, capture: String) -> String {
    var json = JSONWriter()
    json.object {
      $0.key("type")
      $0.string("ladder")
      $0.key("schema")
      $0.integer(NDJSONReport.schema)
      $0.key("connection")
      $0.object { $0.connection(ladder.report, capture: capture) }
      $0.key("segments")
      $0.array {
        for rung in ladder.rungs { $0.rung(rung, of: ladder) }
      }
      $0.key("conclusion")
      $0.array {
        for sentence in Conclusion(ladder).sentences { $0.string(sentence) }
      }
      $0.key("complete")
      $0.boolean(ladder.isWhole)
    }
    return String(decoding: json.bytes, as: UTF8.self) + "\n"
  }
}

extension JSONWriter {
  fileprivate mutating func rung(_ rung: Ladder.Rung, of ladder: Ladder) {
    switch rung {
    case .segment(let segment, let states):
      object {
        $0.segment(segment, of: ladder)
        $0.states(states)
      }
    case .fold(let fold, let states):
      object {
        $0.fold(fold)
        if !fold.isOutside { $0.states(states) }
      }
    // The timelines of the connection have what no segment brought.
    case .change: break
    }
  }

  private mutating func segment(_ segment: LoggedSegment, of ladder: Ladder) {
    key("frame")
    integer(segment.mark.frame)
    key("time")
    time(segment.mark.time)
    key("from")
    word(segment.sender.name)
    key("flags")
    array {
      for (flag, name) in TCPFlags.named where segment.flags.contains(flag) { $0.string(name) }
    }
    key("sequence")
    let knows = ladder.knowsInitialSequence(of: segment.sender)
    number(segment.sequence, relative: knows ? ladder.relativeSequence(segment) : nil)
    key("acknowledgment")
    if segment.flags.contains(.ack) {
      let knows = ladder.knowsInitialSequence(of: segment.sender.peer)
      number(
        segment.acknowledgment, relative: knows ? ladder.relativeAcknowledgment(segment) : nil)
    } else {
      null()
    }
    key("length")
    integer(segment.payloadLength)
    key("window")
    object {
      $0.key("bytes")
      if let bytes = ladder.windowBytes(segment) { $0.integer(bytes) } else { $0.null() }
      $0.key("field")
      $0.integer(segment.window)
    }
    key("labels")
    array {
      for remark in segment.remarks { $0.word(remark.rawValue) }
      for label in segment.labels { $0.word(label.rawValue) }
    }
  }

  private mutating func number(_ number: SequenceNumber, relative: Int64?) {
    object {
      $0.key("relative")
      if let relative { $0.integer(relative) } else { $0.null() }
      $0.key("absolute")
      $0.integer(number.rawValue)
    }
  }

  private mutating func fold(_ fold: FoldedSegments) {
    key("folded")
    object {
      $0.key("frames")
      $0.object {
        $0.key("first")
        $0.integer(fold.first.frame)
        $0.key("last")
        $0.integer(fold.last.frame)
      }
      for side in Side.allCases {
        $0.key(named: side.name)
        $0.object {
          $0.key("packets")
          $0.integer(fold.packets[Int(side.rawValue)])
          $0.key("payload")
          $0.integer(fold.payload[Int(side.rawValue)])
        }
      }
      $0.key("labels")
      $0.object {
        for label in FrameLabel.allCases where fold.count(of: label) > 0 {
          $0.key(named: label.rawValue)
          $0.integer(fold.count(of: label))
        }
      }
    }
  }

  private mutating func states(_ states: Ladder.States) {
    for side in Side.allCases {
      key(named: "\(side.name)_state")
      if let transition = states[side] { word(transition.state.name) } else { null() }
      key(named: "\(side.name)_evidence")
      if let transition = states[side] { word(transition.evidence.name) } else { null() }
    }
  }
}
