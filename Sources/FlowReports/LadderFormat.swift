public import FlowAnalysis

/// The formats in which the ladder of a connection can be written.
public enum LadderFormat: String, CaseIterable, Sendable {
  case text
  case json
  case mermaid

  public var summary: String {
    switch self {
    case .text: "a line a segment, for people"
    case .json: "one JSON object, for programs"
    case .mermaid: "a sequence diagram in Mermaid's language"
    }
  }

  /// The ladder in this format; `capture` is the name under which it speaks of the file.
  public func render(_ ladder: Ladder, capture: String, style: TextStyle) -> String {
    switch self {
    case .text: LadderText(ladder, style: style).render()
    case .json: LadderRecord.render(ladder, capture: capture)
    case .mermaid: LadderDiagram(ladder).render()
    }
  }
}
