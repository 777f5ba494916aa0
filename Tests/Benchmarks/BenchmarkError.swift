/// Why a benchmark could not be done, in words for the person who asked for it.
struct BenchmarkError: Error, CustomStringConvertible {
  var message: String

  init(_ message: String) {
    self.message = message
  }

  var description: String { message }
}
