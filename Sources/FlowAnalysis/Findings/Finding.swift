public import FlowTracker

/// Something of a connection that is worth saying: what was seen, what it means, who is responsible,
/// and which frames prove it.
public struct Finding: Sendable {
  /// What kind of finding it is.
  public let rule: FindingRule
  public var severity: Severity
  public var certainty: Certainty
  public var blame: Blame
  /// The numbers of the frames that prove it, in order; of very many, some.
  public var frames: [Int]
  /// A fault or the end of the capture could explain it too.
  public var isCensored = false
  /// What is missing may still come: the connection is alive.
  var mayBeRefuted = false
  /// The reply that an end has not sent, where one is the matter.
  public var missingReply: ReplyDuty?
  private let words: @Sendable () -> String

  /// The severity is the rule's own where none is given; frames that are unknown are left out.
  ///
  /// The message is put into words when somebody reads it: most findings are only counted.
  init(
    _ rule: FindingRule, _ severity: Severity? = nil, _ certainty: Certainty = .proven,
    blame: Blame, frames: [Int?], _ message: @autoclosure @escaping @Sendable () -> String
  ) {
    self.rule = rule
    self.severity = severity ?? rule.severity
    self.certainty = certainty
    self.blame = blame
    var known: [Int] = []
    known.reserveCapacity(frames.count)
    for case let frame? in frames where frame > 0 && !known.contains(frame) {
      known.append(frame)
    }
    known.sort()
    self.frames = known
    words = message
  }

  /// One sentence, for a reader who has never heard the name.
  public var message: String { words() }

  /// The same finding, less sure where the capture itself may be to blame.
  func censored(if mayBeCapture: Bool) -> Finding {
    guard mayBeCapture else { return self }
    var finding = self
    finding.isCensored = true
    finding.certainty = certainty.lower
    finding.severity = severity.lower
    return finding
  }

  /// Wireshark's display filter for the frames; `nil` where there are none.
  public var displayFilter: String? {
    guard !frames.isEmpty else { return nil }
    return "frame.number in {\(frames.map(String.init).joined(separator: ","))}"
  }

  /// How bad it is.
  public enum Severity: UInt8, CaseIterable, Comparable, Sendable {
    /// Legal, and worth to know.
    case note
    /// Degraded or suspicious.
    case warning
    /// Broken, or against what an RFC demands.
    case error

    public var name: String {
      switch self {
      case .note: "note"
      case .warning: "warning"
      case .error: "error"
      }
    }

    var lower: Severity { Severity(rawValue: max(rawValue, 1) - 1) ?? .note }

    public static func < (left: Severity, right: Severity) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  /// How surely it is so.
  public enum Certainty: UInt8, Sendable {
    case possible
    case likely
    case proven

    public var name: String {
      switch self {
      case .possible: "possible"
      case .likely: "likely"
      case .proven: "proven"
      }
    }

    var lower: Certainty { Certainty(rawValue: max(rawValue, 1) - 1) ?? .possible }
  }

  /// Who is responsible.
  public enum Blame: Sendable {
    case client
    case server
    case network
    case capture
    case unknown

    public init(_ side: Side) {
      self = side == .client ? .client : .server
    }

    public var name: String {
      switch self {
      case .client: "client"
      case .server: "server"
      case .network: "network"
      case .capture: "capture"
      case .unknown: "unknown"
      }
    }
  }
}
