/// Turns what a terminal sends into keys, however its bytes are split over reads.
///
/// Escape alone and the beginning of the sequence of an arrow are the same byte, so that it waits for what
/// follows; `endPause()` tells that nothing does. What is no key of ours (a reply of the terminal, a mouse,
/// bytes that are no UTF-8) is swallowed.
package struct KeyDecoder: Sendable {
  private var state = State.ground

  private enum State {
    case ground
    /// Bytes of a character in UTF-8, of which so many are to come.
    case character(bytes: [UInt8], missing: Int)
    case escape
    /// After `ESC O`.
    case singleShift
    /// After `ESC [`: parameters.
    case control(parameters: [UInt8])
    /// After `ESC [ [`, which the Linux console begins its function keys with.
    case consoleFunction
    /// In a string that a control sequence begins (OSC, DCS and the like), until its terminator.
    case string(hasEscape: Bool)
  }

  /// A parameter is not remembered beyond this.
  private static let mostParameterBytes = 16

  package init() {}

  /// Whether what came last is not complete, so that `endPause()` is to be called if nothing follows.
  package var isWaiting: Bool {
    if case .ground = state { return false }
    return true
  }

  /// The keys that these bytes complete.
  package mutating func decode(_ bytes: some Sequence<UInt8>) -> [Key] {
    var keys: [Key] = []
    for byte in bytes { take(byte, &keys) }
    return keys
  }

  /// The keys that what came before must be, since nothing has followed it for a while (50 ms are usual).
  package mutating func endPause() -> [Key] {
    defer { state = .ground }
    switch state {
    case .escape: return [.escape]
    case .singleShift: return [.escape, .character("O")]
    case .control(let parameters) where parameters.isEmpty: return [.escape, .character("[")]
    case .ground, .character, .control, .consoleFunction, .string: return []
    }
  }

  private mutating func take(_ byte: UInt8, _ keys: inout [Key]) {
    switch state {
    case .ground: begin(byte, &keys)
    case .character(let bytes, let missing): takeCharacter(byte, bytes, missing, &keys)
    case .escape: takeEscaped(byte, &keys)
    case .singleShift:
      state = .ground
      if byte < 0x20 { return take(byte, &keys) }
      if let key = Self.key(final: byte, parameters: []) { keys.append(key) }
    case .control(let parameters): takeControl(byte, parameters, &keys)
    case .consoleFunction: state = .ground
    case .string(let hasEscape): takeString(byte, hasEscape)
    }
  }

  private mutating func begin(_ byte: UInt8, _ keys: inout [Key]) {
    switch byte {
    case 0x1b: state = .escape
    case 0x0a, 0x0d: keys.append(.enter)
    case 0x09: keys.append(.tab)
    case 0x08, 0x7f: keys.append(.backspace)
    case 0x01...0x1a: keys.append(.control(Character(Unicode.Scalar(byte + 0x60))))
    case 0x20...0x7e: keys.append(.character(Character(Unicode.Scalar(byte))))
    case 0xc2...0xdf: state = .character(bytes: [byte], missing: 1)
    case 0xe0...0xef: state = .character(bytes: [byte], missing: 2)
    case 0xf0...0xf4: state = .character(bytes: [byte], missing: 3)
    default: break
    }
  }

  private mutating func takeCharacter(
    _ byte: UInt8, _ bytes: [UInt8], _ missing: Int, _ keys: inout [Key]
  ) {
    state = .ground
    guard byte & 0xc0 == 0x80 else { return begin(byte, &keys) }
    let bytes = bytes + [byte]
    guard missing == 1 else {
      state = .character(bytes: bytes, missing: missing - 1)
      return
    }
    guard let text = String(validating: bytes, as: UTF8.self),
      let scalar = text.unicodeScalars.first,
      scalar.properties.generalCategory != .control
    else { return }
    keys.append(.character(Character(scalar)))
  }

  // ECMA-48 §5.3: what follows ESC.
  private mutating func takeEscaped(_ byte: UInt8, _ keys: inout [Key]) {
    switch byte {
    case UInt8(ascii: "["): state = .control(parameters: [])
    case UInt8(ascii: "O"): state = .singleShift
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"),
      UInt8(ascii: "_"):
      state = .string(hasEscape: false)
    default:
      // Escape, and another key at once.
      keys.append(.escape)
      state = .ground
      begin(byte, &keys)
    }
  }

  // ECMA-48 §5.4: parameters, intermediate bytes, and a final byte that says what it is.
  private mutating func takeControl(_ byte: UInt8, _ parameters: [UInt8], _ keys: inout [Key]) {
    switch byte {
    case 0x20...0x3f:
      guard parameters.count < Self.mostParameterBytes else { return }
      state = .control(parameters: parameters + [byte])
    case UInt8(ascii: "[") where parameters.isEmpty: state = .consoleFunction
    case 0x40...0x7e:
      state = .ground
      if let key = Self.key(final: byte, parameters: parameters) { keys.append(key) }
    default:
      state = .ground
      begin(byte, &keys)
    }
  }

  private mutating func takeString(_ byte: UInt8, _ hasEscape: Bool) {
    let isEnd = byte == 0x07 || hasEscape && byte == UInt8(ascii: "\\")
    state = isEnd ? .ground : .string(hasEscape: byte == 0x1b)
  }

  /// What xterm, the Linux console and VT220 send, with or without a modifier (`ESC [ 1 ; 5 A`).
  private static func key(final: UInt8, parameters: [UInt8]) -> Key? {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "~"):
      switch parameters.prefix(while: { $0 != UInt8(ascii: ";") }) {
      case [UInt8(ascii: "1")], [UInt8(ascii: "7")]: .home
      case [UInt8(ascii: "4")], [UInt8(ascii: "8")]: .end
      case [UInt8(ascii: "3")]: .delete
      case [UInt8(ascii: "5")]: .pageUp
      case [UInt8(ascii: "6")]: .pageDown
      default: nil
      }
    default: nil
    }
  }
}
