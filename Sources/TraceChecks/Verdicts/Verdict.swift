/// What came of an expectation.
public enum Verdict: UInt8, CaseIterable, Comparable, Sendable {
  case pass
  /// The capture cannot decide: it began late, has gaps, or ended too early.
  case undetermined
  case fail

  public var name: String {
    switch self {
    case .pass: "pass"
    case .undetermined: "undetermined"
    case .fail: "fail"
    }
  }

  /// The more serious is the greater.
  public static func < (left: Verdict, right: Verdict) -> Bool { left.rawValue < right.rawValue }
}
