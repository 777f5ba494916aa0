/// Where results go, as soon as they are final.
///
/// A sink is called on the thread that reads the capture, in an order that depends on nothing but
/// the capture.
public protocol AnalysisSink {
  /// A connection has ended, expired, or was still open when the capture ended.
  mutating func connectionEnded(_ report: ConnectionReport)
  /// The capture is read to its end, or as far as it could be read.
  mutating func captureEnded(_ summary: TraceSummary)
}
