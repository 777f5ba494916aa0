/// Writes XML 1.0, with what it does not allow replaced.
struct XMLWriter {
  private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private var depth = 0

  /// An element with attributes and what `content` writes into it.
  mutating func element(
    _ name: String, _ attributes: [(name: String, value: String)],
    _ content: (inout XMLWriter) -> Void = { _ in }
  ) {
    indent()
    text += "<\(name)"
    for (name, value) in attributes { text += " \(name)=\"\(Self.escaped(value))\"" }
    text += ">"
    let start = text.utf8.count
    depth += 1
    content(&self)
    depth -= 1
    if text.utf8.count == start {
      text.removeLast()
      text += "/>\n"
    } else {
      if text.hasSuffix(">\n") { indent() }
      text += "</\(name)>\n"
    }
  }

  mutating func text(_ content: String) {
    text += Self.escaped(content)
  }

  private mutating func indent() {
    if !text.hasSuffix("\n") { text += "\n" }
    text += String(repeating: "  ", count: depth)
  }

  private static func escaped(_ content: String) -> String {
    var escaped = ""
    for scalar in content.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      // XML 1.0 §2.2 has no way to write them.
      case "\u{0}"..."\u{1f}", "\u{fffe}", "\u{ffff}": escaped += "\u{fffd}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
