import ArgumentParser
import FlowAnalysis
import PacketCapture

/// What of a capture that is running is kept as captures.
struct RecordingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write all frames to this capture.", valueName: "path"), completion: .file())
  var write: String?

  @Option(
    help: ArgumentHelp(
      "Begin another file before one becomes larger than this, as 100M.", valueName: "size"))
  var rotateSize: ByteCount?

  @Option(
    help: ArgumentHelp("Begin another file after so long, as 10m.", valueName: "time"))
  var rotateTime: Period?

  @Option(
    help: ArgumentHelp("Keep only the newest files, so many of them.", valueName: "number"))
  var keep: Int?

  @Option(
    name: .customLong("on"),
    help: ArgumentHelp(
      "When a finding of this kind appears, write a capture of the latest frames; may be given more than once.",
      valueName: "finding"))
  var triggers: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "How much --on writes, as 30s, and the folder that it writes to.", valueName: "time folder"))
  var saveLast: [String] = []

  @Option(
    help: ArgumentHelp(
      "How much memory the latest frames may take. (default: 64M)", valueName: "size"))
  var saveMemory: ByteCount?

  func validate() throws {
    if write == nil, rotateSize != nil || rotateTime != nil || keep != nil {
      throw ValidationError("--rotate-size, --rotate-time and --keep need --write.")
    }
    if keep != nil, rotateSize == nil, rotateTime == nil {
      throw ValidationError("--keep needs --rotate-size or --rotate-time.")
    }
    if let keep, keep < 1 { throw ValidationError("--keep must be at least 1.") }
    if write == "-" { throw ValidationError("--write takes the path of a file.") }
    let known = FindingCatalogue.ofConnections + FindingCatalogue.acrossConnections
    for id in triggers where !known.contains(where: { $0.id == id }) {
      throw ValidationError(
        FindingCatalogue.rules.contains { $0.id == id }
          ? "'\(id)' is found when the capture is over; --on takes what connections show."
          : "There is no finding '\(id)'; synfin findings lists all.")
    }
    guard triggers.isEmpty == saveLast.isEmpty else {
      throw ValidationError("--on and --save-last go together.")
    }
    if !saveLast.isEmpty {
      guard saveLast.count == 2, Period(argument: saveLast[0]) != nil else {
        throw ValidationError("--save-last takes a time and a folder, as --save-last 30s captures.")
      }
    }
  }

  var rotation: CaptureRotation {
    CaptureRotation(
      bytes: rotateSize?.bytes, intervalNanoseconds: rotateTime?.nanoseconds, filesKept: keep)
  }

  /// How long frames are kept for a finding, and where captures of them go; `nil` where nobody asked.
  var saving: (period: Period, folder: String)? {
    guard saveLast.count == 2, let period = Period(argument: saveLast[0]) else { return nil }
    return (period, saveLast[1])
  }
}
