/// A place in a line of a script, and the small readings that move it on.
struct ScriptCursor {
  let line: Int
  private let characters: [Character]
  private var position = 0

  init(_ text: Substring, line: Int) {
    self.line = line
    characters = Array(text)
  }

  /// The next character that is no space, if there is one before a comment.
  var next: Character? {
    mutating get {
      while position < characters.count, characters[position].isWhitespace { position += 1 }
      guard position < characters.count else { return nil }
      let isComment = characters[position...].starts(with: "//")
      return isComment ? nil : characters[position]
    }
  }

  /// Reads `character` if it comes next.
  mutating func take(_ character: Character) -> Bool {
    guard next == character else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Character) throws(ScriptError) {
    guard take(character) else { throw error("'\(character)' expected") }
  }

  /// Reads up to the next space or punctuation; nothing may come out.
  mutating func word() -> String {
    guard next != nil else { return "" }
    let start = position
    while position < characters.count, !characters[position].isWhitespace,
      !",:()<>!".contains(characters[position])
    {
      position += 1
    }
    return String(characters[start..<position])
  }

  /// Reads a whole number that fits into `type`.
  mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(ScriptError) -> Number
  {
    _ = next
    let start = position
    let text = word()
    guard let number = Number(text) else {
      let limit = "a number up to \(Number.max) expected"
      throw error(text.isEmpty ? limit : "\(limit), not '\(text)'", at: start)
    }
    return number
  }

  /// Reads seconds, as `1`, `0.2` or `0.000001`, and gives nanoseconds.
  mutating func seconds() throws(ScriptError) -> Int64 {
    _ = next
    let start = position
    let parts = word().split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : "0"
    let padded = fraction + String(repeating: "0", count: max(0, 9 - fraction.count))
    guard (1...2).contains(parts.count), let whole = UInt32(parts[0]), fraction.count <= 9,
      let nanoseconds = UInt32(padded)
    else { throw error("seconds expected, with nine decimals at most", at: start) }
    return Int64(whole) * 1_000_000_000 + Int64(nanoseconds)
  }

  /// What has been read so far.
  var textRead: String { String(characters[..<position]) }

  /// A mark of the place of what comes next, to point an error at.
  var mark: Int {
    mutating get {
      _ = next
      return position
    }
  }

  func error(_ message: String, at place: Int? = nil) -> ScriptError {
    ScriptError(line: line, column: (place ?? position) + 1, message: message)
  }
}
