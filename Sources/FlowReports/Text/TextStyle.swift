/// How text is laid out for whoever reads it.
public struct TextStyle: Sendable {
  /// Columns of the terminal; `nil` when the output is none, so that nothing is cut.
  public var columns: Int?
  public var usesColor: Bool
  /// How many connections the table shows.
  public var limit: Int

  public init(columns: Int? = nil, usesColor: Bool = false, limit: Int = 1000) {
    self.columns = columns
    self.usesColor = usesColor
    self.limit = limit
  }

  /// What a piece of text means, as far as it shows.
  enum Tone: String {
    case good = "32"
    case warning = "33"
    case bad = "31"
    case faint = "2"
    case heading = "1"
  }

  func paint(_ text: String, _ tone: Tone?) -> String {
    guard usesColor, let tone else { return text }
    return "\u{1b}[\(tone.rawValue)m\(text)\u{1b}[0m"
  }
}
