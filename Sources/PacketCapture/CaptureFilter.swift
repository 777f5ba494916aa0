/// A filter in the language of pcap-filter(7), compiled for one link type.
public struct CaptureFilter: ~Copyable {
  public let expression: String
  let program: FilterProgram

  /// Compiles `expression` for frames of a link type, as libpcap numbers it (a `DLT_` value).
  ///
  /// - Throws: `CaptureError.filter`, with the column at which the expression fails.
  public init(
    _ expression: String, linkTypeNumber: Int32, snapLength: Int
  ) throws(CaptureError) {
    self.expression = expression
    if let zero = expression.firstIndex(of: "\0") {
      // To libpcap the expression would end here.
      let column = expression.distance(from: expression.startIndex, to: zero) + 1
      throw .filter(
        FilterMistake(expression: expression, reason: "a NUL character", column: column))
    }
    do throws(FilterRefusal) {
      program = try FilterProgram(
        expression, linkTypeNumber: linkTypeNumber, snapLength: snapLength)
    } catch {
      let search = MistakeSearch(
        expression: expression, message: error.message,
        linkTypeNumber: linkTypeNumber, snapLength: snapLength)
      throw .filter(
        FilterMistake(expression: expression, reason: error.message, column: search.column()))
    }
  }
}

/// What is wrong with a filter expression.
public struct FilterMistake: Equatable, Sendable {
  public let expression: String
  /// What libpcap says of it.
  public let reason: String
  /// The character, from 1, of the first word that libpcap could not accept; one more than the expression
  /// has when that ends too early.
  public let column: Int
}

/// Finds the word at which libpcap refuses an expression, which libpcap itself does not tell.
///
/// Its parser reads from left to right and stops at the first word that cannot follow those before it. So
/// there is a shortest beginning of the expression, in whole words, that fails like the whole of it, and
/// the mistake is the last word of that. Halving finds it.
///
/// A beginning may also fail for the sole reason that it stops, and libpcap calls both a syntax error. To
/// tell them apart a number too large for libpcap is put behind the beginning: its lexer refuses that in
/// other words. They appear only if the parser came that far, hence if all before was in order. Other
/// messages, such as one about an unknown port, name their cause and need no such probe.
private struct MistakeSearch {
  let expression: String
  let message: String
  let linkTypeNumber: Int32
  let snapLength: Int

  func column() -> Int {
    let words = words()
    let probe = message.hasSuffix("syntax error") ? " 99999999999" : ""
    var (good, bad) = (0, words.count + 1)
    while bad - good > 1 {
      let middle = good + (bad - good) / 2
      let beginning = expression[..<words[middle - 1].upperBound]
      if refusal(of: beginning + probe) == message { bad = middle } else { good = middle }
    }
    let mistake =
      bad <= words.count
      ? words[bad - 1].lowerBound : words.last?.upperBound ?? expression.startIndex
    return expression.distance(from: expression.startIndex, to: mistake) + 1
  }

  private func refusal(of beginning: String) -> String? {
    do throws(FilterRefusal) {
      _ = try FilterProgram(beginning, linkTypeNumber: linkTypeNumber, snapLength: snapLength)
      return nil
    } catch {
      return error.message
    }
  }

  /// The words of the expression: names, numbers and addresses, and the operators between them.
  private func words() -> [Range<String.Index>] {
    var words: [Range<String.Index>] = []
    var rest = expression[...]
    while let first = rest.first {
      let length =
        if first.isWhitespace { 1 } else if first.isPartOfName {
          rest.prefix(while: \.isPartOfName).count
        } else if Self.pairs.contains(String(rest.prefix(2))) { 2 } else { 1 }
      let end = rest.index(rest.startIndex, offsetBy: length)
      if !first.isWhitespace { words.append(rest.startIndex..<end) }
      rest = rest[end...]
    }
    return words
  }

  private static let pairs: Set = ["&&", "||", "==", "!=", "<=", ">=", "<<", ">>"]
}

extension Character {
  /// Whether libpcap's lexer may take it into a name, a number or an address.
  fileprivate var isPartOfName: Bool { isLetter || isNumber || "-_.:\\".contains(self) }
}
