import FlowAnalysis
import FlowTracker

/// What a field is about: what may hide it from the capture, and which frames show it.
enum Topic: Sendable {
  /// Which connection it is: known of every one.
  case identity
  /// What only the beginning of the connection tells: who began.
  case origin
  /// What a segment of the handshake says: known for good where that was captured.
  case offer
  /// What the handshake comes to.
  case opening
  /// What the close comes to.
  case closing
  /// A step of the close: known for good where it was captured.
  case closeStep
  case states(Side)
  case lastState(Side)
  /// How much there was of something: a capture that lacks some of it shows less.
  case totals
  /// What was measured of what the capture has.
  case measures
  case findings

  /// The frames to look at, in order.
  func frames(of subject: CheckedReport) -> [Int] {
    let frames: [Int?] =
      switch self {
      case .identity, .totals, .measures: []
      case .origin: [subject.report.first.frame]
      case .offer, .opening:
        [subject.handshake.syn, subject.handshake.synACK, subject.handshake.ack].map { $0?.frame }
      case .closing, .closeStep:
        [subject.client.fin?.frame, subject.server.fin?.frame, subject.close.reset?.mark.frame]
      case .states(let side): subject[side].states.map(\.frame)
      case .lastState(let side): [subject[side].states.last?.frame]
      case .findings: subject.report.findings.flatMap(\.frames)
      }
    return Set(frames.compactMap { $0 }.filter { $0 > 0 }).sorted()
  }
}
