import FlowAnalysis
import FlowReports
import FlowTracker

/// One event of a connection before another: `client FIN before server FIN`.
struct EventOrder: Sendable {
  /// As it was written.
  let text: String
  private let events: [Event]

  /// Something that a frame of the connection did.
  enum Event: Sendable {
    case handshake(HandshakeSegment)
    case fin(Side)
    case reset(Side?)
    /// An end came to a state, for the first time.
    case state(Side, EndpointState)

    enum HandshakeSegment: String, CaseIterable, Sendable {
      case syn = "SYN"
      case synACK = "SYN-ACK"
      case ack = "ACK"
    }
  }

  /// - Throws: `ConditionError` where an event is none.
  init(_ text: String) throws(ConditionError) {
    let words = text.split(separator: " ").map(String.init)
    self.text = words.joined(separator: " ")
    var events: [Event] = []
    for part in words.split(separator: "before", omittingEmptySubsequences: false) {
      events.append(try Event(part.joined(separator: " ")))
    }
    for (index, event) in events.enumerated()
    where events[..<index].contains(where: { $0.name == event.name }) {
      throw ConditionError("'\(event.name)' stands here twice")
    }
    guard events.count > 1 else {
      throw ConditionError(
        "'\(text)' is no order", hint: "write it as 'client FIN before server FIN'")
    }
    self.events = events
  }

  /// The frames of the events, in the order in which they are expected; `nil` for what did not happen.
  func frames(in subject: CheckedReport) -> [Int?] { events.map { $0.frame(in: subject) } }

  /// Whether all of them happened, and in this order.
  func holds(_ frames: [Int?]) -> Bool { frames.allSatisfy { $0 != nil } && isInOrder(frames) }

  /// Whether those that happened did in this order.
  func isInOrder(_ frames: [Int?]) -> Bool {
    let known = frames.compactMap { $0 }
    return zip(known, known.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// What may have hidden from the capture what is missing.
  func doubts(in subject: CheckedReport) -> [Doubt] {
    for event in events where event.frame(in: subject) == nil {
      let doubts = subject.doubts(about: event.topic)
      if !doubts.isEmpty { return doubts }
    }
    return []
  }

  /// What happened instead: `server FIN in frame 6, client FIN in frame 8`.
  func describe(_ subject: CheckedReport) -> String {
    let found = zip(events, frames(in: subject))
    let happened = found.compactMap { event, frame in frame.map { (event.name, $0) } }
      .sorted { $0.1 < $1.1 }.map { "\($0.0) in frame \($0.1)" }
    let missing = found.filter { $0.1 == nil }.map { "no \($0.0.name)" }
    return (happened + missing).joined(separator: ", ")
  }
}

extension EventOrder.Event {
  /// Every event by the name that a file gives it.
  private static let byName: [(name: String, event: Self)] = {
    var events: [(String, Self)] = HandshakeSegment.allCases.map { ($0.rawValue, .handshake($0)) }
    events.append(("RST", .reset(nil)))
    for side in Side.allCases {
      events.append(("\(side.name) FIN", .fin(side)))
      events.append(("\(side.name) RST", .reset(side)))
      events += EndpointState.allCases.map { ("\(side.name) \($0.name)", .state(side, $0)) }
    }
    return events
  }()

  /// - Throws: `ConditionError` where nothing has this name.
  init(_ name: String) throws(ConditionError) {
    guard let event = Self.byName.first(where: { $0.name == name })?.event else {
      let nearest = NearestWord.of(name, in: Self.byName.map(\.name))
      throw ConditionError(
        name.isEmpty ? "an event is missing" : "'\(name)' is no event",
        hint: nearest.map { "did you mean '\($0)'?" }
          ?? "SYN, SYN-ACK, ACK, RST, client FIN, server RST, client FIN-WAIT-1, …")
    }
    self = event
  }

  var name: String {
    switch self {
    case .handshake(let segment): segment.rawValue
    case .fin(let side): "\(side.name) FIN"
    case .reset(let side): side.map { "\($0.name) RST" } ?? "RST"
    case .state(let side, let state): "\(side.name) \(state.name)"
    }
  }

  fileprivate var topic: Topic {
    switch self {
    case .handshake: .offer
    case .fin, .reset: .closeStep
    case .state(let side, _): .states(side)
    }
  }

  /// The frame that did it; `nil` if none did.
  func frame(in subject: CheckedReport) -> Int? {
    switch self {
    case .handshake(.syn): return subject.handshake.syn?.frame
    case .handshake(.synACK): return subject.handshake.synACK?.frame
    case .handshake(.ack): return subject.handshake.ack?.frame
    case .fin(let side): return subject[side].fin?.frame
    case .reset(let side):
      guard let reset = subject.close.reset, side == nil || side == reset.by else { return nil }
      return reset.mark.frame
    case .state(let side, let state):
      let frame = subject[side].states.first { $0.state == state }?.frame ?? 0
      return frame > 0 ? frame : nil
    }
  }
}
