/// A key that was pressed.
package enum Key: Hashable, Sendable {
  /// A key with a letter, a digit, a sign or a space.
  case character(Character)
  /// A letter held down with the control key: `c` of Ctrl-C.
  case control(Character)
  case enter
  case escape
  case tab
  case backspace
  case delete
  case up
  case down
  case left
  case right
  case pageUp
  case pageDown
  case home
  case end
}
