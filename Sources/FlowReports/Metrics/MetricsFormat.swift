/// The formats in which Prometheus and what speaks like it collects metrics.
public enum MetricsFormat: CaseIterable, Sendable {
  /// The text format of Prometheus, version 0.0.4.
  case prometheus
  /// OpenMetrics, version 1.0.0.
  case openMetrics

  /// The value of the `Content-Type` field.
  public var contentType: String {
    switch self {
    case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
    }
  }

  /// The format for who sends this `Accept` field (RFC 9110 §12.5.1).
  ///
  /// That is OpenMetrics where it is named and nothing of plain text is liked better.
  ///
  /// - Parameter accept: The value of the field; `nil` where there is none.
  public init(accept: String?) {
    let ranges = (accept ?? "").split(separator: ",").map { MediaRange($0) }
    let openMetrics = ranges.filter {
      $0.type == "application/openmetrics-text" && ($0.version == nil || $0.version == "1.0.0")
    }
    let text = ranges.filter { $0.type == "text/plain" && ($0.version ?? "0.0.4") == "0.0.4" }
    let quality = openMetrics.map(\.quality).max() ?? 0
    let isBest = quality > 0 && quality >= (text.map(\.quality).max() ?? 0)
    self = isBest ? .openMetrics : .prometheus
  }
}

/// One part of an `Accept` field.
private struct MediaRange {
  let type: String
  var version: String?
  /// In thousandths; 1000 unless it says otherwise, 0 where it says it wrongly.
  var quality = 1000

  init(_ text: Substring) {
    let parts = text.split(separator: ";").map {
      $0.filter { $0 != " " && $0 != "\t" }.lowercased()
    }
    type = parts.first ?? ""
    for part in parts.dropFirst() {
      if part.hasPrefix("version=") { version = part.dropFirst(8).filter { $0 != "\"" } }
      if part.hasPrefix("q=") { quality = Self.quality(part.dropFirst(2)) }
    }
  }

  /// `0`, `1`, or either with up to three decimals (RFC 9110 §12.4.2).
  private static func quality(_ text: Substring) -> Int {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let decimals = parts.count > 1 ? parts[1] : ""
    guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }),
      parts.count <= 2, decimals.count <= 3, let whole = UInt8(parts[0]), whole <= 1,
      let thousandths = UInt16(decimals + String(repeating: "0", count: 3 - decimals.count))
    else { return 0 }
    return min(Int(whole) * 1000 + Int(thousandths), 1000)
  }
}
