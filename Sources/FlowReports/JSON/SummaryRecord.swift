import FlowAnalysis
import FlowTracker
import PacketParser

// The `summary` record, the last line of a capture.
extension JSONWriter {
  mutating func summary(_ summary: TraceSummary) {
    key("type")
    string("summary")
    key("schema")
    integer(NDJSONReport.schema)
    key("capture")
    string(summary.capture)
    key("link_type")
    if let linkType = summary.linkType { string(linkType) } else { null() }
    key("first")
    if let time = summary.firstTime { self.time(time) } else { null() }
    key("last")
    if let time = summary.lastTime { self.time(time) } else { null() }
    key("packets")
    object {
      $0.key("read")
      $0.integer(summary.framesRead)
      $0.key("by_fate")
      $0.object {
        for fate in FrameFate.allCases {
          $0.count(fate.name, summary.framesByFate[Int(fate.rawValue)])
        }
        $0.count("filtered", summary.framesFiltered)
      }
      if summary.loss.total > 0 { $0.drops(summary.loss) }
    }
    key("checksums")
    object {
      $0.count("correct", summary.segmentsByChecksum[Int(ChecksumStatus.correct.rawValue)])
      $0.count("offloaded", summary.segmentsByChecksum[Int(ChecksumStatus.offloaded.rawValue)])
      $0.count("wrong", summary.segmentsByChecksum[Int(ChecksumStatus.wrong.rawValue)])
      $0.count("unverified", summary.segmentsByChecksum[Int(ChecksumStatus.unverified.rawValue)])
    }
    key("connections")
    object {
      $0.key("count")
      $0.integer(summary.connections)
      $0.key("handshake")
      $0.object {
        for outcome in Handshake.Outcome.allCases {
          $0.count(outcome.name, summary.handshakes[Int(outcome.rawValue)])
        }
      }
      $0.key("close")
      $0.object {
        for outcome in Closing.Outcome.allCases {
          $0.count(outcome.name, summary.closes[Int(outcome.rawValue)])
        }
      }
      $0.key("ended")
      $0.object {
        for reason in EndReason.allCases {
          $0.count(reason.name, summary.endReasons[Int(reason.rawValue)])
        }
      }
    }
    key("findings")
    object {
      for (rule, count) in summary.findings.byRule {
        $0.key(named: rule.id)
        $0.integer(count)
      }
    }
    if summary.untoldFindings > 0 {
      key("findings_untold")
      integer(summary.untoldFindings)
    }
    key("complete")
    boolean(summary.error == nil)
    if let error = summary.error {
      key("error")
      string(error)
    }
  }

  /// A count, left out when it is 0.
  private mutating func count(_ name: String, _ number: Int) {
    guard number > 0 else { return }
    key(named: name)
    integer(number)
  }
}
