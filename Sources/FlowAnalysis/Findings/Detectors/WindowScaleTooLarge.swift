import FlowTracker
import PacketParser

/// `window-scale-too-large`: a shift that no stack may use.
struct WindowScaleTooLarge: Detector {
  static let rule = FindingRule(
    id: "window-scale-too-large", severity: .warning, title: "a window scale is above 14",
    condition: "A window scale option with a shift of more than 14.",
    advice: "A broken stack or a crafted SYN. Receivers take 14 instead.",
    references: ["RFC 7323 §2.3"])

  static func judge(_ subject: Subject) -> [Finding] {
    Side.allCases.compactMap { side in
      guard let offer = subject.history(of: side).offer, offer.present.contains(.windowScale),
        offer.windowScale > 14
      else { return nil }
      return Finding(
        rule, blame: .init(side),
        frames: [side == .client ? subject.handshake.syn?.frame : subject.handshake.synACK?.frame],
        "The \(side.name) offered a window scale of \(offer.windowScale); the largest allowed is 14."
      )
    }
  }
}
