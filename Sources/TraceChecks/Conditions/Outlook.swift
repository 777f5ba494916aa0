/// What a value may be in truth, where a capture does not have all of its connection.
struct Outlook: OptionSet, Sendable {
  var rawValue: UInt8

  /// It may be any other one.
  static let mayBeOther = Outlook(rawValue: 1 << 0)
  /// It says that the capture does not tell: whoever expects just that is right.
  static let isHidden = Outlook(rawValue: 1 << 1)
  /// A number may be greater.
  static let mayGrow = Outlook(rawValue: 1 << 2)
  /// There may have been words before those of a list, behind them, or between them.
  static let mayPrecede = Outlook(rawValue: 1 << 3)
  static let mayFollow = Outlook(rawValue: 1 << 4)
  static let mayLack = Outlook(rawValue: 1 << 5)
}

/// Whether something is so, as far as a capture tells.
enum Truth: Sendable {
  case no
  case unknown
  case yes

  init(_ isSo: Bool) { self = isSo ? .yes : .no }

  static prefix func ! (truth: Truth) -> Truth {
    switch truth {
    case .no: .yes
    case .unknown: .unknown
    case .yes: .no
    }
  }

  /// Whether any of them is so.
  static func any(of truths: some Sequence<Truth>) -> Truth {
    var result = Truth.no
    for truth in truths where truth != .no {
      if truth == .yes { return .yes }
      result = .unknown
    }
    return result
  }

  /// Whether all of them are so.
  static func all(of truths: some Sequence<Truth>) -> Truth { !any(of: truths.map { !$0 }) }
}
