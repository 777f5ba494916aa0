/// Why a benchmark could not be done, in words for the person who asked for it.
struct BenchmarkError: Error {
  var message: String

  init(_ message: String) {
    self.message = message
  }
}
