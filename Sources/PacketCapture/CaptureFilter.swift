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
    do throws(FilterMistake) {
      program = try FilterProgram(checking: expression) { (expression) throws(FilterRefusal) in
        try FilterProgram(expression, linkTypeNumber: linkTypeNumber, snapLength: snapLength)
      }
    } catch {
      throw .filter(error)
    }
    self.expression = expression
  }
}

extension FilterProgram {
  /// The expression as `compile` has it; where that refuses it, it is asked until the column is found.
  init(
    checking expression: String,
    _ compile: (String) throws(FilterRefusal) -> FilterProgram
  ) throws(FilterMistake) {
    if let zero = expression.firstIndex(of: "\0") {
      // To libpcap the expression would end here.
      let column = expression.distance(from: expression.startIndex, to: zero) + 1
      throw FilterMistake(expression: expression, reason: "a NUL character", column: column)
    }
    do throws(FilterRefusal) {
      self = try compile(expression)
    } catch {
      let message = error.message
      let column = withoutActuallyEscaping(compile) { compile in
        MistakeSearch(expression: expression, message: message, compile: compile).column()
      }
      throw FilterMistake(expression: expression, reason: message, column: column)
    }
  }
}

/// What is wrong with a filter expression.
public struct FilterMistake: Error, Equatable, Sendable {
  public let expression: String
  /// What libpcap says of it.
  public let reason: String
  /// The character, from 1, of the first word that libpcap could not accept; one more than the expression
  /// has when that ends too early.
  public let column: Int

  /// The expression would do for frames of Ethernet.
  var isNoneOnEthernet: Bool {
    (try? CaptureFilter(expression, linkTypeNumber: 1, snapLength: 262_144)) != nil
  }
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
  let compile: (String) throws(FilterRefusal) -> FilterProgram

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
      _ = try compile(beginning)
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
