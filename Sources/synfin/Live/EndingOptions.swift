import ArgumentParser

/// When a capture ends by itself.
struct EndingOptions: ParsableArguments {
  @Option(
    name: [.customShort("c"), .long],
    help: ArgumentHelp("End after so many frames.", valueName: "frames"))
  var count: Int?

  @Option(help: ArgumentHelp("End after so long, as 90s or 2h.", valueName: "time"))
  var duration: Period?

  func validate() throws {
    if let count, count < 1 { throw ValidationError("--count must be at least 1.") }
  }
}
