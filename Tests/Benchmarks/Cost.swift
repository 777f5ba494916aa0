/// What it takes to read a capture.
struct Cost: Equatable {
  var processorSeconds: Double
  var elapsedSeconds: Double
  /// The most memory in use at one time, where a program of its own was run.
  var peakBytes: UInt64?
}

extension Cost {
  /// The medians of several runs, each of its own: nothing that comes between two runs is told twice.
  init(medianOf runs: [Cost]) {
    processorSeconds = runs.map(\.processorSeconds).median
    elapsedSeconds = runs.map(\.elapsedSeconds).median
    let peaks = runs.compactMap(\.peakBytes)
    peakBytes = peaks.isEmpty ? nil : UInt64(peaks.map { Double($0) }.median)
  }
}

extension [Double] {
  /// The value in the middle, of an even number the mean of the two there.
  var median: Double {
    precondition(!isEmpty)
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
