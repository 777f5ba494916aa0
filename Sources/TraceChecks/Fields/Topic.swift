import FlowAnalysis
import FlowTracker

/// What a field is about: what may hide it from the capture, and which frames show it.
enum Topic: Sendable {
  /// Which connection it is.
  case identity
  case handshake
  case close
  case states(Side)
  /// How much there was of something: a capture that lacks some of it shows less.
  case totals
  /// How long something took.
  case times
  case findings

  /// The frames to look at, in order.
  func frames(of subject: CheckedReport) -> [Int] {
    let frames: [Int?] =
      switch self {
      case .identity, .totals, .times: []
      case .handshake:
        [subject.handshake.syn, subject.handshake.synACK, subject.handshake.ack].map { $0?.frame }
      case .close:
        [subject.client.fin?.frame, subject.server.fin?.frame, subject.close.reset?.mark.frame]
      case .states(let side): subject[side].states.map(\.frame)
      case .findings: subject.report.findings.flatMap(\.frames)
      }
    return Set(frames.compactMap { $0 }.filter { $0 > 0 }).sorted()
  }
}
