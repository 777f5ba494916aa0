/// How text is laid out for whoever reads it.
public struct TextStyle: Sendable {
  /// Columns of the terminal; `nil` when the output is none, so that nothing is cut.
  public var columns: Int?
  public var usesColor: Bool
  /// How many connections the table shows.
  public var limit: Int
  /// Whether each capture is headed by its name: it is not the only one.
  public var namesCaptures: Bool

  public init(
    columns: Int? = nil, usesColor: Bool = false, limit: Int = 1000, namesCaptures: Bool = false
  ) {
    self.columns = columns
    self.usesColor = usesColor
    self.limit = limit
    self.namesCaptures = namesCaptures
  }

  /// What a piece of text means, as far as it shows.
  package enum Tone: String {
    case good = "32"
    case warning = "33"
    case bad = "31"
    case faint = "2"
    case heading = "1"
  }

  /// Breaks the lines of `text` between words, where the terminal is narrower.
  package func wrap(_ text: String) -> String {
    guard let columns else { return text }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var (wrapped, column) = ("", 0)
      for word in line.split(separator: " ") {
        let breaks = column > 0 && column + 1 + word.count > columns
        wrapped += column == 0 ? "" : breaks ? "\n" : " "
        wrapped += word
        column = breaks || column == 0 ? word.count : column + 1 + word.count
      }
      return wrapped
    }
    return lines.joined(separator: "\n")
  }

  package func paint(_ text: String, _ tone: Tone?) -> String {
    beginning(of: tone) + text + end(of: tone)
  }

  /// What stands before a text to paint it; nothing without colors.
  package func beginning(of tone: Tone?) -> String {
    guard usesColor, let tone else { return "" }
    return "\u{1b}[\(tone.rawValue)m"
  }

  /// What stands behind it.
  package func end(of tone: Tone?) -> String { usesColor && tone != nil ? "\u{1b}[0m" : "" }
}
