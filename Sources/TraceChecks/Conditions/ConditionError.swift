/// What is wrong with a condition that somebody wrote.
struct ConditionError: Error {
  var message: String
  /// What would be right.
  var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
