import FlowReports

extension Character {
  /// The character as a terminal is given it, and how many columns it takes there; `nil` if it is invisible.
  ///
  /// They are two of ideographs and emoji (Unicode Standard Annex #11), one of all others.
  ///
  /// Terminals do not agree on how wide a character of several scalars is, so that only its first one and
  /// a few accents on it are kept.
  var onTerminal: (Character, Int)? {
    if let ascii = asciiValue {
      return ascii >= 0x20 && ascii < 0x7f ? (self, 1) : (.replacement, 1)
    }
    guard let base = unicodeScalars.first else { return nil }
    switch base.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
      return (.replacement, 1)
    case .format: return (.replacement, 1)
    case .nonspacingMark, .enclosingMark: return nil
    default: break
    }
    if base.properties.isDefaultIgnorableCodePoint { return nil }
    let accents = unicodeScalars.dropFirst().prefix(Self.mostAccents).prefix {
      $0.properties.generalCategory == .nonspacingMark
        && !$0.properties.isDefaultIgnorableCodePoint
    }
    var text = String(base)
    text.unicodeScalars.append(contentsOf: accents)
    return (Character(text), base.isWide ? 2 : 1)
  }

  private static let mostAccents = 2
  private static let replacement: Character = "�"
}

extension Unicode.Scalar {
  /// Whether a terminal gives it two columns.
  fileprivate var isWide: Bool {
    switch value {
    case ..<0x1100: false
    // Hangul Jamo, CJK, Kana, Hangul, full-width forms, Tangut and Kana beyond the first plane.
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97f,
      0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6f, 0xff01...0xff60,
      0xffe0...0xffe6, 0x16fe0...0x18cff, 0x1aff0...0x1b2ff, 0x1f200...0x1f265,
      0x20000...0x3fffd:
      true
    default: properties.isEmojiPresentation
    }
  }
}

extension String {
  /// How many columns the text takes on a terminal.
  var terminalWidth: Int { reduce(0) { $0 + ($1.onTerminal?.1 ?? 0) } }
}
