/// Where results go, as soon as they are final.
///
/// A sink is called on the thread that reads the capture, in an order that depends on nothing but
/// the capture.
public protocol AnalysisSink {
  /// Whether the report of the connection with this number makes a difference even if there is nothing
  /// to say of it: the others are only counted.
  func wantsReport(of number: Int) -> Bool
  /// Whether the report of the connection with this number makes a difference though it is but a SYN that
  /// nobody answered: of the others `unansweredEnded` tells.
  func wantsReport(ofUnanswered number: Int) -> Bool
  /// A connection has ended, expired, or was still open when the capture ended.
  mutating func connectionEnded(_ report: ConnectionReport)
  /// All connections have ended, and of those that were but SYNs that nobody answered, these were not
  /// reported.
  mutating func unansweredEnded(_ tally: UnansweredTally)
  /// Many connections together show something; all connections have ended.
  mutating func found(_ finding: CaptureFinding)
  /// The capture is read to its end, or as far as it could be read.
  mutating func captureEnded(_ summary: TraceSummary)
}

extension AnalysisSink {
  /// All reports are wanted where a sink does not say otherwise.
  public func wantsReport(of number: Int) -> Bool { true }
  public func wantsReport(ofUnanswered number: Int) -> Bool { true }
  /// Nothing is done with it where a sink does not say otherwise.
  public mutating func unansweredEnded(_ tally: UnansweredTally) {}
  /// Nothing is done with it where a sink does not say otherwise.
  public mutating func found(_ finding: CaptureFinding) {}
}
