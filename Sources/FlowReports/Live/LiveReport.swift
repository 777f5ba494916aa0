public import FlowAnalysis

/// Tells of a capture that is running: an analyzer's sink and its receiver of events in one.
public protocol LiveReport: AnyObject, AnalysisSink, EventReceiver {
  /// How the capture stands, since somebody has asked for it.
  func tell(_ status: LiveStatus)
}
