/// What can be expected of a field.
enum FieldKind: Sendable {
  /// One of these words.
  case word([String])
  case flag
  case quantity(Unit)
  /// An address, or a network of them.
  case address
  /// Words in their order, out of these.
  case words([String], Match)

  /// What is said of a list of words.
  enum Match: Sendable {
    /// It is this list.
    case exactly
    /// It has exactly these, in any order, each of them once.
    case set
    /// It has these one after the other, and may have others between them.
    case through
    /// It has none of these.
    case never
  }

  /// Whether it is one of the words that are possible.
  func hasWord(_ word: String) -> Bool {
    if case .word(let words) = self { words.contains(word) } else { false }
  }

  /// What it is called where the fields are explained.
  var name: String {
    switch self {
    case .word: "word"
    case .flag: "true or false"
    case .quantity(.count): "count"
    case .quantity(.duration): "duration"
    case .quantity(.bytes): "bytes"
    case .quantity(.share): "percent"
    case .address: "address or network"
    case .words(_, .exactly): "list"
    case .words(_, .set): "list, in any order"
    case .words(_, .through): "list, others between"
    case .words(_, .never): "list, none of it"
    }
  }
}
