import FlowTracker
import PacketParser

/// `window-scale-unknown`: windows cannot be scaled.
struct WindowScaleUnknown: Detector {
  static let rule = FindingRule(
    id: "window-scale-unknown", severity: .note, title: "the window scale is unknown",
    condition: """
      One of the two SYNs of an open connection is not in the capture, or was cut before its options ended.
      """,
    advice: """
      Windows stand as they are in the header and may be up to 16,384 times as large in truth. \
      Begin the capture before the connection to know.
      """,
    references: ["RFC 7323 §2.2"])
  static let needs: Aspects = .open

  static func judge(_ subject: Subject) -> [Finding] {
    guard subject.handshake.outcome == .complete,
      !subject[.client].knows.contains(.windowShift),
      let side = Side.allCases.first(where: {
        !(subject.history(of: $0).offer?.present.contains(.windowScale) ?? false)
      }),
      subject.history(of: side.peer).offer?.mayHave(.windowScale) == true
    else { return [] }
    let what = subject.history(of: side).offer == nil ? "captured" : "captured whole"
    return [
      Finding(
        rule, blame: .capture, frames: [subject.report.first.frame],
        "The \(side.name)'s SYN was not \(what), so how windows are scaled is unknown.")
    ]
  }
}
