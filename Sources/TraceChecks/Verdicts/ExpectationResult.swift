public import FlowAnalysis

/// What came of one expectation in one capture.
public struct ExpectationResult: Sendable {
  /// What the expectation is about, as the file has it: `each: handshake.outcome`.
  public var name: String
  /// Where it stands; `nil` where no file has it, as for a baseline.
  public var position: TextPosition?
  public var verdict: Verdict
  /// What was expected, in the file's words: `complete`.
  public var expected: String
  /// What was found where it is not so, the clearest first; of many, some.
  public var mismatches: [Mismatch]
  /// How many connections and findings there are besides that it does not hold for.
  public var untold: Int
  /// It is told even where it passes and only what does not is told.
  public var isNews = false

  public init(
    name: String, position: TextPosition? = nil, verdict: Verdict, expected: String,
    mismatches: [Mismatch], untold: Int = 0
  ) {
    self.name = name
    self.position = position
    self.verdict = verdict
    self.expected = expected
    self.mismatches = mismatches
    self.untold = untold
  }

  /// Something that an expectation does not hold for.
  public struct Mismatch: Sendable {
    /// `undetermined` where the capture may be to blame.
    public var verdict: Verdict
    /// The connection it was found in; `nil` for what belongs to no single one.
    public var connection: CheckedConnection?
    /// What was found: `half-open`.
    public var found: String
    /// Why the capture cannot decide: `the capture ends 0.2 s after its last segment`; `nil` where it can.
    public var doubt: String?
    /// The numbers of the frames that show it, in order.
    public var frames: [Int]
    /// The part of the connection's ladder around the frames; `nil` where nobody asked for it.
    public var ladder: String?
    /// The finding that is the matter, where one is.
    public var finding: (rule: FindingRule, severity: Finding.Severity, message: String)?

    public init(
      verdict: Verdict, connection: CheckedConnection? = nil, found: String, doubt: String? = nil,
      frames: [Int] = [],
      finding: (rule: FindingRule, severity: Finding.Severity, message: String)? = nil
    ) {
      self.verdict = verdict
      self.connection = connection
      self.found = found
      self.doubt = doubt
      self.frames = frames
      self.finding = finding
    }

    /// Wireshark's display filter for the frames, or for the connection; `nil` where there is neither.
    public var displayFilter: String? {
      guard frames.isEmpty else {
        return "frame.number in {\(frames.map(String.init).joined(separator: ","))}"
      }
      return connection?.displayFilter
    }
  }
}

/// Which connection of a capture something is said of.
public struct CheckedConnection: Sendable, CustomStringConvertible {
  /// From 1, as `synfin FILE` counts them.
  public var number: Int
  /// As `10.0.0.1:40000`.
  public var client: String
  public var server: String
  /// Wireshark's display filter for its tuple.
  public var displayFilter: String

  /// `connection 3, 10.0.0.1:40000 → 10.0.0.2:80`.
  public var description: String { "connection \(number), \(client) → \(server)" }

  public init(number: Int, client: String, server: String, displayFilter: String) {
    self.number = number
    self.client = client
    self.server = server
    self.displayFilter = displayFilter
  }
}

/// What came of the expectations that one capture was held against.
public struct CheckedCapture: Sendable {
  /// The capture's name, as it was given or found.
  public var capture: String
  /// The file with the expectations; `nil` where there is none, as for a baseline alone.
  public var expectations: String?
  /// In the order of the file.
  public var results: [ExpectationResult]
  /// Why the capture could not be read to its end; `nil` when it was.
  public var error: String?

  public init(
    capture: String, expectations: String?, results: [ExpectationResult], error: String? = nil
  ) {
    self.capture = capture
    self.expectations = expectations
    self.results = results
    self.error = error
  }

  /// The most serious of its verdicts.
  public var verdict: Verdict { results.map(\.verdict).max() ?? .pass }

  /// How many expectations came to this.
  public func count(_ verdict: Verdict) -> Int { results.count { $0.verdict == verdict } }
}
