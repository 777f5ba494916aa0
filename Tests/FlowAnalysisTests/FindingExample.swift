import Testing
import TraceScript

/// A conversation with all there is to say of it, each finding on the line that completes its proof.
struct FindingExample: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var script: String
  /// The finding that it only just does not show, where it is a near miss.
  var misses: String?

  /// Examples of each kind of finding.
  static let examples =
    handshakes.map { Self($0) }
    + (endings + transfers + repetitions + headers + resets).map {
      Self($0, after: opening + request)
    }
    + windows.map { Self($0, after: smallWindows) }
    + (addresses + captures + wrongNumbers + forgotten + headersOfSYNs + replies).map { Self($0) }

  /// For each kind of finding something that is nearly one.
  static let nearMisses =
    handshakesMissed.map { Self($0) }
    + (endingsMissed + transfersMissed + repetitionsMissed + headersMissed + resetsMissed).map {
      Self($0, after: opening + request)
    }
    + windowsMissed.map { Self($0, after: smallWindows) }
    + (addressesMissed + capturesMissed + wrongNumbersMissed + forgottenMissed
    + headersOfSYNsMissed + repliesMissed).map { Self($0) }

  typealias Example = (name: String, script: String)
  typealias NearMiss = (misses: String, name: String, script: String)

  /// The identifiers of what its lines show.
  var findings: [String] {
    get throws {
      try Script(script).lines.flatMap(\.expectations).compactMap {
        guard case .finding(let id, _, _) = $0 else { return nil }
        return id
      }
    }
  }

  private init(_ example: Example, after beginning: String = "") {
    testDescription = example.name
    script = beginning + example.script
  }

  private init(_ nearMiss: NearMiss, after beginning: String = "") {
    testDescription = "no \(nearMiss.misses): \(nearMiss.name)"
    script = beginning + nearMiss.script
    misses = nearMiss.misses
  }

  static let opening = """
    > S 0:0(0) <mss 1460,wscale 7>
    < S. 0:0(0) ack 1 <mss 1460,wscale 7>
    > . 1:1(0) ack 1

    """
  static let request = """
    > P. 1:101(100) ack 1
    < P. 1:51(50) ack 101
    > . 101:101(0) ack 51

    """
  static let closed = """
    > F. 1:1(0) ack 1
    < F. 1:1(0) ack 2
    > . 2:2(0) ack 2

    """
}
