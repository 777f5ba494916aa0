package import FlowReports
import Synchronization

/// The newest metrics of a capture: whoever captures puts them up, and whoever asks reads them.
package final class MetricsBoard: Sendable {
  private struct Contents {
    var metrics: LiveMetrics
    var endReason: String?
  }

  private let contents: Mutex<Contents>

  /// The metrics of a capture that has begun.
  package init(_ metrics: LiveMetrics) {
    contents = Mutex(Contents(metrics: metrics))
  }

  /// Replaces the metrics by newer ones.
  package func put(_ metrics: LiveMetrics) {
    contents.withLock { $0.metrics = metrics }
  }

  /// Says that the capture has ended or failed, and why, in a sentence's part; the metrics stay.
  package func end(_ reason: String) {
    contents.withLock { $0.endReason = reason }
  }

  var metrics: LiveMetrics { contents.withLock { $0.metrics } }
  /// `nil` as long as the capture goes on.
  var endReason: String? { contents.withLock { $0.endReason } }
}
