import ArgumentParser
import FlowAnalysis
import FlowReports
import PacketCapture
import PacketParser

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "One frame of a capture, field by field, and what it means where it stands.")

  @Argument(help: "A capture; - is standard input.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("The number of the frame, from 1.", valueName: "number"))
  var frame: Int

  func validate() throws {
    guard frame > 0 else { throw ValidationError("Frames are numbered from 1.") }
  }

  func run() throws {
    do {
      let inspection = try inspect()
      let style = TextStyle(usesColor: Terminal.isOutput && Terminal.wantsColor)
      try OutputStream.standardOutput.write(
        Array(FrameText(inspection, style: style).render().utf8))
    } catch let failure as OutputStream.Failure {
      if case .brokenPipe = failure { throw ExitCode.success }
      Diagnostics.error(failure)
      throw ExitStatus.unwritableOutput.code
    } catch {
      Diagnostics.error("\(error)")
      throw ExitStatus.unreadableInput.code
    }
  }

  private func inspect() throws -> FrameInspection {
    var capture = try CaptureFile(path: file)
    guard let linkType = LinkType(number: capture.linkTypeNumber) else {
      throw UnsupportedLinkType(capture)
    }
    var receiver = InspectingReceiver(FrameInspector(frame: frame, linkType: linkType))
    try capture.forEachFrame(&receiver)
    guard let inspection = receiver.inspector.inspection else {
      throw MissingFrame(path: file, number: frame, count: capture.framesRead)
    }
    return inspection
  }
}

private struct InspectingReceiver: FrameReceiver, ~Copyable {
  var inspector: FrameInspector

  init(_ inspector: consuming FrameInspector) {
    self.inspector = inspector
  }

  mutating func receive(_ frame: RawSpan, _ info: FrameInfo) -> FrameDemand {
    inspector.ingest(frame, info) ? .stop : .next
  }
}

/// The capture ends before the frame that is asked for.
private struct MissingFrame: Error, CustomStringConvertible {
  var path: String
  var number: Int
  var count: Int

  var description: String {
    "'\(path)' has no frame \(number): it has \(count) frame\(count == 1 ? "" : "s")"
  }
}
